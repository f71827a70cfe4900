"""What replaying forgets and a report tells: earlier versions, and who held a role when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.apply import apply
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry, upcast

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


def states(entries: Iterable[Entry]) -> tuple[Incident, ...]:
    """Return the incident as it was after each of its entries."""
    told: list[Incident] = []
    for entry in entries:
        told.append(apply(told[-1] if told else None, entry))
    return tuple(told)


def versions(entries: Iterable[Entry], words_id: str) -> tuple[Version, ...]:
    """Return every version of a text, oldest first."""
    return tuple(
        Version(
            words=words_id,
            version=entry.data.get("version", 1),
            text=entry.data["words"],
            sha256=entry.data["sha256"],
            by=entry.actor,
            at=entry.at,
            seq=entry.seq,
            variants={one["channel"]: one["words"] for one in entry.data.get("variants", ())},
        )
        for entry in map(upcast, entries)
        if entry.kind in VERSIONS and entry.data["id"] == words_id
    )


def linking(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """Return the data of the entry that linked each mention, by the mention's uid."""
    return {
        entry.data["mention"]: entry.data
        for entry in map(upcast, entries)
        if entry.kind == "mention.linked"
    }


def holdings(entries: Iterable[Entry]) -> tuple[Holding, ...]:
    """Return who held which role from when to when, in the order they began."""
    held: list[Holding] = []
    current: dict[str, int] = {}
    for entry in map(upcast, entries):
        if entry.kind not in GIVEN and entry.kind != "role.left":
            continue
        role = entry.data["role"]
        before = current.pop(role, None)
        if before is not None:
            held[before] = msgspec.structs.replace(held[before], until=entry.at)
        if entry.kind != "role.left":
            current[role] = len(held)
            held.append(Holding(role=role, person=entry.data["person"], since=entry.at))
    return tuple(held)


def fact_changes(entries: Iterable[Entry]) -> tuple[FactChange, ...]:
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
        for entry in map(upcast, entries)
        if entry.kind == "fact.set"
    )
