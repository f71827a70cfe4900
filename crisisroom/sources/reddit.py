"""Reddit by its feeds: searches for the watched terms, new posts and comments of subreddits.

The feeds need no account (https://www.reddit.com/wiki/rss) and allow few requests: each poll asks
for one list, the next poll for the next. Comments are found in the subreddits that are named;
Reddit's search by feed knows posts only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.mention import Incoming, MentionKind
from crisisroom.core.querywords import as_reddit
from crisisroom.sources import Batch, Watched, options_as, searches
from crisisroom.sources.entry import mentions_of
from crisisroom.sources.walk import Listing, Page, Reading, Walk, mark_of
from crisisroom.sources.web import Web

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_SERVER = "https://www.reddit.com"
_PAGE = 100  # entries
_LATE = 900  # seconds
_FIRST = 7 * 86_400  # seconds; the first search asks for a week
_FLOOR = 60.0  # seconds between two polls of the same list
_GAP = 10.0  # seconds between two requests
_COMMENT = "t1_"
_POST = "t3_"


class RedditOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which subreddits to read besides the search, without their `r/`."""

    subreddits: tuple[str, ...] = ()
    server: str = ""
    private: bool = False
    ca_file: str = ""


class RedditSource:
    """One list a poll; `poll` raises FetchError."""

    def __init__(
        self, source_id: str, options: RedditOptions, clock: Clock, watched: tuple[Watched, ...]
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._watched = watched

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for the list whose turn it is."""
        o = self._options
        now = self._clock.now()
        web = Web(fetch, o.server or _SERVER, o.private, o.ca_file)
        start = int(now.timestamp()) - _FIRST
        reading = Reading(
            cursor, web, now, late=_LATE, start=start, floor=_FLOOR, gap=_GAP, in_turn=True
        )
        return await reading.all(self._lists(web, now))

    def _lists(self, web: Web, now: datetime) -> Iterator[Listing]:
        names = "+".join(self._options.subreddits)
        if names:
            yield self._listing(web, now, f"/r/{names}/new/.rss", [])
            yield self._listing(web, now, f"/r/{names}/comments/.rss", [])
        for words in searches(self._watched, as_reddit):
            params = [("q", words), ("sort", "new"), ("t", "week")]
            yield self._listing(web, now, "/search.rss", params)

    def _listing(
        self, web: Web, now: datetime, path: str, params: list[tuple[str, str]]
    ) -> Listing:
        async def ask(walk: Walk) -> Page:
            after = [("after", walk.back)] if walk.back else []
            document = await web.feed(path, [*params, ("limit", str(_PAGE)), *after])
            kind: MentionKind = "post"
            made = mentions_of(document, source=self.id, base=web.server, kind=kind, now=now)
            found = [(mark_of(one.posted_at, now), _joined(one)) for one in made.mentions]
            last = found[-1][1].external_id if len(found) >= _PAGE else ""
            return Page(found, last if last.startswith((_POST, _COMMENT)) else "")

        return Listing(params[0][1] if params else path, ask)


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> RedditSource:
    """Build the source; the feeds take no token."""
    return RedditSource(source_id, options_as(RedditOptions, source_id, options), clock, watched)


def _joined(one: Incoming) -> Incoming:
    """Return it as an answer to its post where it is a comment: its address names the post."""
    if not one.external_id.startswith(_COMMENT):
        return one
    _, found, rest = one.url.partition("/comments/")
    post = rest.partition("/")[0] if found else ""
    parent = f"{_POST}{post}" if post.isalnum() and len(post) < 20 else ""
    text = one.text
    head, blank, body = text.partition("\n\n")
    if blank and head.startswith("/u/") and " on " in head:  # the feed's title, not the words
        text = body
    return msgspec.structs.replace(one, kind="comment", reply_to=parent, text=text)
