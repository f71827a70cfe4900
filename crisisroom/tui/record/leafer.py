"""Reads a long timeline for the screen in parts: each answer is one small transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.timefilter import Filter
from crisisroom.core.timeline import Entry
from crisisroom.room import Room, leafing
from crisisroom.room.leafing import Anchored, Line, Outline

FIRST = 60  # entries read together with the lines


class Leaf(msgspec.Struct, frozen=True):
    """New lines of an incident, the entries of the newest, and its newest anchor."""

    outline: Outline
    entries: Mapping[int, Entry]
    anchored: Anchored | None
    looked: bool = True  # whether the anchors were looked at


class Hits(msgspec.Struct, frozen=True):
    """Entries that fit a filter; `left` lines have yet to be looked at."""

    numbers: Sequence[int]
    left: int


class Some(msgspec.Struct, frozen=True):
    """Entries that came into view, by their numbers."""

    entries: Mapping[int, Entry]


Read = Leaf | Hits | Some


async def leaf(
    room: Room, incident: str, after: int, *, anchors: bool = True
) -> AsyncIterator[Read]:
    """Yield what is new after an entry, with the newest anchor where it is asked for."""
    outline, entries = await leafing.newest(room, incident, after, FIRST)
    anchored = await leafing.anchored(room, incident) if anchors else None
    yield Leaf(outline, entries, anchored, anchors)


async def some(room: Room, incident: str, wanted: Collection[int]) -> AsyncIterator[Read]:
    """Yield entries by their numbers."""
    yield Some(await leafing.some(room, incident, wanted))


async def search(
    room: Room, incident: Incident, lines: Sequence[Line], narrow: Filter
) -> AsyncIterator[Read]:
    """Yield what fits among these lines, page by page, the newest first."""
    async for numbers, left in leafing.search(room, incident, lines, narrow):
        yield Hits(numbers, left)
