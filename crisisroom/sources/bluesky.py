"""Bluesky through the user's own server: who names, answers or quotes us, and search.

A mention's `external_id` is the post's at:// address, which never changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from crisisroom.bluesky.api import MANY, Api
from crisisroom.bluesky.session import Account, door_of
from crisisroom.bluesky.shapes import (
    Author,
    Embed,
    Notification,
    Post,
    Written,
    did_of,
    each,
    page_of,
    shown_handle,
    written,
)
from crisisroom.core import mention
from crisisroom.core.errors import Refused
from crisisroom.core.mention import Incoming, Media
from crisisroom.core.querywords import as_bluesky
from crisisroom.sources import Batch, Watched, options_as, searches
from crisisroom.sources.walk import Listing, Page, Reading, Walk, mark_of
from crisisroom.sources.web import Busy, Web
from crisisroom.wire.answer import FetchError
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_Found = TypeVar("_Found")
_SERVER = "https://bsky.social"
_NOTIFICATIONS = 50  # in one page
_POSTS = 100
_FIRST = 86_400  # seconds that are read back at first
_LATE = 600  # seconds that are read again: posts carry their authors' clocks
_REACHES = 2000  # authors whose followers are remembered
_MOST_REACH = 2**53
_BUSY = frozenset({0, 429, 503})
_WAIT = 60.0  # seconds, where a server that is too busy says nothing


class BlueskyOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a Bluesky source may say; it listens for an account, whose app password it gets."""

    handle: str
    server: str = _SERVER
    notifications: bool = False
    search: bool = False
    private: bool = False
    ca_file: str = ""


