"""Clocks: what is due when, derived from the incident and the time alone.

Nothing here acts: clocks remind, and the engine writes down what came late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from crisisroom.core.approval import step_due, waiting_on
from crisisroom.core.cadence import next_update_at
from crisisroom.core.incident import DeadlineState, EscalationRun, Incident, TaskState, Words
from crisisroom.core.playbook import Task
from crisisroom.core.promises import owed
from crisisroom.text import clip

ClockKind = Literal[
    "task", "cadence", "deadline", "approval", "escalation", "role", "enquiry", "promise"
]
ClockStatus = Literal["ok", "warn", "overdue", "met", "waived"]

WARN_SHARE = 0.2  # of the whole time, where the playbook sets no warning
LONGEST_WARN = timedelta(minutes=10)
TITLE = 60  # columns of a promise's words in its clock
LONGEST_LAW_WARN = timedelta(hours=12)


class ClockState(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is due: `who` is a person, or a role's id where nobody holds it yet."""

    id: str
    kind: ClockKind
    title: str
    due_at: datetime
    state: ClockStatus
    who: str = ""


def clocks(incident: Incident, now: datetime) -> tuple[ClockState, ...]:
    """Return an incident's running clocks, the earliest due first.

    Once it is resolved only the law's go on, and the calls that one of them begins.
    """
    running = [*_deadlines(incident, now), *_escalations(incident, now)]
    if incident.status == "open":
        running += _tasks(incident, now)
        running += _cadences(incident, now)
        running += _approvals(incident, now)
        running += _roles(incident, now)
        running += _enquiries(incident, now)
        running += _promises(incident, now)
    return tuple(sorted(running, key=lambda clock: (clock.due_at, clock.id)))


def all_clocks(incident: Incident, now: datetime) -> tuple[ClockState, ...]:
    """Return the running clocks and the deadlines that were met or waived."""
    closed = (
        _deadline(one, one.due_at, one.state)
        for one in incident.deadlines.values()
        if one.due_at is not None and (one.state == "met" or one.state == "waived")
    )
    both = (*clocks(incident, now), *closed)
    return tuple(sorted(both, key=lambda clock: (clock.due_at, clock.id)))


def _state(due: datetime, warn: timedelta, now: datetime) -> ClockStatus:
    if now >= due:
        return "overdue"
    return "warn" if now >= due - warn else "ok"


def _share(begun: datetime, due: datetime, most: timedelta = LONGEST_WARN) -> timedelta:
    return min((due - begun) * WARN_SHARE, most)


def _tasks(incident: Incident, now: datetime) -> Iterator[ClockState]:
    specs = {spec.id: spec for _, spec in incident.plan.tasks()}
    for task in incident.tasks.values():
        if task.due_at is None or task.state not in ("open", "waiting"):
            continue
        begun = _begun(incident, task, specs[task.id])
        warn = timedelta(seconds=task.warn) or _share(begun, task.due_at)
        yield ClockState(
            id=f"task:{task.id}",
            kind="task",
            title=task.title,
            due_at=task.due_at,
            state=_state(task.due_at, warn, now),
            who=task.assignee or holder(incident, task.role),
        )


def _begun(incident: Incident, task: TaskState, spec: Task) -> datetime:
    """Return since when a task's time runs."""
    span = spec.repeat if spec.repeat and task.times else spec.within
    if task.due_at is None or span is None:
        return incident.declared_at
    return task.due_at - timedelta(seconds=span)


def holder(incident: Incident, role_id: str) -> str:
    """Return who holds a role, or the role's own id while nobody does."""
    role = incident.roles.get(role_id)
    return role.holder if role and role.holder else role_id


def _cadences(incident: Incident, now: datetime) -> Iterator[ClockState]:
    for cadence in incident.plan.cadences:
        due = next_update_at(incident, cadence)
        if due is not None:
            yield ClockState(
                id=f"cadence:{cadence.id}",
                kind="cadence",
                title=f"{cadence.audience} update",
                due_at=due,
                state=_state(due, timedelta(seconds=cadence.warn), now),
            )


