"""What came late: every due time that passed, and what it took to end the wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crisisroom.core.clocks import clocks
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry, unstamp
from crisisroom.report.history import states
from crisisroom.report.model import Record

replace = msgspec.structs.replace

# entries after which no clock but an escalation's stands otherwise
_BESIDE = ("mention.", "note.", "decision.", "person.", "contact.", "clock.", "message.", "answer.")


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
    """Return what came late, in the order it was due."""
    told = states(record.entries)
    waiting: dict[str, Late] = {}
    ended: list[Late] = []
    for before, after, entry in zip(told, told[1:], record.entries[1:], strict=False):
        if waiting and not entry.kind.startswith(_BESIDE):
            ended += _ended(waiting, after, entry)
        if entry.kind == "clock.late" and (one := _passed(before, entry)):
            waiting[f"{one.kind}:{one.id}"] = one
    return tuple(sorted((*ended, *waiting.values()), key=lambda one: (one.due_at, one.seq)))


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


def _ended(waiting: dict[str, Late], state: Incident, entry: Entry) -> Sequence[Late]:
    """Take out what an entry ended: its clock is gone, or runs to another time."""
    running = {clock.id: clock.due_at for clock in clocks(state, entry.at)}
    gone = [name for name, one in waiting.items() if running.get(name) != one.due_at]
    resolved = entry.kind == "incident.resolved"
    return [
        replace(waiting.pop(name), ended_at=entry.at, ended_seq=entry.seq, never=resolved)
        for name in gone
    ]
