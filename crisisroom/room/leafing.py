"""Leafing through a long timeline, as a screen does: its outline, some entries of it, a search."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.links import names
from crisisroom.core.timefilter import Filter
from crisisroom.core.timeline import Entry
from crisisroom.room import Room, anchoring
from crisisroom.room.timeline import PAGE
from crisisroom.store import Tx, anchors, log, outline, pointing

if TYPE_CHECKING:
    from crisisroom.report.anchor import Anchor

FEW = 40  # of a page that are read one by one; more of them are read as a page


class Line(msgspec.Struct, frozen=True):
    """What is known of an entry before it is read."""

    seq: int
    kind: str
    actor: str


class Outline(msgspec.Struct, frozen=True):
    """The lines of a timeline after some number, oldest first, and where its chain ends."""

    lines: tuple[Line, ...]
    seq: int
    head_hash: str


class Anchored(msgspec.Struct, frozen=True):
    """The newest anchor of an incident that was sent elsewhere: it covers entries up to `seq`."""

    at: datetime
    place: str
    seq: int


async def _outlined(tx: Tx, chain: str, after: int) -> Outline:
    seq, head_hash = await log.head(tx, chain)
    found = await outline.outline(tx, chain, after)
    return Outline(tuple(Line(*one) for one in found), seq, head_hash)


async def newest(room: Room, inc: str, after: int, most: int) -> tuple[Outline, dict[int, Entry]]:
    """Return what is known of the entries after a number, and at most so many of the last ones."""

    async def work(tx: Tx) -> tuple[Outline, dict[int, Entry]]:
        chain = await room.chain_of(tx, inc, room.store.seen)
        known = await _outlined(tx, chain, after)
        last = await log.entries(tx, chain, max(after, known.seq - most))
        return known, {one.seq: one for one in last}

    return await room.store.read(work)


async def some(room: Room, inc: str, wanted: Collection[int]) -> dict[int, Entry]:
    """Return entries by their numbers; those that do not exist are left out."""

    async def work(tx: Tx) -> dict[int, Entry]:
        chain = await room.chain_of(tx, inc, room.store.seen)
        found: dict[int, Entry] = {}
        for after, count in _runs(sorted(wanted)):
            found |= {one.seq: one for one in await log.entries(tx, chain, after, count)}
        return found

    return await room.store.read(work)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield numbers that follow each other as the one before the first, and how many they are."""
    start = 0
    for index in range(1, len(numbers) + 1):
        if index == len(numbers) or numbers[index] != numbers[index - 1] + 1:
            yield numbers[start] - 1, index - start
            start = index


async def search(
    room: Room, incident: Incident, told: Sequence[Line], narrow: Filter
) -> AsyncIterator[tuple[tuple[int, ...], int]]:
    """Look through these lines from the newest on, page by page.

    Yields the numbers of those that fit, newest first, and how many lines are left to look at.
    """
    called = names(incident)
    for end in range(len(told), 0, -PAGE):
        page = told[max(0, end - PAGE) : end]
        asked = [one.seq for one in page if _may_fit(one, incident, narrow)]
        if len(asked) > FEW:
            asked = list(range(page[0].seq, page[-1].seq + 1))
        read = await some(room, incident.id, asked)
        fitting = (seq for seq in reversed(read) if narrow.fits(read[seq], incident, called))
        yield tuple(fitting), max(0, end - PAGE)


def _may_fit(line: Line, incident: Incident, narrow: Filter) -> bool:
    """Tell whether an entry may fit, before it is read."""
    pinned = not narrow.pinned or line.seq in incident.pinned
    corrected = not narrow.corrected or f"{line.seq}" in incident.corrected
    return pinned and corrected and narrow.may_fit(line.kind, line.actor)


async def corrections(room: Room, inc: str, seq: int) -> tuple[Entry, ...]:
    """Return the entries that corrected this one, or its corrections, the oldest first."""

    async def work(tx: Tx) -> tuple[Entry, ...]:
        chain = await room.chain_of(tx, inc, room.store.seen)
        found: list[Entry] = []
        for one in await pointing.corrections(tx, chain, seq):
            found += await log.entries(tx, chain, one - 1, 1)
        return tuple(found)

    return await room.store.read(work)


async def anchored(room: Room, inc: str) -> Anchored | None:
    """Return the newest anchor of an incident that arrived somewhere, None where there is none."""
    chain = await room.store.read(lambda tx: room.chain_of(tx, inc, room.store.seen))
    for sending in await anchoring.sent(room):
        if sending.state != anchors.SENT:
            continue
        ends = {head.chain: head.entries for of in _bodies(sending) for head in of.chains}
        if chain in ends:
            return Anchored(sending.at, sending.place, ends[chain])
    return None


def _bodies(sending: anchors.Sending) -> tuple[Anchor, ...]:
    return anchoring.body_of(sending).anchors
