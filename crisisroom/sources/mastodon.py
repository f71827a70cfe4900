"""Mastodon and what speaks its API: mentions of an account, hashtags, search, home, replies.

A mention's `external_id` is the status id on the configured server, because replying needs that
one; the id is only unique within its source. Its `url` is the public one, the same everywhere.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.mention import Author, Incoming, Media
from crisisroom.core.querywords import as_mastodon, hashtags
from crisisroom.core.watchlist import Watchlist
from crisisroom.mastodon.api import Abilities, Api, remembered
from crisisroom.mastodon.shapes import Nonsense, Notification, Status, decoded, handle_of
from crisisroom.mastodon.streams import merged
from crisisroom.sources import Batch, Watched, oldest_first, options_as, searches
from crisisroom.sources.mastodon_run import Run, Watch
from crisisroom.text.markup import html_text
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_MEDIA_KINDS = {"image": "image", "video": "video", "gifv": "video", "audio": "audio"}
_MOST_REACH = 2**53
_TAG_STREAMS = 8  # connections for tags; the others are polled
_MARKS = ".,;:!?)'\"…"  # what may stand after a tag


class _Term(msgspec.Struct, frozen=True):
    """A watched term as the watchlist wants it."""

    id: str
    say: str
    languages: tuple[str, ...]
    ours: bool = True


class _Stream(msgspec.Struct, frozen=True):
    """One of the server's streams."""

    name: str
    tag: str = ""


class MastodonOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a Mastodon source may say: the server, and what to watch there.

    `search` asks for the watched terms, `keywords` for words of its own; what the server finds for
    the latter is taken as it is.
    """

    server: str
    handle: str = ""
    notifications: bool = False
    home: bool = False
    replies: bool = False  # answers under our own posts, also those that do not name us
    search: bool = False
    hashtags: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    streaming: bool = False
    private: bool = False
    ca_file: str = ""


class MastodonSource:
    """One account's view of its server; `poll` goes on where the last one stopped."""

    def __init__(
        self,
        source_id: str,
        options: MastodonOptions,
        clock: Clock,
        token: str,
        watched: tuple[Watched, ...] = (),
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._token = token
        self._watched = watched if options.search else ()
        self._terms = Watchlist(_Term(one.id, one.query.text, one.languages) for one in watched)

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
        turned = oldest_first(self._seen_of(run), self._clock.now())
        return Batch(turned, run.cursor(), run.note(), run.more, api.wait)

    async def stream(
        self, cursor: dict[str, Any], fetch: Fetcher
    ) -> AsyncGenerator[Incoming, None]:
        """Yield what the server tells at once of all that is watched, but for `replies`."""
        if not self._options.streaming:
            return
        api = self._api(fetch)
        abilities = await self._abilities(cursor, api)
        if not abilities.streaming:
            return
        followed = [self._told(api, abilities, one) for one in self._streams()]
        async with aclosing(merged(followed)) as told:
            async for mention in told:
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
        yield from (Watch("tag", tag) for tag in self._tags())
        yield from (Watch("search", words) for words in o.keywords)
        for words in searches(self._watched, as_mastodon):
            if words not in o.keywords:
                yield Watch("search", words, again=True)
        if o.replies and self._token:
            yield Watch("replies")

    def _tags(self) -> Iterable[str]:
        """Return the tags to watch; many servers search no posts, and all have tags."""
        searched = [tag for one in self._watched for tag in hashtags(one.query)]
        return dict.fromkeys([*self._options.hashtags, *searched])

    def _streams(self) -> Iterator[_Stream]:
        """Return what to follow: all that is public holds the tags too."""
        o = self._options
        if self._token and (o.notifications or o.home):
            yield _Stream("user")
        if self._watched:
            yield _Stream("public")
        else:
            yield from (_Stream("hashtag", tag) for tag in list(self._tags())[:_TAG_STREAMS])

    async def _told(
        self, api: Api, abilities: Abilities, stream: _Stream
    ) -> AsyncGenerator[Incoming, None]:
        """Yield the mentions of one stream."""
        params = [("tag", stream.tag)] if stream.tag else []
        events = api.events(abilities.streaming, stream.name, params)
        async with aclosing(events):
            async for name, data in events:
                told = _status_of(name, data)
                if told and (one := self._of_stream(stream, name, told, abilities)):
                    yield one

    def _of_stream(
        self, stream: _Stream, event: str, status: Status, abilities: Abilities
    ) -> Incoming | None:
        """Return the mention of a streamed post, where it is one we watch."""
        o = self._options
        if event == "notification":
            return self._seen(status, abilities, ours=True) if o.notifications else None
        one = self._seen(status, abilities)
        if one is None or (stream.name == "public" and not (self._says(one) or self._tagged(one))):
            return None
        if stream.name == "user" and not o.home:  # an edit of what named us is told there too
            return one if one.direct and o.notifications else None
        return one

    def _seen_of(self, run: Run) -> list[Incoming]:
        """Return each post once; where several lists have it, the one that is ours decides."""
        found: dict[str, Incoming] = {}
        for status, watch in run.found:
            one = self._seen(status, run.abilities, ours=watch.ours)
            if one is None or (watch.again and not one.direct and not self._says(one)):
                continue
            if one.direct or one.external_id not in found:
                found[one.external_id] = one
        return list(found.values())

    def _says(self, one: Incoming) -> bool:
        return bool(self._terms.look(one.text, lang=one.lang).terms)

    def _tagged(self, one: Incoming) -> bool:
        words = {word.rstrip(_MARKS).casefold() for word in one.text.split() if word[0] == "#"}
        return any(f"#{tag}".casefold() in words for tag in self._options.hashtags)

    def _seen(self, status: Status, abilities: Abilities, *, ours: bool = False) -> Incoming | None:
        """Return the mention that a post is; None for our own posts."""
        post = status.reblog or status
        if post.account.id == abilities.me:
            return None
        one = incoming(post, self.id, self._options.server, self._clock.now())
        names_us = bool(abilities.me) and any(one.id == abilities.me for one in post.mentions)
        return msgspec.structs.replace(one, direct=ours or names_us)


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
    return MastodonSource(source_id, chosen, clock, token, watched)


def _status_of(name: str, data: str) -> Status | None:
    """Return the post of an event; deletions and what makes no sense have none.

    One odd event must not end the stream; the next poll brings the post.
    """
    body = data.encode("utf-8", "replace")
    try:
        if name == "notification":
            told = decoded(body, Notification)
            return told.status if told.type == "mention" else None
        return decoded(body, Status) if name in ("update", "status.update") else None
    except Nonsense:
        return None


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
