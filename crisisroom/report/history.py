"""What replaying forgets and a report tells: earlier versions, and who held a role when.

Given the incident, times are the corrected ones; else they are as they were written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.apply import apply
from crisisroom.core.corrected import at
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry
from crisisroom.report.log import Log

VERSIONS = frozenset(
    {"statement.drafted", "statement.edited", "reply.drafted", "reply.edited"},
)
"""The kinds of entries that carry a text of ours."""

PLANS = frozenset({"incident.declared", "playbook.added"})
"""The kinds of entries that carry a whole plan."""

GIVEN = frozenset({"role.taken", "role.assigned", "role.handed"})
"""The kinds of entries after which somebody holds a role."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a statement or reply, and the entry that wrote it."""

    words: str  # ST-3
    version: int
    text: str
    sha256: str
    by: str
    at: datetime
    seq: int
    variants: dict[str, str] = {}


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a role; `until` is None while it lasts."""

    role: str
    person: str
    since: datetime
    until: datetime | None = None


class FactChange(msgspec.Struct, frozen=True, kw_only=True):
    """What was believed from when on."""

    fact: str
    state: str
    value: str
    source: str
    by: str
    at: datetime


def steps(entries: Iterable[Entry]) -> Iterator[tuple[Incident, Incident, Entry]]:
    """Yield every entry but the first, with the incident as it was before and is after it."""
    before: Incident | None = None
    for entry in entries:
        after = apply(before, entry)
        if before is not None:
            yield before, after, entry
        before = after


def righted(log: Log, kinds: Collection[str], incident: Incident | None) -> Iterator[Entry]:
    """Yield the entries of some kinds; with the incident, at the times it corrects."""
    for entry in log.of(kinds):
        yield msgspec.structs.replace(entry, at=at(incident, entry)) if incident else entry


def versions(log: Log, incident: Incident | None = None) -> dict[str, tuple[Version, ...]]:
    """Return every version of each text of ours, oldest first, by the text's id."""
    found: dict[str, list[Version]] = {}
    for entry in righted(log, VERSIONS, incident):
        found.setdefault(entry.data["id"], []).append(version(entry))
    return {name: tuple(every) for name, every in found.items()}


def version(entry: Entry) -> Version:
    """Return the version of a text that an entry of `VERSIONS` wrote."""
    return Version(
        words=entry.data["id"],
        version=entry.data.get("version", 1),
        text=entry.data["words"],
        sha256=entry.data["sha256"],
        by=entry.actor,
        at=entry.at,
        seq=entry.seq,
        variants={one["channel"]: one["words"] for one in entry.data.get("variants", ())},
    )


def linking(log: Log) -> dict[str, dict[str, Any]]:
    """Return the data of the entry that linked each mention, by the mention's uid."""
    return {entry.data["mention"]: entry.data for entry in log.of(("mention.linked",))}


def holdings(log: Log, incident: Incident | None = None) -> tuple[Holding, ...]:
    """Return who held which role from when to when, in the order they began."""
    held: list[Holding] = []
    current: dict[str, int] = {}
    for entry in righted(log, (*GIVEN, "role.left"), incident):
        role = entry.data["role"]
        before = current.pop(role, None)
        if before is not None:
            held[before] = msgspec.structs.replace(held[before], until=entry.at)
        if entry.kind != "role.left":
            current[role] = len(held)
            held.append(Holding(role=role, person=entry.data["person"], since=entry.at))
    return tuple(held)


def fact_changes(log: Log, incident: Incident | None = None) -> tuple[FactChange, ...]:
    """Return every change of the fact sheet, oldest first."""
    return tuple(
        FactChange(
            fact=entry.data["fact"],
            state=entry.data["state"],
            value=entry.data["value"],
            source=entry.data["words"],
            by=entry.actor,
            at=entry.at,
        )
        for entry in righted(log, ("fact.set",), incident)
    )
