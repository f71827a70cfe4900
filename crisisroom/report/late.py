"""What came late: every due time that passed, and what it took to end the wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.apply import KINDS, apply
from crisisroom.core.clocks import clocks
from crisisroom.core.corrected import at
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry, unstamp
from crisisroom.report.model import Record

replace = msgspec.structs.replace

_LATE = "clock.late"
# entries after which no clock but an escalation's stands otherwise, and what never was a clock
_BESIDE = (
    *("mention.", "note.", "decision.", "person.", "contact.", "message.", "answer.", "entry."),
    *(
        "evidence.",
        "hold.",
        "access.",
        "review.",
        "factor.",
        "volume.",
        "action.",
        "pause.",
        "line.",
    ),
    *("candidate.", "narrative.", "bulk.", "question.", "words.erased"),
)
_MOVES = frozenset(
    {"incident.declared", _LATE, *(kind for kind in KINDS if not kind.startswith(_BESIDE))}
)


class Late(msgspec.Struct, frozen=True, kw_only=True):
    """One due time that passed; `ended_at` is None while it is still waited for."""

    kind: str  # task, cadence, deadline, approval, role, enquiry
    id: str
    title: str
    who: str
    due_at: datetime
    seq: int
    ended_at: datetime | None = None
    ended_seq: int | None = None
    never: bool = False  # the incident was resolved without it

    def seconds(self, now: datetime) -> int:
        """Return how late it was in the end, or is by `now`."""
        return max(0, int(((self.ended_at or now) - self.due_at).total_seconds()))


def late(record: Record) -> tuple[Late, ...]:
    """Return what came late, in the order it was due.

    What turned out to have been in time, as its corrected time says, is left out.
    """
    waiting: dict[str, Late] = {}
    ended: list[Late] = []
    for before, after, entry in _steps(record):
        if waiting and entry.kind != _LATE:
            ended += _ended(waiting, after, entry, at(record.incident, entry))
        if entry.kind == _LATE and (one := _passed(before, entry)):
            waiting[f"{one.kind}:{one.id}"] = one
    known = (*ended, *(one for one in waiting.values()))
    return tuple(sorted(filter(_was, known), key=lambda one: (one.due_at, one.seq)))


def _was(one: Late) -> bool:
    return one.ended_at is None or one.ended_at > one.due_at


def _steps(record: Record) -> Iterator[tuple[Incident, Incident, Entry]]:
    """Yield what may move a clock that came late, with the incident before and after it.

    Of replies only those that waited too long for their approval: there are too many of them.
    """
    slow = _slow(record)
    state: Incident | None = None
    for entry in record.entries.of(_MOVES) if slow else ():
        if entry.kind.startswith("reply.") and f"approval:{entry.data['id']}" not in slow:
            continue
        before = state and replace(state, seq=entry.seq - 1)
        state = apply(before, entry)
        if before is not None:
            yield before, state, entry


def _slow(record: Record) -> frozenset[str]:
    marks = (entry.data["clock"] for entry in record.entries.of((_LATE,)))
    return frozenset(mark.rpartition("@")[0] for mark in marks)


def _passed(state: Incident, entry: Entry) -> Late | None:
    """Return what an entry says was late, None where its mark is none of ours."""
    name, _, stamped = entry.data["clock"].rpartition("@")
    try:
        due = unstamp(stamped)
    except ValueError:
        return None
    kind, _, thing = name.partition(":")
    clock = next((one for one in clocks(state, entry.at) if one.id == name), None)
    return Late(
        kind=kind,
        id=thing,
        title=clock.title if clock else thing,
        who=clock.who if clock else "",
        due_at=due,
        seq=entry.seq,
    )


def _ended(
    waiting: dict[str, Late], state: Incident, entry: Entry, happened: datetime
) -> Sequence[Late]:
    """Take out what an entry ended: its clock is gone, or runs to another time."""
    running = {clock.id: clock.due_at for clock in clocks(state, entry.at)}
    gone = [name for name, one in waiting.items() if running.get(name) != one.due_at]
    resolved = entry.kind == "incident.resolved"
    return [
        replace(waiting.pop(name), ended_at=happened, ended_seq=entry.seq, never=resolved)
        for name in gone
    ]
