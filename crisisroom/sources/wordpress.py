"""The comments of a WordPress blog: over its REST interface, else from its comments feed.

With an application password those that wait for moderation come as well. The last while is read
again in each poll, for a comment shows when it is let through, under the time it was written at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.mention import Author, Incoming
from crisisroom.sources import Batch, Watched, options_as
from crisisroom.sources.entry import mentions_of
from crisisroom.sources.walk import Listing, Page, Reading, Walk, mark_of
from crisisroom.sources.web import Busy, Params, Web, guarded, readable
from crisisroom.text.markup import html_text
from crisisroom.wire.answer import Basic, FetchError
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_PAGE = 100
_FIRST = 30 * 86_400  # seconds: the comments of a blog that is new to us
_LATE = 2 * 86_400  # seconds in which a comment may wait until it is let through
_LATE_SEEN = 6 * 3600  # where those that wait are seen as well
_OFF = frozenset({401, 403, 404, 410})  # no REST interface, or not for us
# the feed's "In reply to Pat (https://blog.example/?p=4#comment-2)." in any language
_ANSWERS = re.compile(r"[^\n]{1,300}#comment-(\d{1,20})\)[^\n]{0,20}\n+")
_COMMENT = re.compile(r"#comment-(\d{1,20})$")


class WordPressOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a blog may say: its address, and who moderates it."""

    url: str
    server: str = ""  # of the account; the blog's own address is asked
    handle: str = ""
    private: bool = False
    ca_file: str = ""


class _Comment(msgspec.Struct, frozen=True):
    id: int
    parent: int = 0
    author: int = 0
    author_name: str = ""
    date_gmt: str = ""
    content: dict[str, Any] = {}
    link: str = ""
    type: str = "comment"


class _Me(msgspec.Struct, frozen=True):
    id: int


class WordPressSource:
    """One blog's comments; `poll` raises FetchError where neither REST nor the feed answers."""

    def __init__(
        self, source_id: str, options: WordPressOptions, clock: Clock, login: Basic | None
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._login = login

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for the newest comments, and again for those of the last while."""
        o = self._options
        now = self._clock.now()
        headers = {"Authorization": self._login.header} if self._login else {}
        web = Web(fetch, o.url, o.private, o.ca_file, headers)
        me = await self._me(web, cursor)
        blog = _Blog(self.id, web, now, me)
        late = _LATE_SEEN if self._login else _LATE
        reading = Reading(cursor, web, now, late=late, start=int(now.timestamp()) - _FIRST)
        batch = await reading.all([Listing("comments", blog.page)])
        note = "; ".join(one for one in (batch.note, blog.note) if one)
        return msgspec.structs.replace(batch, cursor={**batch.cursor, "me": me}, note=note)

    async def _me(self, web: Web, cursor: dict[str, Any]) -> int:
        """Return our own number there, whose comments are not mentions; 0 without a login."""
        if not self._login:
            return 0
        if known := int(cursor.get("me", 0)):
            return known
        try:
            return (await web.json(_Me, "/", [("rest_route", "/wp/v2/users/me")])).id
        except FetchError as error:
            if error.status in _OFF - {401}:  # a wrong password is for a person to mend
                return 0
            raise


class _Blog:
    """One poll of a blog; `note` says what could not be had."""

    def __init__(self, source: str, web: Web, now: datetime, me: int) -> None:
        self._source = source
        self._web = web
        self._now = now
        self._me = me
        self._held = bool(me)
        self.note = ""

    async def page(self, walk: Walk) -> Page:
        """Return a page of comments, newest first; those of the feed where REST is off."""
        try:
            return await self._rest(walk)
        except Busy:
            raise
        except FetchError as error:
            if walk.back and error.status == 400:
                return Page([])  # that was the last page
            if error.status not in _OFF and error.code != "protocol":
                raise
            if self._held:
                self._held = False
                self.note = "comments that wait for moderation: not shown to this account"
                return await self.page(walk)
            return await self._feed()

    async def _rest(self, walk: Walk) -> Page:
        number = int(walk.back or 1)
        body = await self._web.get("/", self._params(number))
        raws = await self._web.read(_Listed, b'{"all":' + body + b"}")
        comments, bad = readable(raws.all[:_PAGE], _Comment)
        made = [
            self._mention(one)
            for one in comments
            if one.type == "comment" and not (self._me and one.author == self._me)
        ]
        found = [(mark_of(one.posted_at, self._now), one) for one in made]
        older = str(number + 1) if len(raws.all) >= _PAGE else ""
        return Page(found, older, bad)

    def _params(self, number: int) -> Params:
        params = [
            ("rest_route", "/wp/v2/comments"),
            ("orderby", "date_gmt"),
            ("order", "desc"),
            ("per_page", str(_PAGE)),
            ("page", str(number)),
        ]
        return [*params, ("status", "all")] if self._held else params

    def _mention(self, comment: _Comment) -> Incoming:
        html = comment.content.get("rendered")
        posted = parse(comment.date_gmt)
        name = html_text(comment.author_name).strip()
        return Incoming(
            text=html_text(html if isinstance(html, str) else "").strip(),
            source=self._source,
            external_id=str(comment.id),
            kind="comment",
            author=Author(name, name),
            url=comment.link if comment.link.startswith(("http://", "https://")) else "",
            posted_at=posted and clamp(posted, self._now),
            reply_to=str(comment.parent) if comment.parent else "",
            direct=True,
        )

    async def _feed(self) -> Page:
        document = await self._web.feed("/", [("feed", "comments-rss2")])
        made = mentions_of(
            document, source=self._source, base=self._web.server, kind="comment", now=self._now
        )
        self.note = "REST is off: from the comments feed"
        found = [_as_rest(one) for one in made.mentions]
        return Page([(mark_of(one.posted_at, self._now), one) for one in found])


class _Listed(msgspec.Struct, frozen=True):
    all: tuple[msgspec.Raw, ...]


def _as_rest(mention: Incoming) -> Incoming:
    """Give a comment of the feed the id that REST gives it, so that neither stands twice."""
    number = _COMMENT.search(mention.external_id) or _COMMENT.search(mention.url)
    answers = _ANSWERS.match(mention.text)
    return msgspec.structs.replace(
        mention,
        text=mention.text[answers.end() :] if answers else mention.text,
        external_id=number[1] if number else mention.external_id,
        kind="comment",
        reply_to=answers[1] if answers else "",
        direct=True,
    )


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> WordPressSource:
    """Build the source from its options and the account's application password, if any."""
    chosen = options_as(WordPressOptions, source_id, options)
    guarded(source_id, chosen.url, token, chosen.private)
    login = Basic(chosen.handle, token) if token and chosen.handle else None
    return WordPressSource(source_id, chosen, clock, login)
