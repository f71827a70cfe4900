"""A YouTube channel: its videos by feed, and the comments under them with an API key.

Without a key there are only the videos: YouTube shows comments to its Data API alone
(https://developers.google.com/youtube/v3/docs/commentThreads/list, one unit of ten thousand a
day for each question). Comments are ours; videos are kept where they say a watched term.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.mention import Author, Incoming
from crisisroom.sources import Batch, Watched, options_as
from crisisroom.sources.entry import mentions_of
from crisisroom.sources.walk import Listing, Page, Reading, Walk, mark_of
from crisisroom.sources.web import Busy, Web, decoded, guarded, readable, said
from crisisroom.wire.answer import FetchError
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_FEEDS = "https://www.youtube.com"
_API = "https://www.googleapis.com"
_WATCH = "https://www.youtube.com/watch?v="
_PAGE = 100  # threads
_REMEMBERED = 1000  # threads whose answers are counted
_GROWN = 5  # threads whose answers are read in one poll
_FIRST = 7 * 86_400  # seconds; older comments are no news when the first look is taken
_FLOOR = 60.0  # seconds: a day's ten thousand units last
_LATE = 900  # seconds
_SPENT = 900.0  # seconds until a spent day is looked at again
_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded"})


class YouTubeOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The channel's id, which begins with UC; `server` stands for both of YouTube's servers."""

    channel: str
    server: str = ""
    host: str = ""
    handle: str = ""
    private: bool = False
    ca_file: str = ""


class _ChannelId(msgspec.Struct, frozen=True):
    value: str = ""


class _Said(msgspec.Struct, frozen=True, rename="camel"):
    text_display: str = ""
    text_original: str | None = None
    author_display_name: str = ""
    author_channel_id: _ChannelId | None = None
    published_at: str = ""
    video_id: str | None = None
    parent_id: str | None = None


class _Comment(msgspec.Struct, frozen=True):
    id: str
    snippet: _Said


class _ThreadSnippet(msgspec.Struct, frozen=True, rename="camel"):
    top_level_comment: _Comment
    video_id: str | None = None
    total_reply_count: int = 0


class _Replies(msgspec.Struct, frozen=True):
    comments: tuple[msgspec.Raw, ...] = ()


class _Thread(msgspec.Struct, frozen=True):
    id: str
    snippet: _ThreadSnippet
    replies: _Replies | None = None