class BlueskySource:
    """One account's view of the network; `poll` goes on where the last one stopped."""

    def __init__(
        self,
        source_id: str,
        options: BlueskyOptions,
        clock: Clock,
        token: str,
        watched: tuple[Watched, ...],
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        server = (options.server or _SERVER).rstrip("/")
        handle = options.handle.removeprefix("@")
        self._account = Account(server, handle, token, options.private, options.ca_file)
        self._words = searches(watched, as_bluesky) if options.search else ()
        self._reaches: dict[str, int | None] = {}

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for what is new; a list that fails does not stop the others."""
        api = Api(fetch, door_of(self._account, self._clock, fetch))
        web = Web(fetch, self._account.server)
        now = self._clock.now()
        try:
            me = await _calm(api.me())
        except Busy as busy:
            return Batch((), cursor, busy.message, wait=busy.wait)
        reading = Reading(cursor, web, now, late=_LATE, start=int(now.timestamp()) - _FIRST)
        batch = await reading.all(self._lists(api, web, me))
        mentions = await self._with_reach(api, batch.mentions)
        return msgspec.structs.replace(
            batch,
            mentions=mentions,
            wait=max(batch.wait, api.wait),
            more=batch.more and not api.wait,
        )

    def _lists(self, api: Api, web: Web, me: str) -> Iterator[Listing]:
        async def notified(walk: Walk) -> Page:
            page = await _calm(self._notified(api, me, walk))
            web.rest(api.wait)
            return page

        def search(words: str) -> Listing:
            async def found(walk: Walk) -> Page:
                page = await _calm(self._found(api, me, words, walk))
                web.rest(api.wait)
                return page

            return Listing(f"search:{words}", found)

        if self._options.notifications:
            yield Listing("notifications", notified)
        yield from (search(words) for words in self._words)

    async def _notified(self, api: Api, me: str, walk: Walk) -> Page:
        page = await api.notifications(_NOTIFICATIONS, walk.back)
        told = each(page.notifications, Notification)
        posts = await self._as_shown(api, [one.post for one in told])
        found = self._page(posts, me, direct=True)
        return Page(found, page.cursor or "", len(page.notifications) - len(told))

    async def _found(self, api: Api, me: str, words: str, walk: Walk) -> Page:
        page = await api.search(words, _POSTS, walk.back)
        posts = each(page.posts, Post)
        bad = len(page.posts) - len(posts)
        return Page(self._page(posts, me, direct=False), page.cursor or "", bad)

    async def _as_shown(self, api: Api, told: list[Post]) -> list[Post]:
        """Return the posts as the network shows them now: not those deleted since."""
        try:
            shown = await api.posts([one.uri for one in told])
        except FetchError as error:
            if error.status in _BUSY:
                raise
            return told  # what the notification itself has is enough
        return shown

    def _page(self, posts: list[Post], me: str, *, direct: bool) -> list[tuple[int, Incoming]]:
        now = self._clock.now()
        made = [(post, incoming(post, self.id, now, me=me, direct=direct)) for post in posts]
        return [(mark_of(_shown_at(post), now), one) for post, one in made if one]

    async def _with_reach(self, api: Api, mentions: tuple[Incoming, ...]) -> tuple[Incoming, ...]:
        """Add how many follow each author; left open where the network does not say."""
        dids = dict.fromkeys(did_of(one.external_id) for one in mentions)
        unknown = [did for did in dids if did not in self._reaches]
        try:
            for start in range(0, len(unknown), MANY):
                some = unknown[start : start + MANY]
                self._reaches |= dict.fromkeys(some)
                profiles = await api.profiles(some)
                self._reaches |= {one.did: _reach(one.followers_count) for one in profiles}
        except FetchError:
            for did in unknown:  # asked again with their next post
                if self._reaches.get(did) is None:
                    self._reaches.pop(did, None)
        reached = tuple(self._reached(one) for one in mentions)
        for did in list(self._reaches)[: max(0, len(self._reaches) - _REACHES)]:
            del self._reaches[did]
        return reached

    def _reached(self, one: Incoming) -> Incoming:
        reach = self._reaches.get(did_of(one.external_id))
        author = msgspec.structs.replace(one.author, reach=reach)
        return msgspec.structs.replace(one, author=author)


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> BlueskySource:
    """Build a Bluesky source from its options and the account's app password."""
    chosen = options_as(BlueskyOptions, source_id, options)
    if not token or not chosen.handle:
        raise Refused(
            "bad-source",
            f"source {source_id}: Bluesky listens for an account: it needs a handle and a password",
            "give the account a handle:, and an app password by token_env: or token_file:",
        )
    return BlueskySource(source_id, chosen, clock, token, watched)


def incoming(
    post: Post, source: str, now: datetime, *, me: str = "", direct: bool = False
) -> Incoming | None:
    """Turn a post into a mention; None for our own, and for what the network does not show.

    It is `direct` where it names, answers or quotes us, however it was found.
    """
    said = written(post.record)
    if said is None or post.withdrawn or post.author.blocked or not did_of(post.uri):
        return None
    if me and post.author.did == me:
        return None
    shown = msgspec.structs.replace(said, embed=_shown_embed(post) or said.embed)
    one = incoming_of(shown, post.uri, post.author, source, _shown_at(post), now)
    ours = direct or bool(me and said.addresses(me))
    return msgspec.structs.replace(one, direct=ours)


def incoming_of(
    said: Written, uri: str, author: Author, source: str, at: datetime | None, now: datetime
) -> Incoming:
    """Return the mention of what somebody wrote, `at` clamped."""
    who = shown_handle(author)
    return Incoming(
        text=said.text,
        source=source,
        external_id=uri,
        author=mention.Author(handle=who, name=author.display_name or ""),
        url=page_of(uri, who),
        lang=said.langs[0] if said.langs else "",
        media=tuple(_media(said.embed)),
        posted_at=at and clamp(at, now),
        reply_to=said.parent,
    )


def _shown_embed(post: Post) -> Embed | None:
    said = written({"text": "", "embed": post.embed})
    return said.embed if said and post.embed else None


def _shown_at(post: Post) -> datetime | None:
    """Return when it was posted: what its author says, but not after the network saw it."""
    said = written(post.record)
    times = [parse(post.indexed_at), parse(said.created_at) if said else None]
    return min((one for one in times if one), default=None)


def _media(embed: Embed) -> Iterator[Media]:
    for one in (embed, *([embed.media] if embed.media else [])):
        yield from (Media("image", picture.fullsize, picture.alt) for picture in one.images)
        if one.video or one.playlist:
            yield Media("video", one.playlist, one.alt)
        if one.external:
            yield Media("link", one.external.uri, one.external.title)


def _reach(count: int | None) -> int | None:
    return count if count is not None and 0 <= count <= _MOST_REACH else None


async def _calm(asking: Awaitable[_Found]) -> _Found:
    """Wait for an answer; where the server wants peace, that is Busy."""
    try:
        return await asking
    except FetchError as error:
        if error.status not in _BUSY or (not error.status and error.retry_after is None):
            raise
        wait = max(1.0, error.retry_after or _WAIT)
        raise Busy(f"{error.message}; again in {wait:.0f} s", wait, error.response) from error
