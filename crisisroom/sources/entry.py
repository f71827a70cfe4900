"""One entry of a feed, whatever its dialect, and the mention it becomes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

import msgspec

from crisisroom.core.mention import Author, Incoming, Media, MentionKind
from crisisroom.text.markup import html_text
from crisisroom.wire.dates import clamp, parse

MOST_ENTRIES = 2000
_LONGEST_ID = 500
_MOST_MEDIA = 20
_MEDIA_KINDS = ("image", "video", "audio")


class Enclosure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that an entry points to, with its media type as claimed."""

    url: str
    type: str = ""
    alt: str = ""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry as its dialect gave it; `title` and `body` are HTML unless marked plain."""

    guid: str = ""
    link: str = ""
    title: str = ""
    title_plain: bool = False
    body: str = ""
    body_plain: bool = False
    author: str = ""
    published: str = ""
    lang: str = ""
    reply_to: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    rating: str = ""  # of a review, 1 to 5
    version: str = ""  # of the app that a review is about
    answers_at: str = ""  # the feed of its answers
    answers: str = ""  # how many there are


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole feed; `comments` says that its entries are answers to something."""

    entries: tuple[Entry, ...]
    dialect: Literal["rss", "atom", "rdf", "json", "other"] = "other"
    comments: bool = False
    broken: str = ""  # why it was not read strictly


class Made(msgspec.Struct, frozen=True):
    """The mentions of a feed, and how many of them claimed a time we do not believe."""

    mentions: tuple[Incoming, ...]
    odd_times: int = 0


def mentions_of(
    document: Document, *, source: str, base: str, kind: MentionKind, now: datetime
) -> Made:
    """Turn entries into mentions, newest as the feed has them; each id once.

    An id is the entry's own, else its link, else a hash of its words; one that several entries
    share is not taken for an id. Times are clamped to the ten years before `now` and five
    minutes after.
    """
    entries = document.entries[:MOST_ENTRIES]
    shared = _shared_ids(entries)
    made: dict[str, Incoming] = {}
    odd = 0
    for entry in entries:
        claimed = parse(entry.published)
        believed = claimed and clamp(claimed, now)
        odd += claimed != believed
        mention = _mention(entry, shared, source, base, believed)
        what = _kind(entry, document, kind)
        mention = msgspec.structs.replace(mention, kind=what, direct=what == "review")
        made.setdefault(mention.external_id, mention)
    return Made(tuple(made.values()), odd)


def _kind(entry: Entry, document: Document, kind: MentionKind) -> MentionKind:
    if document.comments or "#comment-" in entry.guid + entry.link:
        return "comment"
    return "review" if stars(entry.rating) else kind


def stars(rating: str) -> str:
    """Return a rating of 1 to 5 as stars; empty where it is none."""
    number = int(rating) if rating in ("1", "2", "3", "4", "5") else 0
    return "★" * number + "☆" * (5 - number) if number else ""


def _shared_ids(entries: Sequence[Entry]) -> frozenset[str]:
    """Return guids that stand on entries with different links: such a guid names nothing."""
    pairs = {(entry.guid, entry.link) for entry in entries if entry.guid}
    count = Counter(guid for guid, _ in pairs)
    return frozenset(guid for guid, number in count.items() if number > 1)


def _mention(
    entry: Entry, shared: frozenset[str], source: str, base: str, posted_at: datetime | None
) -> Incoming:
    link = web_link(entry.link, base)
    text = _text(entry)
    own = "" if entry.guid in shared else entry.guid
    external_id = own or link or _hash(entry.title, entry.body, entry.author, entry.published)
    return Incoming(
        text=text,
        source=source,
        external_id=_short(external_id),
        author=_author(entry.author),
        url=link or web_link(entry.guid, ""),
        lang=entry.lang[:35],
        media=tuple(_media(entry.enclosures, base)),
        posted_at=posted_at,
        reply_to=_short(entry.reply_to or _parent(own or link)),
    )


def web_link(link: str, base: str) -> str:
    """Return the link made absolute; empty unless it leads to http or https."""
    try:
        whole = urljoin(base, link.strip()) if link.strip() else ""
        return whole if urlsplit(whole).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _text(entry: Entry) -> str:
    """Return title and body, the title left out where the body begins with it."""
    title = (entry.title if entry.title_plain else html_text(entry.title)).strip()
    body = (entry.body if entry.body_plain else html_text(entry.body)).strip()
    if given := stars(entry.rating):
        version = f"\n\n(version {entry.version[:40]})" if entry.version else ""
        return f"{given} {title}\n\n{body}{version}".strip()
    if not body or not title:
        return body or title
    begin = " ".join(title.rstrip(" .…").split())
    if "#comment-" in entry.guid + entry.link or " ".join(body.split()).startswith(begin):
        return body
    return f"{title}\n\n{body}"


def _author(name: str) -> Author:
    """Return who wrote it; `mail@example.org (Name)` gives the name, never the address."""
    name = html_text(name).strip()
    if "@" in name.partition("(")[0] and name.endswith(")"):
        name = name.partition("(")[2][:-1].strip()
    handle = name.rpartition("/")[2] if name.startswith("/u/") else name
    return Author(handle=handle, name=name)


def _media(enclosures: tuple[Enclosure, ...], base: str) -> Iterator[Media]:
    for enclosure in enclosures[:_MOST_MEDIA]:
        if link := web_link(enclosure.url, base):
            kind = enclosure.type.partition("/")[0].lower()
            kind = kind if kind in _MEDIA_KINDS else "file"
            yield Media(kind=kind, url=link, alt=enclosure.alt)


def _parent(external_id: str) -> str:
    """Return what a WordPress comment belongs to: its id without the `#comment-N`."""
    head, mark = urldefrag(external_id) if "#comment-" in external_id else ("", "")
    return head if mark else ""


def _short(external_id: str) -> str:
    return external_id if len(external_id) <= _LONGEST_ID else _hash(external_id)


def _hash(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(joined).hexdigest()}"
