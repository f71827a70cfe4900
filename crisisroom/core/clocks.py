"""Clocks: what is due when, derived from the incident and the time alone.

Nothing here acts: clocks remind, and the watcher writes down what came late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from crisisroom.core.incident import Incident, Words
from crisisroom.core.playbook import Cadence

ClockKind = Literal["task", "cadence", "approval"]
ClockStatus = Literal["ok", "warn", "overdue"]

WARN_SHARE = 0.2  # of a task's or approval's time, where the playbook sets no warning
LONGEST_WARN = timedelta(minutes=10)


class ClockState(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is due: `who` is a person, or a role's id where nobody holds it yet."""

    id: str
    kind: ClockKind
    title: str
    due_at: datetime
    state: ClockStatus
    who: str = ""


def clocks(incident: Incident, now: datetime) -> tuple[ClockState, ...]:
    """Return an incident's running clocks, the earliest due first; none once it is resolved."""
    if incident.status == "resolved":
        return ()
    running = [*_tasks(incident, now), *_cadences(incident, now), *_approvals(incident, now)]
    return tuple(sorted(running, key=lambda clock: (clock.due_at, clock.id)))


def _state(due: datetime, warn: timedelta, now: datetime) -> ClockStatus:
    if now > due:
        return "overdue"
    return "warn" if now >= due - warn else "ok"


def _tasks(incident: Incident, now: datetime) -> Iterator[ClockState]:
    for task in incident.tasks.values():
        if task.due_at is None or task.state in ("done", "skipped"):
            continue
        whole = task.due_at - incident.declared_at
        warn = timedelta(seconds=task.warn) or min(whole * WARN_SHARE, LONGEST_WARN)
        yield ClockState(
            id=f"task:{task.id}",
            kind="task",
            title=task.title,
            due_at=task.due_at,
            state=_state(task.due_at, warn, now),
            who=task.assignee or _holder(incident, task.role),
        )


def _holder(incident: Incident, role_id: str) -> str:
    role = incident.roles.get(role_id)
    return role.holder if role and role.holder else role_id


def _cadences(incident: Incident, now: datetime) -> Iterator[ClockState]:
    for cadence in incident.plan.cadences:
        due = next_update_at(incident, cadence)
        yield ClockState(
            id=f"cadence:{cadence.id}",
            kind="cadence",
            title=f"{cadence.audience} update",
            due_at=due,
            state=_state(due, timedelta(seconds=cadence.warn), now),
        )


def next_update_at(incident: Incident, cadence: Cadence) -> datetime:
    """Return when the next update to the cadence's audience is due.

    The first is due `first_within` after the declaration, each further one `every` after the last
    that went out; a change of severity counts from the last update on, never back before itself.
    """
    last = last_update(incident, cadence.audience)
    every = timedelta(seconds=cadence.every[incident.severity])
    if last is None:
        return incident.declared_at + timedelta(seconds=cadence.first_within)
    return max(last + every, incident.severities[-1].at)


def last_update(incident: Incident, audience: str) -> datetime | None:
    """Return when words to this audience last went out."""
    sent = [
        words.sent_at
        for words in incident.statements.values()
        if words.sent_at is not None and words.audience == audience
    ]
    return max(sent, default=None)


def _approvals(incident: Incident, now: datetime) -> Iterator[ClockState]:
    limits = {approval.id: approval.within for approval in incident.plan.approvals}
    for words in (*incident.statements.values(), *incident.replies.values()):
        if words.state != "submitted" or words.submitted_at is None:
            continue
        within = timedelta(seconds=limits.get(words.approval, 600))
        due = words.submitted_at + within
        yield ClockState(
            id=f"approval:{words.id}",
            kind="approval",
            title=f"approve {words.id}",
            due_at=due,
            state=_state(due, within * WARN_SHARE, now),
            who=_approvers(incident, words),
        )


def _approvers(incident: Incident, words: Words) -> str:
    step = incident.plan.approval(words.approval)
    return ", ".join(_holder(incident, role) for role in step.by) if step else ""


def minutes(span: timedelta) -> str:
    """Return a span in whole minutes, rounded down: now, 5m, 3h35, 26h, 4d."""
    whole = int(abs(span).total_seconds()) // 60
    if whole < 1:
        return "now"
    if whole < 60:
        return f"{whole}m"
    hours, rest = divmod(whole, 60)
    if hours < 24:
        return f"{hours}h{rest:02d}" if rest else f"{hours}h"
    return f"{hours}h" if hours < 48 else f"{hours // 24}d"
