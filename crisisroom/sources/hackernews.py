"""Hacker News, through its search: stories and comments that say a watched term.

The search is Algolia's (https://hn.algolia.com/api): no key, ten thousand questions an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.mention import Author, Incoming
from crisisroom.core.querywords import as_hackernews
from crisisroom.sources import Batch, Watched, options_as, searches
from crisisroom.sources.walk import Listing, Page, Reading, Walk, mark_of, moment
from crisisroom.sources.web import Web, WebOptions, readable
from crisisroom.text.markup import html_text
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_SERVER = "https://hn.algolia.com"
_ITEM = "https://news.ycombinator.com/item?id="
_PAGE = 100  # hits
_LATE = 900  # seconds; the index follows within minutes, and comments may be edited
_FIRST = 7 * 86_400  # seconds; how far the first look goes back
_FLOOR = 30.0  # seconds between two polls


class _Hit(msgspec.Struct, frozen=True):
    objectID: str
    created_at_i: int | None = None
    created_at: str | None = None
    author: str | None = None
    title: str | None = None
    url: str | None = None
    story_text: str | None = None
    comment_text: str | None = None
    parent_id: int | None = None


class _Hits(msgspec.Struct, frozen=True):
    hits: tuple[msgspec.Raw, ...]


class HackerNewsSource:
    """The watched terms, searched for on Hacker News; `poll` raises FetchError."""

    def __init__(
        self, source_id: str, options: WebOptions, clock: Clock, watched: tuple[Watched, ...]
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._watched = watched

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for what is new under each search."""
        o = self._options
        now = self._clock.now()
        web = Web(fetch, o.server or _SERVER, o.private, o.ca_file)
        start = int(now.timestamp()) - _FIRST
        reading = Reading(cursor, web, now, late=_LATE, start=start, floor=_FLOOR)
        return await reading.all(self._lists(web, start, now))

    def _lists(self, web: Web, start: int, now: datetime) -> Iterator[Listing]:
        for words in searches(self._watched, as_hackernews):

            async def ask(walk: Walk, words: str = words) -> Page:
                params = _params(words, walk, start)
                answer = await web.json(_Hits, "/api/v1/search_by_date", params)
                return _page(answer, self.id, now)

            yield Listing(words, ask)


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> HackerNewsSource:
    """Build the source; Hacker News takes no token."""
    return HackerNewsSource(source_id, options_as(WebOptions, source_id, options), clock, watched)


def _params(words: str, walk: Walk, start: int) -> list[tuple[str, str]]:
    since = walk.since - _LATE if walk.since else start
    between = [f"created_at_i>={since}"] + ([f"created_at_i<={walk.back}"] if walk.back else [])
    return [
        ("query", words),
        ("tags", "(story,comment)"),
        ("numericFilters", ",".join(between)),
        ("hitsPerPage", str(_PAGE)),
        ("typoTolerance", "false"),
        ("advancedSyntax", "true"),
        ("restrictSearchableAttributes", "title,url,story_text,comment_text"),
    ]


def _page(answer: _Hits, source: str, now: datetime) -> Page:
    hits, bad = readable(answer.hits[:1000], _Hit)
    found = [_incoming(hit, source, now) for hit in hits]
    marks = [(mark_of(one.posted_at, now), one) for one in found]
    older = str(min(mark for mark, _ in marks)) if len(answer.hits) >= _PAGE and marks else ""
    return Page(marks, older, bad)


def _incoming(hit: _Hit, source: str, now: datetime) -> Incoming:
    told = hit.created_at or ""
    posted_at = moment(hit.created_at_i, now) or ((at := parse(told)) and clamp(at, now))
    comment = hit.comment_text is not None
    words = [hit.title or "", html_text(hit.story_text or hit.comment_text or ""), hit.url or ""]
    return Incoming(
        text="\n\n".join(part for part in words if part),
        source=source,
        external_id=hit.objectID[:500],
        kind="comment" if comment else "post",
        author=Author(handle=hit.author or "", name=hit.author or ""),
        url=f"{_ITEM}{hit.objectID}" if hit.objectID.isdecimal() else "",
        posted_at=posted_at,
        reply_to=str(hit.parent_id) if comment and hit.parent_id else "",
    )
