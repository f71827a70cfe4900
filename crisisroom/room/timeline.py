"""The timeline as people look at it: narrowed, forwards or backwards, or followed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.links import names
from crisisroom.core.timefilter import Filter
from crisisroom.core.timeline import Entry
from crisisroom.room import Room, reading
from crisisroom.room.following import Turn, following
from crisisroom.store import Tx, log

PAGE = 500  # entries read at once


class Seen(msgspec.Struct, frozen=True):
    """An entry, and the incident as it was when the entry was looked at.

    `called` are the incident's names, see `core.links.names`.
    """

    entry: Entry
    incident: Incident
    called: dict[str, str]


class _Page(msgspec.Struct, frozen=True):
    incident: Incident
    entries: tuple[Entry, ...]
    last: int  # the number of the newest entry, whoever may read it


class _Narrowing:
    """Narrows page after page; an incident's names are gathered once while it stays the same."""

    def __init__(self, narrow: Filter) -> None:
        self._narrow = narrow
        self._incident: Incident | None = None
        self._called: dict[str, str] = {}

    def __call__(self, page: _Page) -> list[Seen]:
        if page.incident is not self._incident:
            self._incident, self._called = page.incident, names(page.incident)
        called = self._called
        found = (Seen(entry, page.incident, called) for entry in page.entries)
        return [one for one in found if self._narrow.fits(one.entry, one.incident, called)]


async def _page(room: Room, inc: str, after: int, limit: int) -> _Page:
    """Read entries and the incident of one moment."""

    async def work(tx: Tx) -> _Page:
        chain = await room.chain_of(tx, inc, room.store.seen)
        state = await log.state(tx, chain, room.store.seen)
        assert state is not None
        last, _ = await log.head(tx, chain)
        return _Page(state, await log.entries(tx, chain, after, limit), last)

    return await room.store.read(work)


async def forwards(room: Room, inc: str, narrow: Filter, *, after: int = 0) -> AsyncIterator[Seen]:
    """Yield the entries after number `after` that fit, the oldest first."""
    narrowed = _Narrowing(narrow)
    while True:
        page = await _page(room, inc, after, PAGE)
        for one in narrowed(page):
            yield one
        after += PAGE
        if after >= page.last:
            return


async def backwards(
    room: Room, inc: str, narrow: Filter, *, after: int = 0, upto: int | None = None
) -> AsyncIterator[Seen]:
    """Yield the entries that fit, the newest first, down to number `after`, which is left out.

    `upto` is the number to begin with, the newest where it is not given.
    """
    last = (await reading.incident(room, inc)).seq if upto is None else upto
    narrowed = _Narrowing(narrow)
    while last > after:
        first = max(after, last - PAGE)
        page = await _page(room, inc, first, last - first)
        for one in reversed(narrowed(page)):
            yield one
        last = first


async def newest(
    room: Room, inc: str, narrow: Filter, count: int, *, after: int = 0
) -> tuple[list[Seen], int]:
    """Return the newest so many entries that fit, oldest first, and the number looked at last."""
    upto = (await reading.incident(room, inc)).seq
    found: list[Seen] = []
    if count > 0:
        async for one in backwards(room, inc, narrow, after=after, upto=upto):
            found.append(one)
            if len(found) == count:
                break
    return found[::-1], max(after, upto)


def follow(room: Room, inc: str, narrow: Filter, *, after: int = 0) -> AsyncIterator[Seen | Turn]:
    """Yield the entries after number `after` that fit, then each further one as it is written.

    Every entry comes once; where the room is away meanwhile, that it is and when it is back.
    """
    return following(room, _Rest(room, inc, narrow, after))


class _Rest:
    """Reads what was written since it was asked last."""

    def __init__(self, room: Room, inc: str, narrow: Filter, after: int) -> None:
        self._room = room
        self._inc = inc
        self._after = after
        self._narrowed = _Narrowing(narrow)

    async def __call__(self) -> AsyncIterator[Seen]:
        while True:
            page = await _page(self._room, self._inc, self._after, PAGE)
            for one in self._narrowed(page):
                yield one
            self._after = max(self._after, min(self._after + PAGE, page.last))
            if self._after >= page.last:
                return


async def one(room: Room, inc: str, seq: int) -> Seen:
    """Return one entry by its number; LookupError where there is none."""
    page = await _page(room, inc, seq - 1, 1)
    return Seen(page.entries[0], page.incident, names(page.incident))
