"""X: the watched terms by recent search, and at once by the filtered stream.

Written from X's public documentation of its API, version 2; it has not been proved against X
itself. A post that is edited keeps the id of its first version. Rules of the stream that others
have set are neither changed nor listened to: ours have the tag `crisisroom:` and the source's id.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.mention import Incoming
from crisisroom.core.querywords import as_x
from crisisroom.sources import Batch, Watched, options_as, searches
from crisisroom.sources.walk import Listing, Page, Reading, Walk
from crisisroom.sources.web import Web, decoded, guarded, nonsense, readable, said
from crisisroom.sources.x_posts import FIELDS, Includes, Post, Posts, incoming, ours
from crisisroom.sources.x_rules import Flaw, Rule, synced
from crisisroom.wire.answer import Bearer, FetchError

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_SERVER = "https://api.x.com"
_PAGE = 100
_FIRST = 86_400  # seconds: what the first poll of all looks back
_OLDEST = 6 * 86_400 + 80_000  # seconds: recent search knows seven days and refuses older ids
_LATE = 60_000 << 22  # a minute, as ids count: posts are found a little after they are written
_EPOCH_MS = 1_288_834_974_657  # where the clock in the ids begins
_IDLE = 60.0  # seconds; a blank line comes every twenty


class XOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a source on X may say; `server` replaces the address, for a gateway or a test."""

    server: str = ""
    handle: str = ""
    streaming: bool = False
    private: bool = False
    ca_file: str = ""


class Told(msgspec.Struct, frozen=True):
    """One line of the stream: a post and the rules that found it, or why it ends."""

    data: msgspec.Raw = msgspec.Raw()
    includes: Includes = Includes()
    matching_rules: tuple[Rule, ...] = ()
    errors: tuple[Flaw, ...] = ()


class XSource:
    """The watched terms on X; `poll` raises FetchError."""

    def __init__(
        self,
        source_id: str,
        options: XOptions,
        clock: Clock,
        token: str,
        watched: tuple[Watched, ...],
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._auth = Bearer(token)
        self._searches = list(searches(watched, as_x))

    @property
    def _server(self) -> str:
        return (self._options.server or _SERVER).rstrip("/")

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Search for what is new under each query, newest first, back to what is known."""
        o = self._options
        now = self._clock.now()
        headers = {"Authorization": self._auth.header}
        web = Web(fetch, self._server, o.private, o.ca_file, headers)
        reading = Reading(cursor, web, now, late=_LATE, start=_id_at(now, _FIRST))
        return await reading.all(self._lists(web, now))

    def _lists(self, web: Web, now: datetime) -> Iterator[Listing]:
        for words in self._searches:

            async def ask(walk: Walk, words: str = words) -> Page:
                params = _params(words, walk, now)
                answer = await web.json(Posts, "/2/tweets/search/recent", params)
                return self._page(answer, now)

            yield Listing(words, ask)

    def _page(self, answer: Posts, now: datetime) -> Page:
        posts, bad = readable(answer.data[:_PAGE], Post)
        known = answer.includes
        found = [
            (int(post.id), incoming(post, known, self.id, now))
            for post in posts
            if post.id.isdecimal() and ours(post, known, self._options.handle)
        ]
        return Page(found, answer.meta.next_token, bad)

    async def stream(
        self, cursor: dict[str, Any], fetch: Fetcher
    ) -> AsyncGenerator[Incoming, None]:
        """Yield posts as X finds them, once our rules are set there; the polls close the gaps."""
        o = self._options
        if not o.streaming or not self._searches:
            return
        reach = {"auth": self._auth, "private": o.private, "ca_file": o.ca_file}
        rules = f"{self._server}/2/tweets/search/stream/rules"
        mine = await synced(fetch, rules, reach, self._searches, f"crisisroom:{self.id}")
        url = f"{self._server}/2/tweets/search/stream?{urlencode(FIELDS)}"
        lines = fetch.lines(url, idle=_IDLE, auth=self._auth, private=o.private, ca_file=o.ca_file)
        async with aclosing(lines):
            async for line in lines:
                if mention := self._told(line, mine):
                    yield mention

    def _told(self, line: bytes, mine: frozenset[str]) -> Incoming | None:
        """Return the mention of a line; None for others' rules; FetchError at its end."""
        told = decoded(Told, line, self._server)
        if not bytes(told.data):
            if told.errors:
                raise FetchError(
                    "protocol", f"{self._server}: {said(told.errors[0].words)}", sent=True
                )
            return None
        if not any(one.id in mine for one in told.matching_rules):
            return None
        posts, bad = readable([told.data], Post)
        if bad:
            raise nonsense(self._server, "a post that is none")
        (post,) = posts
        if not ours(post, told.includes, self._options.handle):
            return None
        return incoming(post, told.includes, self.id, self._clock.now())


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> XSource:
    """Build the source from its options and the account's bearer token; Refused without one."""
    chosen = options_as(XOptions, source_id, options)
    if not token:
        raise Refused("no-token", f"source {source_id}: X answers nobody without a bearer token")
    guarded(source_id, chosen.server or _SERVER, token, chosen.private)
    return XSource(source_id, chosen, clock, token, watched)


def _id_at(now: datetime, ago: float) -> int:
    """Return the id that a post of so many seconds ago would have."""
    return max(0, int((now.timestamp() - ago) * 1000) - _EPOCH_MS) << 22


def _params(words: str, walk: Walk, now: datetime) -> list[tuple[str, str]]:
    since = max(walk.since - _LATE if walk.since else _id_at(now, _FIRST), _id_at(now, _OLDEST))
    params = [("query", words), ("max_results", str(_PAGE)), ("since_id", str(since)), *FIELDS]
    return [*params, ("next_token", walk.back)] if walk.back else params
