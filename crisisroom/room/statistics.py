"""The figures of one incident, and of many: from what their logs say, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry
from crisisroom.report.metrics import Metric, metrics
from crisisroom.report.model import Record
from crisisroom.report.stats import Across, Case, across
from crisisroom.room import Room, reading
from crisisroom.room.exporting import exportable, packed

Drills = Literal["without", "with", "only"]
Progress = Callable[[int, int], None]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which incidents to look at; what is empty asks for nothing.

    They were declared `since` then and before `until`. The playbook may have come later, and the
    severity may have held for a while only.
    """

    since: datetime | None = None
    until: datetime | None = None
    playbook: str = ""
    severity: str = ""
    brand: str = ""
    drills: Drills = "without"

    def takes(self, incident: Incident) -> bool:
        """Tell whether an incident is one of them, whenever it was declared."""
        books = (incident.playbook, *incident.playbooks)
        return (
            (self.drills == "with" or incident.drill == (self.drills == "only"))
            and (not self.playbook or any(one.id == self.playbook for one in books))
            and (not self.severity or any(_is(self.severity, one) for one in _held(incident)))
            and (not self.brand or _is(self.brand, incident.brand))
        )

    def before(self, now: datetime) -> tuple[datetime, datetime] | None:
        """Return the span of the same length before this one, None where it has no beginning."""
        if self.since is None:
            return None
        return self.since - ((self.until or now) - self.since), self.since


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """The figures across the incidents wanted, and those of the span before."""

    wanted: Wanted
    cases: tuple[Case, ...]
    before: tuple[datetime, datetime] | None
    earlier: tuple[Case, ...]
    figures: tuple[Across, ...]


class Figured(msgspec.Struct, frozen=True):
    """One incident with its figures, and the entries they come from by number."""

    incident: Incident
    metrics: tuple[Metric, ...]
    ends: dict[int, Entry]


async def figures_of(room: Room, inc: str = "", target: int | None = None) -> Figured:
    """Return one incident's figures; `target` is that of first replies, in seconds.

    They are made beside the event loop: of a long log they take a while.
    """
    one = await exportable(room, inc)
    found = await asyncio.to_thread(metrics, one.record, target)
    log = one.record.entries
    seqs = {seq for metric in found for seq in (metric.since, metric.to) if seq is not None}
    here = msgspec.structs.replace(one.record.incident, id=one.id)
    return Figured(here, found, {seq: log[seq - 1] for seq in sorted(seqs)})


async def statistics(
    room: Room,
    wanted: Wanted,
    target: int | None = None,
    progress: Progress = lambda done, of: None,
) -> Statistics:
    """Return the figures across incidents; Usage for a span that ends before it begins.

    `progress` is called with how many incidents were read, of how many.
    """
    if wanted.since and wanted.until and wanted.until <= wanted.since:
        raise Usage("span", "--until is not after --since")
    before = wanted.before(room.clock.now())
    known = [one for one in await reading.incidents(room) if wanted.takes(one)]
    now = [one for one in known if _within(one, wanted.since, wanted.until)]
    earlier = [one for one in known if before and _within(one, *before)]
    cases: list[Case] = []
    for incident in (*now, *earlier):
        cases.append(await _case(room, incident, target))
        progress(len(cases), len(now) + len(earlier))
    these, those = tuple(cases[: len(now)]), tuple(cases[len(now) :])
    return Statistics(
        wanted=wanted, cases=these, before=before, earlier=those, figures=across(these, those)
    )


async def _case(room: Room, incident: Incident, target: int | None) -> Case:
    return Case(
        id=incident.id,
        uid=incident.uid,
        title=incident.title,
        declared_at=_declared(incident),
        drill=incident.drill,
        metrics=await asyncio.to_thread(metrics, await _record(room, incident), target),
    )


async def _record(room: Room, incident: Incident) -> Record:
    """Return the log of an incident as far as its state goes, packed."""
    assert incident.as_of is not None
    return Record(
        entries=await room.store.read(lambda tx: packed(tx, incident.uid, incident.seq)),
        incident=incident,
        as_of=incident.as_of,
        head_hash=incident.head_hash,
    )


def _declared(incident: Incident) -> datetime:
    righted = incident.corrected.get("1")
    return righted.at if righted and righted.at else incident.declared_at


def _within(incident: Incident, since: datetime | None, until: datetime | None) -> bool:
    declared = _declared(incident)
    return (since is None or since <= declared) and (until is None or declared < until)


def _held(incident: Incident) -> tuple[str, ...]:
    return tuple(change.severity for change in incident.severities)


def _is(wanted: str, found: str) -> bool:
    return wanted.casefold() == found.casefold()
