"""JSON Feed 1.0 and 1.1 as entries."""

from __future__ import annotations

from typing import Any

import msgspec

from crisisroom.sources.entry import MOST_ENTRIES, Document, Enclosure, Entry
from crisisroom.sources.json_text import decode
from crisisroom.sources.strict_xml import IllFormed


class _Person(msgspec.Struct):
    name: str | None = None
    url: str | None = None


class _Attachment(msgspec.Struct):
    url: str = ""
    mime_type: str | None = None
    title: str | None = None


class _Item(msgspec.Struct):
    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    image: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _Person | None = None
    authors: list[_Person] | None = None
    language: str | None = None
    attachments: list[_Attachment] | None = None


class _Feed(msgspec.Struct):
    items: list[msgspec.Raw]
    language: str | None = None
    authors: list[_Person] | None = None
    author: _Person | None = None


def read_json(body: bytes) -> Document:
    """Return the entries of a JSON Feed; items that make no sense are left out and counted."""
    try:
        feed = decode(body, _Feed)
    except (ValueError, RecursionError, OverflowError) as error:
        raise IllFormed(f"no JSON Feed: {error}") from error
    entries: list[Entry] = []
    bad = 0
    for raw in feed.items[:MOST_ENTRIES]:
        try:
            entries.append(_entry(decode(bytes(raw), _Item), feed))
        except (ValueError, RecursionError, OverflowError):
            bad += 1
    return Document(tuple(entries), "json", broken=f"{bad} items unreadable" if bad else "")


def _entry(item: _Item, feed: _Feed) -> Entry:
    body = item.content_text if item.content_html is None else item.content_html
    return Entry(
        guid="" if item.id is None else _id_text(item.id),
        link=item.url or item.external_url or "",
        title=item.title or "",
        title_plain=True,
        body=body or item.summary or "",
        body_plain=item.content_html is None,
        author=_author(item.authors or [item.author], feed.authors or [feed.author]),
        published=item.date_published or item.date_modified or "",
        lang=item.language or feed.language or "",
        enclosures=tuple(_enclosures(item)),
    )


def _id_text(value: Any) -> str:
    """Return an id as text; numbers are allowed and read as they would be printed."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _author(*choices: list[_Person] | list[_Person | None]) -> str:
    return next((p.name for people in choices for p in people if p and p.name), "")


def _enclosures(item: _Item) -> list[Enclosure]:
    found = [Enclosure(item.image, "image/*")] if item.image else []
    for file in item.attachments or []:
        found.append(Enclosure(file.url, file.mime_type or "", file.title or ""))
    return found