def _deadlines(incident: Incident, now: datetime) -> Iterator[ClockState]:
    for one in incident.deadlines.values():
        if one.state == "running" and one.due_at and one.started_at:
            share = _share(one.started_at, one.due_at, LONGEST_LAW_WARN)
            warn = timedelta(seconds=one.warn) or share
            clock = _deadline(one, one.due_at, _state(one.due_at, warn, now))
            yield msgspec.structs.replace(clock, who=holder(incident, one.role))


def _deadline(one: DeadlineState, due: datetime, state: ClockStatus) -> ClockState:
    return ClockState(
        id=f"deadline:{one.id}",
        kind="deadline",
        title=one.title,
        due_at=due,
        state=state,
        who=one.role,
    )


def _approvals(incident: Incident, now: datetime) -> Iterator[ClockState]:
    for words in (*incident.statements.values(), *incident.replies.values()):
        due = step_due(incident, words)
        if due is not None:
            yield _approval(incident, words, due, now)


def _approval(incident: Incident, words: Words, due: datetime, now: datetime) -> ClockState:
    begun = words.step_since or words.submitted_at or words.drafted_at
    asked = (holder(incident, role) for role in waiting_on(incident, words, now))
    return ClockState(
        id=f"approval:{words.id}",
        kind="approval",
        title=f"approve {words.id}",
        due_at=due,
        state=_state(due, (due - begun) * WARN_SHARE, now),
        who=", ".join(dict.fromkeys(asked)),
    )


def _escalations(incident: Incident, now: datetime) -> Iterator[ClockState]:
    names = {contact.id: contact.name for contact in incident.plan.contacts}
    for run, due in under_way(incident):
        called = ", ".join(names.get(one, one) for one in run.called)
        yield ClockState(
            id=f"escalation:{run.id}",
            kind="escalation",
            title=f"{run.title}: {called} has not acknowledged" if called else run.title,
            due_at=due,
            state="overdue" if now >= due else "warn",
            who=called,
        )


def under_way(incident: Incident) -> Iterator[tuple[EscalationRun, datetime]]:
    """Yield the escalations that go on, and when the next is called.

    Those of an open incident; of a resolved one those that began since, for the law's sake.
    """
    since = incident.resolved_at
    for run in incident.escalations.values():
        if run.next_at is not None and (since is None or run.started_at >= since):
            yield run, run.next_at


def _roles(incident: Incident, now: datetime) -> Iterator[ClockState]:
    for role in incident.roles.values():
        if role.holder or role.within is None or role.empty_since is None:
            continue
        due = role.empty_since + timedelta(seconds=role.within)
        yield ClockState(
            id=f"role:{role.id}",
            kind="role",
            title=f"somebody takes {role.title}",
            due_at=due,
            state=_state(due, _share(role.empty_since, due), now),
        )


def _enquiries(incident: Incident, now: datetime) -> Iterator[ClockState]:
    for asked in incident.enquiries.values():
        if asked.state == "open" and asked.due_at is not None:
            yield ClockState(
                id=f"enquiry:{asked.id}",
                kind="enquiry",
                title=f"answer {asked.outlet}",
                due_at=asked.due_at,
                state=_state(asked.due_at, _share(asked.asked_at, asked.due_at), now),
                who=asked.owner,
            )


def _promises(incident: Incident, now: datetime) -> Iterator[ClockState]:
    for one in owed(incident):
        if one.due_at is not None:
            yield ClockState(
                id=f"promise:{one.id}",
                kind="promise",
                title=f"promise {one.id}: {clip(' '.join(one.words.split()), TITLE)}",
                due_at=one.due_at,
                state=_state(one.due_at, _share(one.at, one.due_at), now),
                who=holder(incident, one.owner),
            )


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
