"""How far each list of a network is read, so that none is missed and none read for ever.

Lists are newest first. A poll reads back to what is known, a few pages at most; what is left is
for the next one. What arrives out of order is found because the last while is read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from crisisroom.core.mention import Incoming
from crisisroom.sources import Batch, oldest_first
from crisisroom.sources.web import Busy, Web, said
from crisisroom.wire.answer import FetchError
from crisisroom.wire.dates import clamp

_PAGES = 4  # of one list in one poll
_REMEMBERED = 2000  # ids
_GONE = frozenset({400, 404, 410})
_LONGEST_TOKEN = 2000
_LAST = 253_402_000_000.0  # seconds since 1970, in the year 9999


class Walk(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a list is read: all up to `since`; going back from `top`, `back` is next.

    Marks are seconds since 1970, or numbers that grow.
    """

    since: int = 0
    top: int = 0
    back: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer brought: mentions with their marks, and where older ones are."""

    found: list[tuple[int, Incoming]]
    older: str = ""
    bad: int = 0  # things in it that made no sense


Ask = Callable[[Walk], Awaitable[Page]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list to read: its name in the cursor, and how a page of it is asked for."""

    key: str
    ask: Ask


def step(walk: Walk, page: Page, *, late: int, start: int) -> Walk:
    """Return the walk after a page; the first of all ends there, for history is not ours.

    `late` is how far below what is known a page must reach; `start` where the first walk begins.
    """
    marks = [mark for mark, _ in page.found]
    top = max([walk.top, walk.since, start, *marks])
    older = page.older if len(page.older) <= _LONGEST_TOKEN else ""
    known = bool(marks) and min(marks) < walk.since - late
    if not walk.since or not older or older == walk.back or known:
        return Walk(top)
    return Walk(walk.since, top, older)


@dataclass(slots=True)
class Reading:
    """One poll of all lists: what it found, what went wrong, and the next cursor.

    A poll that has to break off is followed by one that begins with the next list. With `in_turn`
    every poll asks one list only: for servers that want few requests. What is older than `start`
    is no news, unless it came while nobody listened.
    """

    cursor: dict[str, Any]
    web: Web
    now: datetime
    late: int = 900  # how much is read again for what came late or was edited
    start: int = 0
    floor: float = 0.0  # seconds between two polls of the same list
    gap: float = 0.0  # seconds between two requests
    in_turn: bool = False
    _walks: dict[str, Walk] = field(default_factory=dict)
    _found: dict[str, Incoming] = field(default_factory=dict)
    _problems: list[tuple[str, FetchError]] = field(default_factory=list)
    _more: bool = False
    _bad: int = 0

    async def all(self, lists: Iterable[Listing]) -> Batch:
        """Read the lists; FetchError where none could be read."""
        known = {one.key: one for one in lists}
        if not known:
            return Batch((), self.cursor, "nothing to ask for: no watched term has words for it")
        self._walks = {key: _walk(self.cursor, key) for key in known}
        order = list(known.values())
        first = turn = int(self.cursor.get("turn", 0)) % len(order)
        done = 0
        for one in [*order[first:], *order[:first]]:
            done += await self._read(one)
            turn += 1
            if self.web.wait or self.in_turn:
                break
        if not done and not self.web.wait:
            raise self._problems[0][1]
        return self._batch(turn % len(order), len(order))

    async def _read(self, one: Listing) -> bool:
        """Read pages of one list; tell whether there was one."""
        read = 0
        try:
            while read < (1 if self.in_turn else _PAGES):
                await self._page(one)
                read += 1
                if not self._walks[one.key].back or self.web.wait:
                    break
        except FetchError as error:
            self._note(one.key, error)
            read += self._lost(one.key, error)
        self._more = self._more or bool(self._walks[one.key].back)
        return read > 0

    async def _page(self, one: Listing) -> None:
        walk = self._walks[one.key]
        page = await one.ask(walk)
        self._walks[one.key] = step(walk, page, late=self.late, start=self.start)
        self._bad += page.bad
        low = min(self.start, walk.since - self.late) if walk.since else self.start
        for mark, mention in page.found:
            if mark >= low:
                self._found.setdefault(mention.external_id, mention)

    def _note(self, key: str, error: FetchError) -> None:
        self._problems.append((key, error))
        if isinstance(error, Busy):
            self.web.rest(error.wait)

    def _lost(self, key: str, error: FetchError) -> bool:
        """Begin at the top again where the server has forgotten the page we were at."""
        walk = self._walks[key]
        if walk.back and error.status in _GONE:
            self._walks[key] = Walk(walk.since)
            return True
        return False

    def _batch(self, turn: int, lists: int) -> Batch:
        seen: dict[str, str] = self.cursor.get("seen") or {}
        marks = {one.external_id: digest(one) for one in self._found.values()}
        new = [one for key, one in self._found.items() if seen.get(key) != marks[key]]
        kept = {**{k: v for k, v in seen.items() if k not in marks}, **_turned(marks)}
        after: dict[str, Any] = {
            "lists": {key: msgspec.to_builtins(walk) for key, walk in self._walks.items()},
            "seen": dict(list(kept.items())[-_REMEMBERED:]),
        }
        if turn:
            after["turn"] = turn
        wait = max(self.web.wait, self._pace(lists))
        more = self._more and not wait
        return Batch(oldest_first(new, self.now), after, self._words(), more, wait)

    def _pace(self, lists: int) -> float:
        if self._more or any(isinstance(error, Busy) for _, error in self._problems):
            return self.gap
        floor = max(self.floor, self.web.pace)
        return max(self.gap, floor / lists) if self.in_turn else floor

    def _words(self) -> str:
        notes = [said(f"{key}: {error.message}") for key, error in self._problems[:5]]
        notes += [f"{self._bad} things in the answer make no sense"] if self._bad else []
        return "; ".join(notes)


def digest(mention: Incoming) -> str:
    """Return a short mark of the words, by which an edit is noticed."""
    words = f"{mention.direct}{mention.text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(words, digest_size=4).hexdigest()


def moment(seconds: float | None, now: datetime) -> datetime | None:
    """Return the time of so many seconds since 1970, clamped; None where it is no time."""
    if seconds is None or not 0 < seconds < _LAST:
        return None
    return clamp(datetime.fromtimestamp(seconds, UTC), now)


def mark_of(posted_at: datetime | None, now: datetime) -> int:
    """Return the mark of a time: never later than now, or a wrong clock would hide what follows."""
    return int(min(posted_at or now, now).timestamp())


def _walk(cursor: dict[str, Any], key: str) -> Walk:
    return msgspec.convert((cursor.get("lists") or {}).get(key) or {}, Walk)


def _turned(marks: dict[str, str]) -> dict[str, str]:
    """Return them oldest first: the oldest are forgotten first."""
    return dict(reversed(list(marks.items())))
