"""Everything that is posted on Bluesky, as it is posted, and of that what says a watched term.

The address decides the dialect: a Jetstream server's `/subscribe`, or the `subscribeRepos` of a
data server or a relay. The cursor moves with what is heard, so that after a break, or with nobody
watching for a while, the server tells again what was missed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.bluesky.firehose import Told, Wire, wire_of
from crisisroom.bluesky.shapes import Author, languages_of, words_of, written
from crisisroom.core.errors import Refused
from crisisroom.core.mention import Incoming
from crisisroom.core.watchlist import Watchlist
from crisisroom.sources import Batch, Watched, options_as
from crisisroom.sources.bluesky import incoming_of
from crisisroom.wire.dates import parse

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_QUIET = 0.4  # seconds of silence after which what was gathered is handed on
_PATIENCE = 1.5  # seconds of silence after which a poll has heard all there was
_SOON = 0.5  # seconds that a mention waits at most for others
_MANY = 64  # mentions that are handed on at once
_SAVE = 5.0  # seconds after which the position is kept, whatever was heard
_ALIVE = 15.0  # seconds after which a stream that keeps nothing is taken for gone
_LONGEST = 8.0  # seconds that one poll listens
_MOST = 512  # mentions of one poll


class JetstreamOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What such a source may say: the stream's address."""

    url: str
    private: bool = False
    ca_file: str = ""


class _Term(msgspec.Struct, frozen=True):
    """A watched term as the watchlist wants it."""

    id: str
    say: str
    languages: tuple[str, ...]
    ours: bool = True


@dataclass(slots=True)
class _Ear:
    """Gathers what is heard of one connection until it is handed on."""

    source: str
    wire: Wire
    terms: Watchlist
    clock: Clock
    position: int
    found: list[Incoming] = field(default_factory=list)
    behind: bool = True  # what we hear was said before we came
    lost: bool = False  # the position was none of this server's
    _began: datetime = field(init=False)
    _saved: float = field(init=False)
    _first: float = 0.0

    def __post_init__(self) -> None:
        self._began = self.clock.now()
        self._saved = self.clock.monotonic() - _SAVE

    def hear(self, message: bytes) -> None:
        """Take in one message; b"" is silence, by which nothing is behind any more."""
        if not message:
            self.behind = False
            return
        told = self.wire.read(message)
        if told.restart:
            self.position, self.lost = 0, True
        self.position = max(self.position, told.position)
        at = _moment(told.at)
        self.behind = self.behind and (at is None or at < self._began)
        for uri, record in told.posts:
            if self._says(record) and (one := self._mention(told, uri, record, at)):
                self._first = self._first if self.found else self.clock.monotonic()
                self.found.append(one)

    def due(self, silent: bool) -> bool:
        """Tell whether to hand on now."""
        now = self.clock.monotonic()
        if self.found:
            return silent or len(self.found) >= _MANY or now - self._first >= _SOON
        return now - self._saved >= _SAVE

    def batch(self, *, note: str = "", more: bool = False) -> Batch:
        """Hand on what was gathered, and the position with it."""
        found, self.found = tuple(self.found), []
        self._saved = self.clock.monotonic()
        return Batch(found, self.cursor(), note, more)

    def cursor(self) -> dict[str, Any]:
        """Return the position, and when it was kept."""
        heard = int(self.clock.now().timestamp())
        return {"of": self.wire.of, "position": self.position, "heard": heard}

    def _says(self, record: Any) -> bool:
        """Tell whether a post says a watched term; most do not, so nothing else is read before."""
        words = words_of(record)
        if not words:
            return False
        langs = languages_of(record)
        return bool(self.terms.look(words, lang=langs[0] if len(langs) == 1 else "").terms)

    def _mention(
        self, told: Told, uri: str, record: Any, heard: datetime | None
    ) -> Incoming | None:
        said = written(record)
        if said is None:
            return None
        times = [one for one in (parse(said.created_at), heard) if one]
        author = Author(told.did)
        now = self.clock.now()
        return incoming_of(said, uri, author, self.source, min(times, default=None), now)


