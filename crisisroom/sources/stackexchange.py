"""Stack Exchange: questions on one of its sites that say a watched term or wear a watched tag.

The API (https://api.stackexchange.com/docs) gives 300 answers a day without a key and 10,000
with one; it says in each answer how many are left and when to stay away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.mention import Author, Incoming
from crisisroom.core.querywords import as_stackexchange
from crisisroom.sources import Batch, Watched, options_as
from crisisroom.sources.walk import Listing, Page, Reading, Walk, mark_of, moment
from crisisroom.sources.web import Busy, Web, decoded, guarded, readable, said
from crisisroom.text.markup import html_text
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_SERVER = "https://api.stackexchange.com"
_PAGE = 100  # questions
_LATE = 900  # seconds
_FIRST = 7 * 86_400  # seconds; how far the first look goes back
_FLOOR = 60.0  # seconds: the API itself remembers an answer for as long
_DAY = 86_400.0
_SPENT = 3_600.0  # seconds until a spent day is looked at again
_THROTTLED = "throttle_violation"


class StackExchangeOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which site to ask (`stackoverflow`), and which tags to watch besides the terms."""

    site: str
    tagged: tuple[str, ...] = ()
    server: str = ""
    host: str = ""
    handle: str = ""
    private: bool = False
    ca_file: str = ""


class _Owner(msgspec.Struct, frozen=True):
    display_name: str | None = None
    user_id: int | None = None


class _Question(msgspec.Struct, frozen=True):
    question_id: int
    creation_date: int | None = None
    title: str = ""
    body: str = ""
    link: str = ""
    owner: _Owner = _Owner()


class _Wrapper(msgspec.Struct, frozen=True):
    """The common wrapper: `backoff` is in seconds."""

    items: tuple[msgspec.Raw, ...] = ()
    has_more: bool = False
    backoff: int | None = None
    quota_max: int | None = None
    quota_remaining: int | None = None


class _Error(msgspec.Struct, frozen=True):
    error_name: str = ""
    error_message: str = ""


class StackExchangeSource:
    """Searches and tags of one site; `poll` raises FetchError."""

    def __init__(
        self,
        source_id: str,
        options: StackExchangeOptions,
        clock: Clock,
        token: str,
        watched: tuple[Watched, ...],
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._key = token
        self._watched = watched

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for the newest questions of each search and tag."""
        o = self._options
        now = self._clock.now()
        web = Web(fetch, o.server or _SERVER, o.private, o.ca_file)
        start = int(now.timestamp()) - _FIRST
        questions = list(self._questions())
        reading = Reading(cursor, web, now, late=_LATE, start=start, floor=_FLOOR)
        asked = _Asked(self.id, o.site, self._key, web, now, start, len(questions))
        return await reading.all(asked.listing(*one) for one in questions)

    def _questions(self) -> Iterator[tuple[str, str, str]]:
        """Yield path, parameter and value of each list."""
        for tag in self._options.tagged:
            yield "/2.3/questions", "tagged", tag
        for one in self._watched:
            for words in as_stackexchange(one.query, one.languages):
                yield "/2.3/search/advanced", "q", words


class _Asked:
    """The questions of one poll to one site."""

    def __init__(
        self, source: str, site: str, key: str, web: Web, now: datetime, start: int, lists: int
    ) -> None:
        self._source = source
        self._common = [("site", site), ("filter", "withbody"), ("pagesize", str(_PAGE))]
        self._common += [("order", "desc"), ("sort", "creation")]
        self._common += [("key", key)] if key else []
        self._web = web
        self._now = now
        self._start = start
        self._lists = lists

    def listing(self, path: str, name: str, value: str) -> Listing:
        async def ask(walk: Walk) -> Page:
            since = walk.since - _LATE if walk.since else self._start
            params = [(name, value), ("fromdate", str(since)), *self._common]
            params += [("todate", walk.back)] if walk.back else []
            return self._page(await self._answer(path, params), direct=name == "tagged")

        return Listing(f"{name} {value}", ask)

    async def _answer(self, path: str, params: list[tuple[str, str]]) -> _Wrapper:
        try:
            answer = await self._web.json(_Wrapper, path, params)
        except FetchError as error:
            raise self._explained(error) from error
        self._web.rest(float(min(answer.backoff or 0, 86_400)))
        if answer.quota_remaining == 0:
            self._web.rest(_SPENT)
        if answer.quota_max and 0 < answer.quota_max < 1_000_000:
            self._web.pace = self._lists * _DAY / answer.quota_max
        return answer

    def _explained(self, error: FetchError) -> FetchError:
        """Return the error with the API's own reason; being throttled is a wait."""
        if isinstance(error, Busy) or error.response is None:
            return error
        try:
            told = decoded(_Error, error.response.body, self._web.host)
        except FetchError:
            return error
        words = said(f"{told.error_name} {told.error_message}".strip())
        message = f"{error.message}: {words}" if words else error.message
        if told.error_name == _THROTTLED:
            return Busy(message, _SPENT, error.response)
        return FetchError(error.code, message, response=error.response, sent=True)

    def _page(self, answer: _Wrapper, direct: bool) -> Page:
        questions, bad = readable(answer.items[:_PAGE], _Question)
        found = [_incoming(one, self._source, self._now, direct) for one in questions]
        marks = [(mark_of(one.posted_at, self._now), one) for one in found]
        older = str(min(mark for mark, _ in marks)) if answer.has_more and marks else ""
        return Page(marks, older, bad)


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> StackExchangeSource:
    """Build the source; the token is an application's key, which raises the daily budget."""
    chosen = options_as(StackExchangeOptions, source_id, options)
    guarded(source_id, chosen.server or _SERVER, token, chosen.private)
    return StackExchangeSource(source_id, chosen, clock, token, watched)


def _incoming(one: _Question, source: str, now: datetime, direct: bool) -> Incoming:
    name = html_text(one.owner.display_name or "").strip()
    title = html_text(one.title).strip()
    return Incoming(
        text="\n\n".join(part for part in (title, html_text(one.body)) if part),
        source=source,
        external_id=str(one.question_id),
        kind="post",
        author=Author(handle=name, name=name),
        url=one.link,
        posted_at=moment(one.creation_date, now),
        direct=direct,  # our own tag makes it ours, whatever its words
    )
