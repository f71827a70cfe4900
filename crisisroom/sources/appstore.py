"""Reviews of our app in Apple's store, one country's store each.

Apple lists the newest 500 reviews of each country by feed, as JSON
(https://itunes.apple.com/us/rss/customerreviews/id=…/json). Google's store has no such feed: it
shows reviews to the app's owner only, by the Play Developer API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.mention import Author, Incoming
from crisisroom.sources import Batch, Watched, options_as
from crisisroom.sources.entry import stars
from crisisroom.sources.walk import Listing, Page, Reading, Walk, mark_of
from crisisroom.sources.web import Web, readable
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_SERVER = "https://itunes.apple.com"
_PAGES = 10  # all that there are, fifty reviews each
_LATE = 86_400  # seconds; reviews appear hours after they were written
_FIRST = 30 * 86_400  # seconds; what is older when the first look is taken is no news
_FLOOR = 300.0  # seconds: the store renews the list no sooner


class AppStoreOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The app's number, as in its address (`id284882215`), and the country of the store."""

    app: str
    country: str = "us"
    server: str = ""
    private: bool = False
    ca_file: str = ""


class _Label(msgspec.Struct, frozen=True):
    label: str = ""


class _Author(msgspec.Struct, frozen=True):
    name: _Label = _Label()


class _Review(msgspec.Struct, frozen=True):
    id: _Label
    rating: _Label = msgspec.field(name="im:rating")
    version: _Label = msgspec.field(name="im:version", default=_Label())
    title: _Label = _Label()
    content: _Label = _Label()
    author: _Author = _Author()
    updated: _Label = _Label()


class _Body(msgspec.Struct, frozen=True):
    entry: msgspec.Raw = msgspec.Raw(b"[]")


class _Feed(msgspec.Struct, frozen=True):
    feed: _Body


class AppStoreSource:
    """The reviews of one app in one country; `poll` raises FetchError."""

    def __init__(self, source_id: str, options: AppStoreOptions, clock: Clock) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for the newest reviews, and back to those that are known."""
        o = self._options
        now = self._clock.now()
        web = Web(fetch, o.server or _SERVER, o.private, o.ca_file)
        start = int(now.timestamp()) - _FIRST

        async def ask(walk: Walk) -> Page:
            number = int(walk.back) if walk.back.isdecimal() else 1
            path = f"/{o.country}/rss/customerreviews/page={number}/id={o.app}"
            answer = await web.json(_Feed, f"{path}/sortby=mostrecent/json")
            reviews, bad = readable(_entries(answer.feed.entry), _Review)
            found = [_incoming(one, self.id, o, now) for one in reviews]
            marks = [(mark_of(one.posted_at, now), one) for one in found]
            older = str(number + 1) if reviews and number < _PAGES else ""
            return Page(marks, older, bad if number > 1 else max(0, bad - 1))

        reading = Reading(cursor, web, now, late=_LATE, start=start, floor=_FLOOR)
        return await reading.all([Listing("reviews", ask)])


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> AppStoreSource:
    """Build the source; the store takes no token."""
    chosen = options_as(AppStoreOptions, source_id, options)
    number = chosen.app.removeprefix("id")
    if not (number.isascii() and number.isdigit() and len(number) <= 20):
        message = f"source {source_id}: {chosen.app[:60]!r} is no app's number"
        raise Refused("bad-source", message, "it stands in the app's address after id")
    if not (len(chosen.country) == 2 and chosen.country.isascii() and chosen.country.isalpha()):
        raise Refused("bad-source", f"source {source_id}: a country is two letters: de")
    chosen = msgspec.structs.replace(chosen, app=number, country=chosen.country.lower())
    return AppStoreSource(source_id, chosen, clock)


def _entries(raw: msgspec.Raw) -> tuple[msgspec.Raw, ...]:
    """Return the entries; the store writes a single one without its list, and none not at all."""
    if bytes(raw)[:1] != b"[":
        return (raw,)
    return msgspec.json.decode(raw, type=tuple[msgspec.Raw, ...])[:200]


def _incoming(one: _Review, source: str, options: AppStoreOptions, now: datetime) -> Incoming:
    posted_at = parse(one.updated.label)
    title = f"{stars(one.rating.label)} {one.title.label}".strip()
    version = f"version {one.version.label[:40]}, " if one.version.label else ""
    return Incoming(
        text=f"{title}\n\n{one.content.label}\n\n({version}{options.country})",
        source=source,
        external_id=one.id.label[:500],
        kind="review",
        author=Author(handle=one.author.name.label, name=one.author.name.label),
        url=f"https://apps.apple.com/{options.country}/app/id{options.app}?see-all=reviews",
        posted_at=posted_at and clamp(posted_at, now),
        direct=True,
    )
