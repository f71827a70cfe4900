"""Every run of every escalation: who was called when, and who had it in the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from crisisroom.core.timeline import Entry, upcast

replace = msgspec.structs.replace

_LATER = ("escalation.step", "escalation.acknowledged", "escalation.exhausted")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a run: the people who were to be called."""

    at: datetime
    round: int
    step: int  # from 1
    names: tuple[str, ...]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of an escalation; `acknowledged_at` is None where nobody did."""

    escalation: str
    why: str
    at: datetime
    seq: int
    steps: tuple[Step, ...] = ()
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_seq: int | None = None
    exhausted: bool = False


def runs(entries: Iterable[Entry]) -> tuple[Run, ...]:
    """Return the runs that entries tell of, in the order they began."""
    known: list[Run] = []
    latest: dict[str, int] = {}
    for entry in map(upcast, entries):
        if entry.kind == "escalation.started":
            name = entry.data["escalation"]
            latest[name] = len(known)
            known.append(Run(escalation=name, why=entry.data["why"], at=entry.at, seq=entry.seq))
        elif entry.kind in _LATER:
            place = latest[entry.data["escalation"]]
            known[place] = _after(known[place], entry)
    return tuple(known)


def _after(run: Run, entry: Entry) -> Run:
    data = entry.data
    match entry.kind:
        case "escalation.step":
            called = Step(
                at=entry.at,
                round=data["round"],
                step=data["step"] + 1,
                names=tuple(one["name"] for one in data["people"]),
            )
            return replace(run, steps=(*run.steps, called))
        case "escalation.acknowledged":
            return replace(
                run,
                acknowledged_by=data.get("name") or entry.actor,
                acknowledged_at=entry.at,
                acknowledged_seq=entry.seq,
            )
    return replace(run, exhausted=True)
