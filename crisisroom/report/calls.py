"""Every run of every escalation: who was called when, and who had it in the end."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry
from crisisroom.report.history import righted
from crisisroom.report.log import Log

replace = msgspec.structs.replace

_FIRST = "escalation.started"
_LATER = ("escalation.step", "escalation.acknowledged", "escalation.exhausted")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a run: the people who were to be called."""

    at: datetime
    seq: int
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


class Runs:
    """The runs that entries tell of, in the order they began."""

    kinds = frozenset({_FIRST, *_LATER})

    def __init__(self) -> None:
        self._known: list[Run] = []
        self._latest: dict[str, int] = {}

    def take(self, entry: Entry, at: datetime) -> None:
        """Take what tells of an escalation, as it happened at a time."""
        name = entry.data["escalation"]
        if entry.kind == _FIRST:
            self._latest[name] = len(self._known)
            self._known.append(Run(escalation=name, why=entry.data["why"], at=at, seq=entry.seq))
        else:
            place = self._latest[name]
            self._known[place] = _after(self._known[place], entry, at)

    @property
    def known(self) -> tuple[Run, ...]:
        """Return them all."""
        return tuple(self._known)


def runs(log: Log, incident: Incident | None = None) -> tuple[Run, ...]:
    """Return the runs that a log tells of; with the incident, at the times it corrects."""
    found = Runs()
    for entry in righted(log, Runs.kinds, incident):
        found.take(entry, entry.at)
    return found.known


def _after(run: Run, entry: Entry, at: datetime) -> Run:
    data = entry.data
    match entry.kind:
        case "escalation.step":
            called = Step(
                at=at,
                seq=entry.seq,
                round=data["round"],
                step=data["step"] + 1,
                names=tuple(one["name"] for one in data["people"]),
            )
            return replace(run, steps=(*run.steps, called))
        case "escalation.acknowledged":
            return replace(
                run,
                acknowledged_by=data.get("name") or entry.actor,
                acknowledged_at=at,
                acknowledged_seq=entry.seq,
            )
    return replace(run, exhausted=True)
