"""What was promised by a time, and how often the promise was kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.incident import DeadlineState, Enquiry, TaskState
from crisisroom.report.calls import Run
from crisisroom.report.figures.course import Course, Update
from crisisroom.report.figures.points import Point
from crisisroom.report.model import Record

replace = msgspec.structs.replace


class Tally(msgspec.Struct, frozen=True):
    """`met` of `of`; `last` is the newest entry counted; `more` says that some are to come."""

    met: int = 0
    of: int = 0
    last: Point | None = None
    more: bool = False


def _sum(tallies: Iterable[Tally]) -> Tally:
    known = tuple(tallies)
    return Tally(
        sum(one.met for one in known),
        sum(one.of for one in known),
        newest(one.last for one in known),
        any(one.more for one in known),
    )


def newest(points: Iterable[Point | None]) -> Point | None:
    """Return the one that was written down last, None where there is none."""
    known = (point for point in points if point is not None)
    return max(known, key=lambda point: point.seq, default=None)


def head(record: Record) -> Point:
    """Return the newest entry of all, for what is counted because it has not happened."""
    return Point(record.as_of, record.incident.seq)


def _open(record: Record) -> bool:
    return record.incident.status == "open"


def ended(record: Record, course: Course) -> datetime:
    """Return when it was over, or as far as the log goes."""
    return course.incident.resolved_at or record.as_of


def tasks_on_time(record: Record, course: Course) -> Tally:
    """Count the tasks with a due time that were done by it, of those closed or past due.

    Of a repeating task every tick counts. Nobody was late with one that was skipped, or that was
    not needed.
    """
    until = ended(record, course)
    counted = _sum(_tasks(course, until))
    more = counted.more and _open(record)
    return replace(counted, last=course.done or head(record), more=more)


def _tasks(course: Course, until: datetime) -> Iterator[Tally]:
    for task in course.incident.tasks.values():
        if task.repeat is None or task.state in ("open", "waiting"):
            yield _task(task, until)
    for ticks in course.ticks.values():
        yield Tally(sum(tick.met for tick in ticks), len(ticks))


def _task(task: TaskState, until: datetime) -> Tally:
    """Count one task as it stands; of a repeating one, only what is due next."""
    if task.due_at is None or task.state in ("skipped", "not_needed"):
        return Tally()
    if task.state == "done" and task.closed_at is not None:
        return Tally(met=task.closed_at <= task.due_at, of=1)
    overdue = until > task.due_at
    return Tally(of=overdue, more=not overdue)


def required_on_time(record: Record, course: Course) -> Tally:
    """Count the required tasks that were done, and in time, of those that were needed."""
    until = ended(record, course)
    asked = [
        task
        for task in course.incident.tasks.values()
        if task.required and task.state != "not_needed"
    ]
    met = sum(_in_time(task, course, until) for task in asked)
    more = _open(record) and any(task.state in ("open", "waiting") for task in asked)
    return Tally(met, len(asked), course.closed or head(record), more)


def _in_time(task: TaskState, course: Course, until: datetime) -> bool:
    if task.repeat is not None and task.times:
        due = _task(task, until) if task.state in ("open", "waiting") else Tally()
        return due.met == due.of and all(tick.met for tick in course.ticks.get(task.id, ()))
    if task.state != "done" or task.closed_at is None:
        return False
    return task.due_at is None or task.closed_at <= task.due_at


def tasks_skipped(record: Record, course: Course) -> Tally:
    """Count the tasks that were skipped, of those that were needed."""
    needed = [task for task in course.incident.tasks.values() if task.state != "not_needed"]
    met = sum(task.state == "skipped" for task in needed)
    more = _open(record) and any(task.state in ("open", "waiting") for task in needed)
    return Tally(met, len(needed), course.closed or head(record), more)


def updates_kept(record: Record, course: Course) -> Tally:
    """Count the updates that went out by the time they were due, of those due so far.

    What went out while nothing was owed is not counted.
    """
    missed = course.missed(ended(record, course))
    sent = [update for kept in course.updates.values() for update in kept]
    return Tally(
        sum(not update.late for update in sent),
        len(sent) + len(missed),
        head(record) if missed else newest(update.point for update in sent),
        _open(record) and bool(course.updates),
    )


def late_updates(record: Record, course: Course) -> Sequence[Update]:
    """Return the updates that came late, and those that were still missing at the end."""
    until = ended(record, course)
    late = [one for kept in course.updates.values() for one in kept if one.late]
    end = (course.over if course.incident.resolved_at else None) or head(record)
    return [*late, *(Update(end, due) for due in course.missed(until).values())]


def by_time(
    record: Record, things: Mapping[str, DeadlineState | Enquiry], closed: Mapping[str, Point]
) -> Tally:
    """Count what was closed by its time, of what has one and was closed or is past it.

    Waived duties and closed enquiries without an answer are none.
    """
    return _sum(_by_time(record, thing, closed.get(name)) for name, thing in things.items())


def _by_time(record: Record, thing: DeadlineState | Enquiry, closed: Point | None) -> Tally:
    due = thing.due_at
    if closed is not None and due is not None:
        return Tally(met=closed.at <= due, of=1, last=closed)
    if thing.state in ("open", "running") and due is not None and record.as_of > due:
        return Tally(of=1, last=head(record))
    waits = thing.state == "running" or (thing.state in ("open", "waiting") and _open(record))
    return Tally(more=waits)


def escalations_acknowledged(record: Record, runs: Sequence[Run]) -> Tally:
    """Count the escalations that somebody took up, of those that began."""
    waiting = any(not run.exhausted and run.acknowledged_at is None for run in runs)
    met = sum(run.acknowledged_at is not None for run in runs)
    last = newest(_end(run) for run in runs)
    more = _open(record) and (waiting or not runs)
    return Tally(met, len(runs), last, more=more and bool(record.incident.plan.escalations))


def _end(run: Run) -> Point:
    if run.acknowledged_at and run.acknowledged_seq:
        return Point(run.acknowledged_at, run.acknowledged_seq)
    return Point(run.at, run.seq)


def steps_climbed(record: Record, runs: Sequence[Run]) -> tuple[Run, Tally] | None:
    """Return the run that had to call most often, of how many calls its plan has."""
    run = max(runs, key=lambda one: (len(one.steps), -one.seq), default=None)
    if run is None:
        return None
    plan = next((one for one in record.incident.plan.escalations if one.id == run.escalation), None)
    of = len(plan.steps) * plan.rounds if plan else 0
    last = run.steps[-1] if run.steps else None
    point = Point(last.at, last.seq) if last else Point(run.at, run.seq)
    more = run.acknowledged_at is None and not run.exhausted and _open(record)
    return run, Tally(len(run.steps), max(of, len(run.steps)), point, more)
