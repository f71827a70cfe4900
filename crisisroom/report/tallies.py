"""What was promised by a time, and how often the promise was kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.cadence import last_update, next_update_at
from crisisroom.core.incident import DeadlineState, Enquiry, Incident, TaskState
from crisisroom.core.playbook import Cadence
from crisisroom.core.timeline import Entry
from crisisroom.report.calls import runs
from crisisroom.report.model import Record


class Tally(msgspec.Struct, frozen=True):
    """`met` of `of`; `last` is the newest entry counted; `more` says that some are to come."""

    met: int = 0
    of: int = 0
    last: int | None = None
    more: bool = False


def _sum(tallies: Iterable[Tally]) -> Tally:
    known = tuple(tallies)
    return Tally(
        sum(one.met for one in known),
        sum(one.of for one in known),
        max((one.last for one in known if one.last is not None), default=None),
        any(one.more for one in known),
    )


def tasks_on_time(record: Record, told: Sequence[Incident]) -> Tally:
    """Count the tasks with a due time that were done by it, of those closed or past due.

    Of a repeating task every tick counts. Nobody was late with one that was skipped, or that was
    not needed. `told` is the incident after each entry.
    """
    tasks = record.incident.tasks.values()
    counted = _sum(
        (
            *(_task(record, task) for task in tasks if task.repeat is None),
            *_ticks(record, told),
        )
    )
    closing = [entry.seq for entry in record.entries if entry.kind == "task.done"]
    return msgspec.structs.replace(
        counted,
        last=closing[-1] if closing else record.incident.seq,
        more=counted.more and record.incident.status == "open",
    )


def _task(record: Record, task: TaskState) -> Tally:
    if task.due_at is None or task.state in ("skipped", "not_needed"):
        return Tally()
    if task.state == "done" and task.closed_at is not None:
        return Tally(met=task.closed_at <= task.due_at, of=1)
    overdue = _end(record) > task.due_at
    return Tally(of=overdue, more=not overdue)


def _ticks(record: Record, told: Sequence[Incident]) -> Iterator[Tally]:
    """Yield a tally for every tick of a repeating task, and for the one that is due next."""
    ticks: dict[str, list[Tally]] = {}
    for before, entry in zip(told, record.entries[1:], strict=False):
        if entry.kind == "task.done":
            task = before.tasks[entry.data["task"]]
            if task.repeat is not None and task.due_at is not None:
                tick = Tally(met=entry.at <= task.due_at, of=1)
                ticks.setdefault(task.id, []).append(tick)
        elif entry.kind == "task.reopened" and (taken_back := ticks.get(entry.data["task"])):
            taken_back.pop()
    for kept in ticks.values():
        yield from kept
    for task in record.incident.tasks.values():
        if task.repeat is not None and task.state in ("open", "waiting"):
            yield _task(record, task)


def _end(record: Record) -> datetime:
    return record.incident.resolved_at or record.as_of


def updates_kept(record: Record, told: Sequence[Incident]) -> Tally:
    """Count the updates that went out by the time they were due, of those due so far.

    What went out while nothing was owed is not counted.
    """
    return _sum(_kept(record, told, cadence) for cadence in record.incident.plan.cadences)


def _kept(record: Record, told: Sequence[Incident], cadence: Cadence) -> Tally:
    spoken = [*_spoken(record.entries, told, cadence)]
    owed = next_update_at(record.incident, cadence)
    missed = owed is not None and owed < _end(record)
    kept = Tally(
        met=sum(sent <= due for _, sent, due in spoken),
        of=len(spoken),
        last=spoken[-1][0] if spoken else None,
        more=record.incident.status == "open",
    )
    return _sum((kept, Tally(of=1, last=record.incident.seq))) if missed else kept


def _spoken(
    entries: Sequence[Entry], told: Sequence[Incident], cadence: Cadence
) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield the entry of each update that was owed, when it went out and when it was due."""
    for before, after, entry in zip(told, told[1:], entries[1:], strict=False):
        if entry.kind != "statement.sent":
            continue
        sent = last_update(after, cadence.audience)
        owed = next_update_at(before, cadence)
        if sent and owed and sent != last_update(before, cadence.audience):
            yield entry.seq, sent, owed


def deadlines_met(record: Record) -> Tally:
    """Count the legal duties met in time, of those met or past their time; waived ones are not."""
    return _sum(_by_time(record, "deadline.met", "deadline"))


def enquiries_on_time(record: Record) -> Tally:
    """Count the enquiries answered by their deadline, of those with one, answered or past it."""
    return _sum(_by_time(record, "enquiry.answered", "enquiry"))


def _by_time(record: Record, closing: str, what: str) -> Iterator[Tally]:
    incident = record.incident
    things: Mapping[str, DeadlineState | Enquiry] = (
        incident.deadlines if what == "deadline" else incident.enquiries
    )
    closed = {entry.data[what]: entry for entry in record.entries if entry.kind == closing}
    for name, thing in things.items():
        entry, due = closed.get(name), thing.due_at
        if entry is not None and due is not None:
            yield Tally(met=entry.at <= due, of=1, last=entry.seq)
        elif thing.state in ("open", "running") and due is not None and record.as_of > due:
            yield Tally(of=1, last=incident.seq)
        elif thing.state == "running" or (
            thing.state in ("open", "waiting") and incident.status == "open"
        ):
            yield Tally(more=True)


def escalations_acknowledged(record: Record) -> Tally:
    """Count the escalations that somebody took up, of those that began."""
    known = runs(record.entries)
    waiting = any(not run.exhausted and run.acknowledged_at is None for run in known)
    met = sum(run.acknowledged_at is not None for run in known)
    last = max((run.acknowledged_seq or run.seq for run in known), default=None)
    more = record.incident.status == "open" and (waiting or not known)
    return Tally(met, len(known), last, more=more and bool(record.incident.plan.escalations))
