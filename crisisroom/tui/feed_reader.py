"""Reads the feed's parts from the room: no widget, no state, one answer for each question."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from crisisroom.core.errors import Usage
from crisisroom.core.mention import Mention
from crisisroom.core.query import Query
from crisisroom.room import Room, reading
from crisisroom.tui.viewmodel import PAGE, Need, newer, newest_first, older

FEW = 24  # changed mentions that are read one by one; more of them are read as a page


class Page(msgspec.Struct, frozen=True):
    """A part of the list: `start` is its first place, `chosen` the mention it was read for."""

    rows: Sequence[Mention]
    start: int
    total: int
    free: int
    chosen: str = ""


class More(msgspec.Struct, frozen=True):
    """The next page above or below."""

    need: Need
    rows: Sequence[Mention]


class Fresh(msgspec.Struct, frozen=True):
    """What changed: mentions as they are now, what is new on top, how many are newer."""

    changed: Sequence[Mention]
    rows: Sequence[Mention]
    newer: int
    free: int


class FeedReader:
    """Answers for one filter."""

    def __init__(self, room: Room, query: Query) -> None:
        self._room = room
        self._query = query

    async def top(self) -> Page:
        """Return the newest mentions."""
        rows = await self._find(limit=PAGE)
        return Page(rows, 0, await self._count(), await self.free())

    async def oldest(self) -> Page:
        """Return the end of the list."""
        rows = newest_first(await self._find(limit=PAGE, newest_first=False))
        total = await self._count()
        chosen = rows[-1].id if rows else ""
        return Page(rows, total - len(rows), total, await self.free(), chosen)

    async def around(self, chosen: str) -> Page:
        """Return the mentions around one, or the newest where it is gone."""
        try:
            mention = await reading.mention(self._room, chosen)
        except Usage:
            return await self.top()
        above = newest_first(await reading.mentions(self._room, newer(self._query, mention.number)))
        below = await reading.mentions(self._room, older(self._query, mention.number + 1))
        over = await self._count(after=mention.number)
        total = await self._count()
        return Page([*above, *below], over - len(above), total, await self.free(), chosen)

    async def more(self, need: Need) -> More:
        """Return the page above or below."""
        ask = older if need.side == "older" else newer
        rows = await reading.mentions(self._room, ask(self._query, need.number))
        return More(need, newest_first(rows))

    async def fresh(self, held: Sequence[Mention], top: int, *, follows: bool) -> Fresh:
        """Return `held` mentions as they are now, and what is newer than number `top`."""
        changed = await self._again(held)
        if follows:
            rows = newest_first(await reading.mentions(self._room, newer(self._query, top)))
            return Fresh(changed, rows, 0, await self.free())
        return Fresh(changed, (), await self._count(after=top), await self.free())

    async def next_free(self, number: int, step: int) -> str:
        """Return the id of the nearest free mention below or above a row, empty for none."""
        ask = older if step > 0 else newer
        query = msgspec.structs.replace(
            ask(self._query, number), limit=1, states=self._query.states or ("new",)
        )
        rows = await reading.mentions(self._room, query)
        return rows[0].id if rows else ""

    async def free(self) -> int:
        """Return how many of the list are free."""
        if self._query.states and "new" not in self._query.states:
            return 0
        return await self._count(states=("new",))

    async def _again(self, held: Sequence[Mention]) -> Sequence[Mention]:
        if len(held) <= FEW:
            return [await reading.mention(self._room, mention.id) for mention in held]
        newest = max(mention.number for mention in held)
        return await self._find(before=newest + 1, limit=PAGE)

    async def _find(self, **narrowed: object) -> tuple[Mention, ...]:
        return await reading.mentions(self._room, self._narrowed(**narrowed))

    async def _count(self, **narrowed: object) -> int:
        return await reading.count(self._room, self._narrowed(**narrowed))

    def _narrowed(self, **narrowed: object) -> Query:
        return msgspec.structs.replace(self._query, **narrowed)
