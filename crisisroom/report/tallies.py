"""What was promised by a time, and how often the promise was kept."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.apply import apply
from crisisroom.core.cadence import last_update, next_update_at
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Cadence
from crisisroom.report.model import Record


class Tally(msgspec.Struct, frozen=True):
    """`met` of `of`; `last` is the newest entry counted; `more` says that some are to come."""

    met: int = 0
    of: int = 0
    last: int | None = None
    more: bool = False


def tasks_on_time(record: Record) -> Tally:
    """Count the tasks with a due time that were done by it, of those closed or past due.

    A task that was skipped is not counted: nobody was late with it.
    """
    timed = [task for task in record.incident.tasks.values() if task.due_at is not None]
    met = late = waiting = 0
    for task in timed:
        assert task.due_at is not None
        if task.state == "done" and task.closed_at is not None:
            met += task.closed_at <= task.due_at
            late += task.closed_at > task.due_at
        elif task.state != "skipped":
            overdue = _end(record) > task.due_at
            late += overdue
            waiting += not overdue
    closing = [entry.seq for entry in record.entries if entry.kind == "task.done"]
    last = closing[-1] if closing else record.incident.seq
    return Tally(met, met + late, last, more=waiting > 0)


def _end(record: Record) -> datetime:
    return record.incident.resolved_at or record.as_of


def updates_kept(record: Record) -> Tally:
    """Count the updates that went out by the time they were due, of those due so far."""
    total = Tally()
    for cadence in record.incident.plan.cadences:
        if all(change.severity in cadence.every for change in record.incident.severities):
            total = _sum(total, _kept(record, cadence))
    return total


def _kept(record: Record, cadence: Cadence) -> Tally:
    met = of = 0
    last: int | None = None
    state: Incident | None = None
    for entry in record.entries:
        before, state = state, apply(state, entry)
        if before is None or entry.kind != "statement.sent":
            continue
        sent = last_update(state, cadence.audience)
        if sent is None or sent == last_update(before, cadence.audience):
            continue
        of, last = of + 1, entry.seq
        owed = next_update_at(before, cadence)
        met += owed is None or sent <= owed
    owed = next_update_at(record.incident, cadence)
    missed = owed is not None and owed < _end(record)
    return Tally(
        met,
        of + missed,
        record.incident.seq if missed else last,
        more=record.incident.status == "open",
    )


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(
        one.met + other.met,
        one.of + other.of,
        max((last for last in (one.last, other.last) if last is not None), default=None),
        one.more or other.more,
    )
