"""What came of a drill: done in time, late, never; read from the timeline and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

import msgspec

from crisisroom.core.apply import apply
from crisisroom.core.clocks import ClockKind, ClockState, clocks, holder
from crisisroom.core.incident import Incident, TaskState, Words
from crisisroom.core.timeline import Entry
from crisisroom.drill.director import DIRECTION

Verdict = Literal["on time", "late", "never", "running", "left out"]

# What of a clock's kind fulfils it, by the entry's kind; what else stops one leaves it out.
_FULFILS: dict[ClockKind, tuple[str, ...]] = {
    "task": ("task.done",),
    "cadence": ("statement.sent",),
    "deadline": ("deadline.met",),
    "approval": (
        "statement.approved",
        "statement.rejected",
        "statement.released",
        "reply.approved",
        "reply.rejected",
        "reply.released",
    ),
    "role": ("role.taken", "role.assigned", "role.handed"),
    "enquiry": ("enquiry.answered",),
    "promise": ("promise.kept",),
    "escalation": (),  # told apart: a call that nobody takes is not late, it goes on
}
_LEFT_OUT = ("task.skipped", "deadline.waived", "enquiry.closed", "promise.dropped")
_NO_ANSWER = ("person.", "role.", "mention.", "reply.")  # these take up posts, not injects


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was due: `late` is in seconds, until it was done or the drill ended."""

    kind: ClockKind
    id: str
    title: str
    who: str
    verdict: Verdict
    due_at: datetime | None = None
    done_at: datetime | None = None
    late: int = 0
    waits_for: str = ""  # in words, where it could not be done yet


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One inject, and what the people it was for wrote down after it."""

    at: datetime
    to: str
    words: str
    answered_at: datetime | None = None
    by: str = ""
    answer: str = ""


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """One escalation: who acknowledged it after how many seconds; None while nobody has."""

    title: str
    why: str
    at: datetime
    waited: int | None = None
    by: str = ""


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """When the public heard of us, in seconds from the declaration, and how long people waited.

    `allowed` is what the playbook gives the first statement; `median` and `slowest` are waits.
    """

    first: int | None = None
    allowed: int | None = None
    replies: int = 0
    median: int | None = None
    slowest: int | None = None
    unanswered: int = 0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A drill as it went, up to `until`."""

    incident: str
    title: str
    severity: str
    status: str
    declared_at: datetime
    until: datetime
    entries: int
    items: tuple[Item, ...]
    injects: tuple[Told, ...]
    calls: tuple[Called, ...]
    spoken: Spoken

    def of(self, verdict: Verdict) -> tuple[Item, ...]:
        """Return what came out like this, in the order in which it was due."""
        return tuple(item for item in self.items if item.verdict == verdict)


def outcome(entries: Sequence[Entry], until: datetime) -> Outcome:
    """Return what came of a drill by its timeline; ValueError where that is empty."""
    states = [*_states(entries)]
    if not states:
        raise ValueError("nobody declared an incident")
    last = states[-1]
    items = [*_closed(entries, states), *_untimed(last), *_open(last, until)]
    return Outcome(
        incident=last.id,
        title=last.title,
        severity=last.severity,
        status=last.status,
        declared_at=last.declared_at,
        until=until,
        entries=len(entries),
        items=tuple(sorted(items, key=lambda item: (item.due_at or until, item.kind, item.id))),
        injects=tuple(_injects(entries, states)),
        calls=tuple(_calls(states)),
        spoken=_spoken(last),
    )


def _states(entries: Sequence[Entry]) -> Iterator[Incident]:
    state: Incident | None = None
    for entry in entries:
        state = apply(state, entry)
        yield state


def _closed(entries: Sequence[Entry], states: Sequence[Incident]) -> Iterator[Item]:
    """Yield each clock that an entry stopped or moved on, with the due time it had before."""
    for before, after, entry in zip(states[:-1], states[1:], entries[1:], strict=True):
        gone = {clock.id: clock for clock in clocks(before, entry.at)}
        for clock in clocks(after, entry.at):
            if clock.id in gone and clock.due_at <= gone[clock.id].due_at:
                del gone[clock.id]  # it goes on
        for clock in gone.values():
            if entry.kind in _FULFILS[clock.kind]:
                yield _fulfilled(clock, entry)
            elif entry.kind in _LEFT_OUT and clock.id.endswith(f":{entry.data[clock.kind]}"):
                yield _item(clock, "left out", done_at=entry.at)
            elif entry.kind == "incident.resolved" and clock.kind != "cadence":
                yield _still_open(clock, entry.at)


