"""The end of a drill: what came in time, and what came late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

from crisisroom.core.clocks import minutes
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry


def scorecard(incident: Incident, entries: tuple[Entry, ...]) -> list[str]:
    """Return the drill's result as lines of plain words."""
    until = incident.resolved_at or (incident.as_of or incident.declared_at)
    return [
        f"{incident.id} {incident.title}: {incident.status}"
        f" after {minutes(until - incident.declared_at)}, {len(entries)} entries",
        *_statements(incident),
        *_replies(incident),
        *_tasks(incident),
        *_late(entries),
    ]


def _statements(incident: Incident) -> Iterator[str]:
    sent = [one.sent_at for one in incident.statements.values() if one.sent_at]
    allowed = next(
        (one.first_within for one in incident.plan.cadences if one.audience == "public"), 0
    )
    if not sent:
        yield "late   no statement went out"
        return
    took = min(sent) - incident.declared_at
    verdict = "ok    " if took <= timedelta(seconds=allowed) else "late  "
    limit = minutes(timedelta(seconds=allowed))
    yield f"{verdict} first statement after {minutes(took)}, {limit} allowed"


def _replies(incident: Incident) -> Iterator[str]:
    waits = [
        (_seconds(incident, reply.mention, reply.sent_at))
        for reply in incident.replies.values()
        if reply.sent_at
    ]
    known = [wait for wait in waits if wait is not None]
    if not known:
        yield "late   nobody got an answer"
        return
    typical = minutes(timedelta(seconds=median(known)))
    slowest = minutes(timedelta(seconds=max(known)))
    free = sum(one.state in ("new", "claimed") for one in incident.mentions.values())
    yield f"ok     {len(known)} people answered, half of them within {typical}, slowest {slowest}"
    yield f"       {free} posts without an answer"


def _seconds(incident: Incident, mention: str, sent_at: datetime) -> float | None:
    linked = incident.mentions.get(mention)
    return (sent_at - linked.posted_at).total_seconds() if linked else None


def _tasks(incident: Incident) -> Iterator[str]:
    closed = [task for task in incident.tasks.values() if task.state == "done"]
    on_time = [
        task
        for task in closed
        if task.due_at is None or task.closed_at is None or task.closed_at <= task.due_at
    ]
    verdict = "ok    " if len(on_time) == len(incident.tasks) else "look  "
    yield f"{verdict} {len(on_time)} of {len(incident.tasks)} tasks done in time"


def _late(entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in entries:
        if entry.kind == "clock.late":
            who = entry.data["who"] or "free"
            yield f"late   {entry.text.removeprefix('late: ')} ({who})"
