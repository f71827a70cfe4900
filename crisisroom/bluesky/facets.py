"""What stands out in a post's words: links, names and tags, at their places in UTF-8 bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
import regex

_FACET = "app.bsky.richtext.facet"
_LINK = regex.compile(r"(?<![\w@/])https?://[^\s/?#<>\"]+[^\s<>\"]*", regex.IGNORECASE)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = regex.compile(
    rf"(?<![^\s(])@((?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?)(?![\w@-])", regex.IGNORECASE
)
_GAPS = "\u00ad\u2060\u200a\u200b\u200c\u200d\u20e2"  # end a tag, as white space does
_TAG = regex.compile(rf"(?<!\S)[#＃](?!\ufe0f)([^\s{_GAPS}]+)")
_MARKS = regex.compile(r"\p{P}+$")
_WORD = regex.compile(r"[^\d\s\p{P}]")
_TRAILING = ".,;:!?'\u2026)]}"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_LONGEST_TAG = 64  # graphemes
_LONGEST_NAME = 253


class Span(msgspec.Struct, frozen=True):
    """A stretch of a text from one byte to before another, and what it leads to."""

    start: int
    end: int
    kind: str  # link, mention, tag
    value: str


def spans(text: str) -> tuple[Span, ...]:
    """Return the links, handles and tags of a text in their order; none overlap."""
    links = list(_links(text))
    others = [one for one in (*_names(text), *_tags(text)) if not _within(one, links)]
    found = sorted((*links, *others))
    offsets = _bytes_at(text, {place for one in found for place in one[:2]})
    return tuple(Span(offsets[a], offsets[b], kind, value) for a, b, kind, value in found)


def facets(found: Iterable[Span], dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return spans as a record has them; handles that are nobody's stay plain words."""
    made = []
    for one in found:
        feature = _feature(one, dids)
        if feature:
            index = {"byteStart": one.start, "byteEnd": one.end}
            made.append({"index": index, "features": [feature]})
    return made


def _feature(one: Span, dids: Mapping[str, str]) -> dict[str, str] | None:
    if one.kind == "link":
        return {"$type": f"{_FACET}#link", "uri": one.value}
    if one.kind == "tag":
        return {"$type": f"{_FACET}#tag", "tag": one.value}
    did = dids.get(one.value)
    return {"$type": f"{_FACET}#mention", "did": did} if did else None


_Place = tuple[int, int, str, str]


def _links(text: str) -> Iterator[_Place]:
    for found in _LINK.finditer(text):
        link = _without_trailing(found[0])
        yield found.start(), found.start() + len(link), "link", link


def _names(text: str) -> Iterator[_Place]:
    for found in _NAME.finditer(text):
        if len(found[1]) <= _LONGEST_NAME:
            yield found.start(), found.end(), "mention", found[1].lower()


def _tags(text: str) -> Iterator[_Place]:
    for found in _TAG.finditer(text):
        tag = _MARKS.sub("", found[1])
        size = sum(1 for _ in regex.finditer(r"\X", tag))
        if _WORD.search(tag) and size <= _LONGEST_TAG:
            yield found.start(), found.start() + 1 + len(tag), "tag", tag


def _within(one: _Place, links: list[_Place]) -> bool:
    return any(start <= one[0] < end for start, end, _, _ in links)


def _bytes_at(text: str, places: set[int]) -> dict[int, int]:
    """Return how many bytes stand before each of these characters."""
    offsets: dict[int, int] = {}
    size = last = 0
    for place in sorted(places):
        size += len(text[last:place].encode())
        offsets[place] = size
        last = place
    return offsets


def _without_trailing(link: str) -> str:
    """Return the link without the punctuation of the sentence around it."""
    while link[-1] in _TRAILING:
        opening = _PAIRS.get(link[-1])
        if opening and link.count(opening) >= link.count(link[-1]):
            break
        link = link[:-1]
    return link
