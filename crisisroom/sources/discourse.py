"""A Discourse forum: its newest posts, or what its search or its feed has where these are closed.

`/posts.json` gives whole posts, all of them, so the watched words are looked for here and no
search is needed; `/search.json` gives the beginning of each post it finds
(https://docs.discourse.org).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.mention import Author, Incoming
from crisisroom.core.querywords import as_discourse
from crisisroom.sources import Batch, Watched, options_as, searches
from crisisroom.sources.entry import mentions_of
from crisisroom.sources.walk import Listing, Page, Reading, Walk, mark_of
from crisisroom.sources.web import Web, readable
from crisisroom.text.markup import html_text
from crisisroom.wire.answer import FetchError
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_WINDOW = 50  # post numbers that one answer covers, visible or not
_FLOOR = 30.0  # seconds between two polls
_SHUT = frozenset({400, 403, 404, 410})
_WAYS = ("posts", "search", "feed")
_DAY = 86_400.0
_TOPIC_ID = re.compile(r"-topic-([0-9]{1,18})\Z")


class DiscourseOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The forum's address, and how to reach it."""

    url: str
    server: str = ""
    private: bool = False
    ca_file: str = ""


class _Post(msgspec.Struct, frozen=True):
    id: int
    username: str = ""
    name: str | None = None
    created_at: str = ""
    cooked: str | None = None
    blurb: str | None = None
    post_number: int = 1
    reply_to_post_number: int | None = None
    topic_id: int = 0
    topic_slug: str | None = None
    topic_title: str | None = None
    topic_title_headline: str | None = None


class _Latest(msgspec.Struct, frozen=True):
    latest_posts: tuple[msgspec.Raw, ...]


class _Topic(msgspec.Struct, frozen=True):
    id: int
    title: str = ""
    slug: str = ""


class _Found(msgspec.Struct, frozen=True):
    posts: tuple[msgspec.Raw, ...] | None = None
    topics: tuple[msgspec.Raw, ...] | None = None


class DiscourseSource:
    """One forum; `poll` raises FetchError where nothing of it is open to strangers."""

    def __init__(
        self, source_id: str, options: DiscourseOptions, clock: Clock, watched: tuple[Watched, ...]
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._watched = watched

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for the newest posts; once a day, try again the better way that was closed."""
        o = self._options
        now = self._clock.now()
        web = Web(fetch, (o.server or o.url).rstrip("/"), o.private, o.ca_file)
        ways = list(self._ways(cursor, now.timestamp()))
        for way in ways:
            forum = _Forum(self.id, web, now, self._watched)
            try:
                reading = Reading(cursor, web, now, late=0, floor=_FLOOR)
                batch = await reading.all(forum.lists(way))
            except FetchError as error:
                if error.status in _SHUT and way != ways[-1]:
                    continue
                raise
            tried = cursor.get("tried", 0.0) if way == cursor.get("way") else now.timestamp()
            cursor = {**batch.cursor, "way": way, "tried": tried}
            return msgspec.structs.replace(batch, cursor=cursor, note=_note(way, batch.note))
        raise AssertionError("there is always a way")

    def _ways(self, cursor: dict[str, Any], now: float) -> Iterator[str]:
        fresh = 0 <= now - float(cursor.get("tried", 0.0)) < _DAY
        first = cursor.get("way", _WAYS[0]) if fresh else _WAYS[0]
        for way in _WAYS[_WAYS.index(first) :] if first in _WAYS else _WAYS:
            if way != "search" or self._watched:
                yield way


class _Forum:
    """The lists of one poll."""

    def __init__(self, source: str, web: Web, now: datetime, watched: tuple[Watched, ...]) -> None:
        self._source = source
        self._web = web
        self._now = now
        self._watched = watched

    def lists(self, way: str) -> Iterator[Listing]:
        if way == "posts":
            yield Listing("posts", self._latest)
        elif way == "feed":
            yield Listing("feed", self._feed)
        else:
            for words in searches(self._watched, as_discourse):
                yield self._search(words)

    async def _latest(self, walk: Walk) -> Page:
        params = [("before", walk.back)] if walk.back else []
        answer = await self._web.json(_Latest, "/posts.json", params)
        posts, bad = readable(answer.latest_posts[:500], _Post)
        marks = [(post.id, self._incoming(post, "", "")) for post in posts]
        low = min((post.id for post in posts), default=_number(walk.back) - _WINDOW + 1)
        return Page(marks, str(low - 1) if low - 1 > walk.since else "", bad)

    def _search(self, words: str) -> Listing:
        async def ask(_: Walk) -> Page:
            params = [("q", f"{words} order:latest")]
            answer = await self._web.json(_Found, "/search.json", params)
            posts, bad = readable((answer.posts or ())[:500], _Post)
            topics, odd = readable((answer.topics or ())[:500], _Topic)
            named = {topic.id: topic for topic in topics}
            found = [(p.id, self._hit(p, named.get(p.topic_id, _Topic(0)))) for p in posts]
            return Page(found, "", bad + odd)

        return Listing(f"search {words}", ask)

    def _hit(self, post: _Post, topic: _Topic) -> Incoming:
        return self._incoming(post, topic.title, topic.slug)

    async def _feed(self, _: Walk) -> Page:
        document = await self._web.feed("/latest.rss")
        made = mentions_of(
            document, source=self._source, base=self._web.server, kind="post", now=self._now
        )
        return Page([(mark_of(one.posted_at, self._now), _topic(one)) for one in made.mentions])

    def _incoming(self, post: _Post, title: str, slug: str) -> Incoming:
        title = title or post.topic_title or html_text(post.topic_title_headline or "")
        body = html_text(post.cooked if post.cooked is not None else post.blurb or "")
        first = post.post_number == 1
        posted_at = parse(post.created_at)
        return Incoming(
            text=f"{title}\n\n{body}".strip() if first and title else body,
            source=self._source,
            external_id=f"{post.topic_id}/{post.post_number}",
            kind="post" if first else "comment",
            author=Author(handle=post.username, name=post.name or post.username),
            url=f"{self._web.server}/t/{_slug(slug or post.topic_slug)}/{post.topic_id}"
            f"/{post.post_number}",
            posted_at=posted_at and clamp(posted_at, self._now),
            reply_to="" if first else f"{post.topic_id}/{post.reply_to_post_number or 1}",
        )


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> DiscourseSource:
    """Build the source; a forum that is open to strangers needs no token."""
    chosen = options_as(DiscourseOptions, source_id, options)
    return DiscourseSource(source_id, chosen, clock, watched)


def _topic(one: Incoming) -> Incoming:
    """Return a feed's entry under the id that the other ways give it."""
    found = _TOPIC_ID.search(one.external_id)
    return msgspec.structs.replace(one, external_id=f"{found[1]}/1") if found else one


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _slug(text: str | None) -> str:
    """Return a topic's name in addresses; `-` stands for any, where it would not fit one."""
    fits = text and len(text) <= 200 and all(c.isalnum() or c in "-_" for c in text)
    return text if text and fits else "-"


def _note(way: str, note: str) -> str:
    told = {"search": "only its search is open: the beginning of each post",
            "feed": "only its feed is open"}.get(way, "")  # fmt: skip
    return "; ".join(part for part in (told, note) if part)