class _Answer(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[msgspec.Raw, ...] = ()
    next_page_token: str = ""


class _Reason(msgspec.Struct, frozen=True):
    reason: str = ""


class _Wrong(msgspec.Struct, frozen=True):
    message: str = ""
    errors: tuple[_Reason, ...] = ()


class _Refusal(msgspec.Struct, frozen=True):
    error: _Wrong


class YouTubeSource:
    """One channel; `poll` raises FetchError where neither videos nor comments come."""

    def __init__(self, source_id: str, options: YouTubeOptions, clock: Clock, key: str) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._key = key

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for new videos, and with a key for new comments and answers to them."""
        o = self._options
        now = self._clock.now()
        feeds = Web(fetch, o.server or _FEEDS, o.private, o.ca_file)
        api = Web(fetch, o.server or _API, o.private, o.ca_file, {"X-Goog-Api-Key": self._key})
        channel = _Channel(self.id, o.channel, feeds, api, now, dict(cursor.get("answers") or {}))
        lists = [Listing("videos", channel.videos)]
        lists += [Listing("comments", channel.comments)] if self._key else []
        start = int(now.timestamp()) - _FIRST
        reading = Reading(cursor, api, now, late=_FIRST, start=start, floor=_FLOOR)
        batch = await reading.all(lists)
        note = "; ".join(filter(None, ("" if self._key else _NO_KEY, batch.note)))
        after = {**batch.cursor, "answers": channel.answers}
        return msgspec.structs.replace(
            batch, cursor=after, note=note, wait=max(batch.wait, feeds.wait)
        )


_NO_KEY = "videos only: comments need an API key, as the token of a youtube account"


class _Channel:
    """What one poll asks about a channel; `answers` counts those known under each comment."""

    def __init__(
        self,
        source: str,
        channel: str,
        feeds: Web,
        api: Web,
        now: datetime,
        answers: dict[str, int],
    ) -> None:
        self.answers = answers
        self._source = source
        self._channel = channel
        self._feeds = feeds
        self._api = api
        self._now = now

    async def videos(self, _: Walk) -> Page:
        params = [("channel_id", self._channel)]
        document = await self._feeds.feed("/feeds/videos.xml", params)
        base = self._feeds.server
        made = mentions_of(document, source=self._source, base=base, kind="post", now=self._now)
        found = [(mark_of(one.posted_at, self._now), one) for one in made.mentions]
        return Page(found)

    async def comments(self, walk: Walk) -> Page:
        answer = await self._ask(
            "commentThreads", "snippet,replies", walk.back,
            ("allThreadsRelatedToChannelId", self._channel), ("order", "time"),
        )  # fmt: skip
        threads, bad = readable(answer.items[:_PAGE], _Thread)
        found = await self._answers(threads, first=not walk.since)
        for thread in threads:
            video = thread.snippet.video_id or ""
            found.append((thread.snippet.top_level_comment, video))
        tops = {thread.snippet.top_level_comment.id for thread in threads}
        made = [
            (mark_of(one.posted_at, self._now), one)
            for comment, video in found
            if (one := self._incoming(comment, video, comment.id in tops))
        ]
        marks = [mark for mark, one in made if one.external_id in tops]
        older = answer.next_page_token if marks and min(marks) >= walk.since - _LATE else ""
        return Page(made, older, bad)

    async def _answers(self, threads: list[_Thread], first: bool) -> list[tuple[_Comment, str]]:
        """Return the answers under threads that grew; a few of the larger ones are asked for all.

        The rest is found grown still by the next poll; the first look takes what is at hand.
        """
        found: list[tuple[_Comment, str]] = []
        left = 0 if first else _GROWN
        for thread in threads:
            number = thread.snippet.total_reply_count
            if number <= self.answers.get(thread.id, 0):
                continue
            given, _ = readable((thread.replies or _Replies()).comments[:_PAGE], _Comment)
            if number > len(given) and not first:
                if not left:
                    continue
                left -= 1
                answer = await self._ask("comments", "snippet", "", ("parentId", thread.id))
                given, _ = readable(answer.items[:_PAGE], _Comment)
            found += [(one, thread.snippet.video_id or "") for one in given]
            self.answers[thread.id] = number
        self.answers = dict(list(self.answers.items())[-_REMEMBERED:])
        return found

    async def _ask(self, what: str, part: str, page: str, *more: tuple[str, str]) -> _Answer:
        params = [("part", part), ("maxResults", str(_PAGE)), ("textFormat", "plainText"), *more]
        params += [("pageToken", page)] if page else []
        try:
            return await self._api.json(_Answer, f"/youtube/v3/{what}", params)
        except FetchError as error:
            raise self._explained(error) from error

    def _explained(self, error: FetchError) -> FetchError:
        """Return the error with the API's own reason; a spent day is a wait."""
        if isinstance(error, Busy) or error.response is None:
            return error
        try:
            told = decoded(_Refusal, error.response.body, self._api.host).error
        except FetchError:
            return error
        message = f"{error.message}: {said(told.message)}"
        if any(one.reason in _QUOTA for one in told.errors):
            return Busy(message, _SPENT, error.response)
        return FetchError(error.code, message, response=error.response, sent=True)

    def _incoming(self, comment: _Comment, video: str, top: bool) -> Incoming | None:
        """Return the mention that a comment is; None for the channel's own."""
        words = comment.snippet
        author = words.author_channel_id.value if words.author_channel_id else ""
        if author == self._channel:
            return None
        posted_at = parse(words.published_at)
        video = words.video_id or video
        named = video and all(c.isalnum() or c in "-_" for c in video)
        parent = comment.id.partition(".")[0]
        return Incoming(
            text=words.text_original or words.text_display,
            source=self._source,
            external_id=comment.id[:500],
            kind="comment",
            author=Author(handle=words.author_display_name, name=words.author_display_name),
            url=f"{_WATCH}{video}&lc={comment.id}" if named and _plain(comment.id) else "",
            posted_at=posted_at and clamp(posted_at, self._now),
            reply_to=(f"yt:video:{video}" if video else "") if top else words.parent_id or parent,
            direct=True,
        )


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> YouTubeSource:
    """Build the source; the token is a key of the Data API and opens the comments."""
    chosen = options_as(YouTubeOptions, source_id, options)
    if not _plain(chosen.channel):
        message = f"source {source_id}: {chosen.channel[:60]!r} is no channel's id"
        raise Refused("bad-source", message, "it begins with UC; see the channel's page, Share")
    guarded(source_id, chosen.server or _API, token, chosen.private)
    return YouTubeSource(source_id, chosen, clock, token)


def _plain(text: str) -> bool:
    return bool(text) and text.isascii() and all(c.isalnum() or c in "-_." for c in text)