def _fulfilled(clock: ClockState, entry: Entry) -> Item:
    late = max(0, _seconds(entry.at - clock.due_at))
    verdict: Verdict = "late" if entry.at >= clock.due_at else "on time"
    return _item(clock, verdict, done_at=entry.at, late=late)


def _item(
    clock: ClockState, verdict: Verdict, *, done_at: datetime | None = None, late: int = 0
) -> Item:
    return Item(
        kind=clock.kind,
        id=clock.id.partition(":")[2],
        title=clock.title,
        who=clock.who,
        verdict=verdict,
        due_at=clock.due_at,
        done_at=done_at,
        late=late,
    )


def _untimed(last: Incident) -> Iterator[Item]:
    """Yield the tasks without a due time: done is in time."""
    for task in last.tasks.values():
        if task.due_at is None and task.repeat is None and task.state != "not_needed":
            yield Item(
                kind="task",
                id=task.id,
                title=task.title,
                who=task.assignee or holder(last, task.role),
                verdict=_untimed_verdict(task),
                done_at=task.closed_at,
                waits_for=task.waiting_for,
            )


def _untimed_verdict(task: TaskState) -> Verdict:
    if task.state == "done":
        return "on time"
    return "left out" if task.state == "skipped" else "running"


def _open(last: Incident, until: datetime) -> Iterator[Item]:
    """Yield the clocks that run at the end: overdue is never, the rest was not due yet."""
    for clock in clocks(last, until):
        if clock.kind != "escalation":
            task = last.tasks.get(clock.id.removeprefix("task:"))
            waits_for = task.waiting_for if task else ""
            yield msgspec.structs.replace(_still_open(clock, until), waits_for=waits_for)


def _still_open(clock: ClockState, until: datetime) -> Item:
    """Return what nobody did by then: never, where it was due before."""
    overdue = clock.due_at <= until
    late = _seconds(until - clock.due_at) if overdue else 0
    return _item(clock, "never" if overdue else "running", late=late)


def _injects(entries: Sequence[Entry], states: Sequence[Incident]) -> Iterator[Told]:
    for place, entry in enumerate(entries):
        if entry.kind == "drill.inject":
            to = entry.data["to"]
            told = Told(at=entry.at, to=to, words=entry.data["words"])
            yield _with_answer(told, _answer(entries, states, place, to))


def _with_answer(told: Told, answer: Entry | None) -> Told:
    if answer is None:
        return told
    said = {"answered_at": answer.at, "by": answer.actor, "answer": answer.text}
    return msgspec.structs.replace(told, **said)


def _answer(
    entries: Sequence[Entry], states: Sequence[Incident], place: int, to: str
) -> Entry | None:
    """Return the first thing that the people an inject was for wrote down after it."""
    later = zip(entries[place + 1 :], states[place + 1 :], strict=True)
    return next(
        (
            entry
            for entry, state in later
            if entry.source == "person"
            and entry.actor != DIRECTION.name
            and not entry.kind.startswith(_NO_ANSWER)
            and (not to or to in state.holds(entry.actor))
        ),
        None,
    )


def _calls(states: Sequence[Incident]) -> Iterator[Called]:
    """Yield every run of every escalation, as it stood at its end."""
    runs = {(run.id, run.started_at): run for one in states for run in one.escalations.values()}
    for run in runs.values():
        done = run.acknowledged_at
        yield Called(
            title=run.title,
            why=run.why,
            at=run.started_at,
            waited=None if done is None else _seconds(done - run.started_at),
            by=run.acknowledged_by,
        )


def _spoken(last: Incident) -> Spoken:
    public = [one for one in last.statements.values() if one.audience == "public" and one.sent_at]
    first = min((one.sent_at for one in public if one.sent_at), default=None)
    limits = [one.first_within for one in last.plan.cadences if one.audience == "public"]
    waits = sorted(_waits(last, last.replies.values()))
    waiting = sum(one.state in ("new", "claimed") for one in last.mentions.values())
    return Spoken(
        first=None if first is None else _seconds(first - last.declared_at),
        allowed=min(limits, default=None),
        replies=len(waits),
        median=int(median(waits)) if waits else None,
        slowest=waits[-1] if waits else None,
        unanswered=waiting,
    )


def _waits(last: Incident, replies: Iterable[Words]) -> Iterator[int]:
    for reply in replies:
        posted = last.mentions.get(reply.mention)
        if reply.sent_at and posted:
            yield _seconds(reply.sent_at - posted.posted_at)


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