class JetstreamSource:
    """A stream of all posts; `stream` tells at once, `poll` what was missed with nobody there."""

    def __init__(
        self,
        source_id: str,
        options: JetstreamOptions,
        clock: Clock,
        watched: tuple[Watched, ...],
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._wire = wire_of(options.url)
        self._terms = Watchlist(_Term(one.id, one.query.text, one.languages) for one in watched)

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Listen until nothing is behind any more, some seconds at most.

        Nothing is asked while a stream keeps the cursor fresh. What was said before the first
        poll of all is history.
        """
        now = self._clock.now().timestamp()
        if self._is_fresh(cursor, now):
            return Batch((), cursor)
        ear = self._ear(self._position(cursor))
        if not ear.position and (begin := self._wire.beginning(now)):
            return Batch((), {**ear.cursor(), "position": begin, "heard": 0})
        # A poll that goes on where the last broke off must not hear the same again for ever.
        await self._catch_up(ear, fetch, rewind=not cursor.get("on"))
        more = ear.behind and not ear.lost
        note = "the server had forgotten where we were; it goes on from now" if ear.lost else ""
        batch = ear.batch(note=note, more=more)
        return msgspec.structs.replace(batch, cursor={**batch.cursor, "heard": 0, "on": more})

    async def _catch_up(self, ear: _Ear, fetch: Fetcher, *, rewind: bool) -> None:
        """Listen until nothing is behind, it is enough for one poll, or time is up."""
        until = self._clock.monotonic() + _LONGEST
        url = self._wire.url(ear.position, rewind=rewind)
        async with aclosing(self._messages(url, fetch, _PATIENCE)) as heard:
            async for message in heard:
                ear.hear(message)
                if not ear.behind or ear.lost or len(ear.found) >= _MOST:
                    return
                if self._clock.monotonic() > until:
                    return

    async def stream(self, cursor: dict[str, Any], fetch: Fetcher) -> AsyncGenerator[Batch, None]:
        """Yield what says a watched term, with the position that it moves the cursor to."""
        ear = self._ear(self._position(cursor))
        url = self._wire.url(ear.position)
        async with aclosing(self._messages(url, fetch, _QUIET)) as heard:
            async for message in heard:
                ear.hear(message)
                if ear.lost:
                    yield ear.batch()
                    return
                if ear.due(not message):
                    yield ear.batch()
        if ear.found:
            yield ear.batch()

    def _messages(self, url: str, fetch: Fetcher, quiet: float) -> AsyncGenerator[bytes, None]:
        from crisisroom.fetch._ws import messages  # loads the HTTP library

        o = self._options
        return messages(
            fetch, url, quiet=quiet, cap=self._wire.cap, private=o.private, ca_file=o.ca_file
        )

    def _ear(self, position: int) -> _Ear:
        return _Ear(self.id, self._wire, self._terms, self._clock, position)

    def _position(self, cursor: dict[str, Any]) -> int:
        """Return where we were; another server's numbers say nothing here."""
        return int(cursor.get("position", 0)) if cursor.get("of") == self._wire.of else 0

    def _is_fresh(self, cursor: dict[str, Any], now: float) -> bool:
        return cursor.get("of") == self._wire.of and abs(now - cursor.get("heard", 0)) < _ALIVE


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> JetstreamSource:
    """Build the source from its options and the terms to listen for; it takes no token."""
    chosen = options_as(JetstreamOptions, source_id, options)
    if not watched:
        message = f"source {source_id}: nothing to listen for in a stream of everything"
        raise Refused("bad-source", message, "add terms: to the configuration")
    return JetstreamSource(source_id, chosen, clock, watched)


def _moment(at: str | int) -> datetime | None:
    """Return when the network heard something."""
    if isinstance(at, str):
        return parse(at)
    seconds = at / 1_000_000
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 253_402_000_000 else None
