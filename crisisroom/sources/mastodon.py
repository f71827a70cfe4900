"""Mastodon and what speaks its API: mentions of an account, hashtags, search, home, replies.

A mention's `external_id` is the status id on the configured server, because replying needs that
one; the id is only unique within its source. Its `url` is the public one, the same everywhere.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.mention import Author, Incoming, Media
from crisisroom.mastodon.api import Abilities, Api, remembered
from crisisroom.mastodon.shapes import Nonsense, Notification, Status, decoded, handle_of
from crisisroom.sources import Batch, Watched, oldest_first, options_as
from crisisroom.sources.mastodon_run import Run, Watch
from crisisroom.text import html_text
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_MEDIA_KINDS = {"image": "image", "video": "video", "gifv": "video", "audio": "audio"}
_MOST_REACH = 2**53


class MastodonOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a Mastodon source may say: the server, and what to watch there."""

    server: str
    notifications: bool = True
    home: bool = False
    replies: bool = False  # answers under our own posts, also those that do not name us
    hashtags: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    streaming: bool = False
    private: bool = False
    ca_file: str = ""


class MastodonSource:
    """One account's view of its server; `poll` goes on where the last one stopped."""

    def __init__(self, source_id: str, options: MastodonOptions, clock: Clock, token: str) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._token = token

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask every watched list for what is new; one that fails does not stop the others."""
        api = self._api(fetch)
        abilities = await self._abilities(cursor, api)
        run = Run(api, abilities, cursor)
        for watch in self._watches():
            if not await run.ask(watch):
                break
        if run.problems and not run.done:
            raise run.problems[0][1]
        mentions = {
            one.external_id: one for status in run.found if (one := self._seen(status, abilities))
        }
        turned = oldest_first(mentions.values(), self._clock.now())
        return Batch(turned, run.cursor(), run.note(), run.more, api.wait)

    async def stream(
        self, cursor: dict[str, Any], fetch: Fetcher
    ) -> AsyncGenerator[Incoming, None]:
        """Yield what the server tells at once: mentions, and the home timeline where watched."""
        if not self._options.streaming:
            return
        api = self._api(fetch)
        abilities = await self._abilities(cursor, api)
        if not abilities.streaming:
            return
        async with aclosing(api.events(abilities.streaming)) as events:
            async for name, data in events:
                status = self._told(name, data)
                if status and (mention := self._seen(status, abilities)):
                    yield mention

    def _api(self, fetch: Fetcher) -> Api:
        o = self._options
        return Api(fetch, o.server.rstrip("/"), self._token, o.private, o.ca_file)

    async def _abilities(self, cursor: dict[str, Any], api: Api) -> Abilities:
        now = self._clock.now().timestamp()
        return remembered(cursor.get("abilities"), now) or await api.abilities(now)

    def _watches(self) -> Iterator[Watch]:
        o = self._options
        if o.notifications and self._token:
            yield Watch("notifications")
        if o.home and self._token:
            yield Watch("home")
        yield from (Watch("tag", tag) for tag in o.hashtags)
        yield from (Watch("search", words) for words in o.keywords)
        if o.replies and self._token:
            yield Watch("replies")

    def _told(self, name: str, data: str) -> Status | None:
        """Return the post of a streamed event, where it is one we watch."""
        body = data.encode("utf-8", "replace")
        try:
            if name == "notification" and self._options.notifications:
                told = decoded(body, Notification)
                return told.status if told.type == "mention" else None
            if name in ("update", "status.update") and self._options.home:
                return decoded(body, Status)
        except Nonsense:
            return None  # one odd event must not end the stream; the next poll brings the post
        return None

    def _seen(self, status: Status, abilities: Abilities) -> Incoming | None:
        """Return the mention that a post is; None for our own posts."""
        post = status.reblog or status
        if post.account.id == abilities.me:
            return None
        return incoming(post, self.id, self._options.server, self._clock.now())


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> MastodonSource:
    """Build a Mastodon source from its options and the account's token."""
    chosen = options_as(MastodonOptions, source_id, options)
    return MastodonSource(source_id, chosen, clock, token)


def incoming(status: Status, source: str, server: str, now: datetime) -> Incoming:
    """Turn a post into a mention: HTML to words, times clamped, the handle with its server."""
    account = status.account
    words = html_text(status.content)
    posted_at = parse(status.created_at)
    reach = account.followers_count
    return Incoming(
        text=f"{status.spoiler_text}\n\n{words}" if status.spoiler_text else words,
        source=source,
        external_id=status.id,
        kind="message" if status.visibility == "direct" else "post",
        author=Author(
            handle=handle_of(account, server),
            name=account.display_name,
            reach=reach if reach is not None and 0 <= reach <= _MOST_REACH else None,
        ),
        url=status.url or status.uri or "",
        lang=status.language or "",
        media=tuple(_media(status)),
        posted_at=posted_at and clamp(posted_at, now),
        reply_to=status.in_reply_to_id or "",
    )


def _media(status: Status) -> Iterator[Media]:
    for file in status.media_attachments:
        kind = _MEDIA_KINDS.get(file.type, "file")
        yield Media(kind, file.url or file.remote_url or "", file.description or "")
