"""News of the world's sites, searched for the watched terms with GDELT's DOC 2.0 API.

https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/: new articles come every fifteen minutes,
it takes one question in five seconds, and it says what is wrong in plain text with status 200.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.querywords import as_gdelt
from crisisroom.sources import Batch, Watched, options_as, searches
from crisisroom.sources.entry import web_link
from crisisroom.sources.walk import Listing, Page, Reading, Walk, mark_of
from crisisroom.sources.web import Busy, Web, readable, said
from crisisroom.wire.answer import FetchError
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_SERVER = "https://api.gdeltproject.org"
_PAGE = 250  # articles, the most it gives
_LATE = 3_600  # seconds
_FIRST = 86_400  # seconds; how far the first look goes back
_FLOOR = 900.0  # seconds between two polls of the same search: it learns no sooner
_GAP = 8.0  # seconds between two questions; five are asked for, and measured narrowly
_HURRIED = 60.0
_BACKSLASH = re.compile(rb'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\|[\x00-\x1f]')
_SAID = re.compile(r"limit requests", re.IGNORECASE)

# the languages and countries as GDELT writes them; its country codes are FIPS 10-4
_LANGUAGES = {
    "arabic": "ar", "bulgarian": "bg", "chinese": "zh", "croatian": "hr", "czech": "cs",
    "danish": "da", "dutch": "nl", "english": "en", "estonian": "et", "finnish": "fi",
    "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi",
    "hungarian": "hu", "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko",
    "latvian": "lv", "lithuanian": "lt", "norwegian": "no", "persian": "fa", "polish": "pl",
    "portuguese": "pt", "romanian": "ro", "russian": "ru", "serbian": "sr", "slovak": "sk",
    "slovenian": "sl", "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr",
    "ukrainian": "uk", "vietnamese": "vi",
}  # fmt: skip
_FIPS = {
    "ae": "AE", "ar": "AR", "at": "AU", "au": "AS", "be": "BE", "bg": "BU", "br": "BR",
    "ca": "CA", "ch": "SZ", "cl": "CI", "cn": "CH", "co": "CO", "cz": "EZ", "de": "GM",
    "dk": "DA", "ee": "EN", "eg": "EG", "es": "SP", "fi": "FI", "fr": "FR", "gb": "UK",
    "gr": "GR", "hk": "HK", "hr": "HR", "hu": "HU", "id": "ID", "ie": "EI", "il": "IS",
    "in": "IN", "is": "IC", "it": "IT", "jp": "JA", "ke": "KE", "kr": "KS", "lt": "LH",
    "lu": "LU", "lv": "LG", "mx": "MX", "my": "MY", "ng": "NI", "nl": "NL", "no": "NO",
    "nz": "NZ", "ph": "RP", "pk": "PK", "pl": "PL", "pt": "PO", "ro": "RO", "rs": "RI",
    "ru": "RS", "sa": "SA", "se": "SW", "sg": "SN", "si": "SI", "sk": "LO", "th": "TH",
    "tr": "TU", "tw": "TW", "ua": "UP", "us": "US", "vn": "VM", "za": "SF",
}  # fmt: skip


class NewsOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The country whose sites to search, as two letters; empty: all."""

    country: str = ""
    server: str = ""
    private: bool = False
    ca_file: str = ""


class _Article(msgspec.Struct, frozen=True):
    url: str
    title: str = ""
    seendate: str = ""
    domain: str = ""
    language: str = ""


class _Articles(msgspec.Struct, frozen=True):
    articles: tuple[msgspec.Raw, ...] = ()


class NewsSource:
    """One search a poll; `poll` raises FetchError."""

    def __init__(
        self, source_id: str, options: NewsOptions, clock: Clock, watched: tuple[Watched, ...]
    ) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock
        self._watched = watched

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask for the articles of the search whose turn it is."""
        o = self._options
        now = self._clock.now()
        web = Web(fetch, o.server or _SERVER, o.private, o.ca_file)
        start = int(now.timestamp()) - _FIRST
        reading = Reading(
            cursor, web, now, late=_LATE, start=start, floor=_FLOOR, gap=_GAP, in_turn=True
        )
        return await reading.all(self._lists(web, start, now))

    def _lists(self, web: Web, start: int, now: datetime) -> Iterator[Listing]:
        where = f" sourcecountry:{_FIPS[self._options.country]}" if self._options.country else ""
        for words in searches(self._watched, as_gdelt):

            async def ask(walk: Walk, words: str = words) -> Page:
                since = walk.since - _LATE if walk.since else start
                params = _params(words + where, since, walk.back, now)
                answer = await _answer(web, params)
                articles, bad = readable(answer.articles[: _PAGE * 2], _Article)
                made = (_incoming(one, self.id, now) for one in articles)
                marks = [(mark_of(one.posted_at, now), one) for one in made if one.url]
                full = len(answer.articles) >= _PAGE and marks
                older = str(min(mark for mark, _ in marks)) if full else ""
                return Page(marks, older, bad)

            yield Listing(words, ask)


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> NewsSource:
    """Build the source; GDELT takes no token."""
    chosen = options_as(NewsOptions, source_id, options)
    if chosen.country and chosen.country not in _FIPS:
        message = f"source {source_id}: the news search knows no country {chosen.country[:20]!r}"
        raise Refused("bad-source", message, "leave country out, or one of " + ", ".join(_FIPS))
    return NewsSource(source_id, chosen, clock, watched)


def _params(words: str, since: int, back: str, now: datetime) -> list[tuple[str, str]]:
    until = int(back) if back.isdecimal() else int(now.timestamp())
    return [
        ("query", words),
        ("mode", "artlist"),
        ("format", "json"),
        ("maxrecords", str(_PAGE)),
        ("sort", "datedesc"),
        ("startdatetime", _stamp(since)),
        ("enddatetime", _stamp(until)),
    ]


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%d%H%M%S")


async def _answer(web: Web, params: list[tuple[str, str]]) -> _Articles:
    """Ask; what it says in plain text is an error with those words, or a wait."""
    body = (await web.get("/api/v2/doc/doc", params)).strip()
    if not body:
        return _Articles()  # so it says that there are none
    if not body.startswith(b"{"):
        words = body[:1000].decode("utf-8", "replace")
        if _SAID.search(words):
            raise Busy(f"{web.host}: {said(words)}", _HURRIED)
        raise FetchError("protocol", f"{web.host}: says: {said(words)}", sent=True)
    try:
        return await web.read(_Articles, body)
    except FetchError:
        return await web.read(_Articles, mended(body))


def mended(body: bytes) -> bytes:
    """Return JSON whose backslashes and control characters are as JSON wants them.

    It writes titles as the sites have them, with backslashes that begin nothing.
    """
    return _BACKSLASH.sub(_mend, body)


def _mend(found: re.Match[bytes]) -> bytes:
    if found[0] == b"\\":
        return b"\\\\"
    return found[0] if len(found[0]) > 1 else b" "


def _incoming(one: _Article, source: str, now: datetime) -> Incoming:
    posted_at = parse(one.seendate)
    link = web_link(one.url, "")
    return Incoming(
        text=one.title,
        source=source,
        external_id=link[:500],
        kind="article",
        author=Author(handle=one.domain, name=one.domain),
        url=link,
        lang=_LANGUAGES.get(one.language.lower(), ""),
        posted_at=posted_at and clamp(posted_at, now),
    )
