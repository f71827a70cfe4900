"""How long a text is, as each network counts it."""

from __future__ import annotations

import re

import msgspec
import regex

_GRAPHEME = regex.compile(r"\X")
_LINK = re.compile(r"(?<![\w@#$/.:-])https?://(?=[^\s/?#]*\.[^\W\d_]{2})[^\s<>\"]+", re.IGNORECASE)
_TRAILING = ".,;:!?'\u2026)]}"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_NAME = r"[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*+"
_MENTION = re.compile(rf"(?<![=/\w])@({_NAME})@\w+(?:[.-]+\w+)*+", re.IGNORECASE)


class Measure(msgspec.Struct, frozen=True):
    """A text's length and the most there may be; a limit of 0 is none."""

    length: int
    limit: int = 0

    @property
    def left(self) -> int:
        """What is left of the limit; negative when the text is too long."""
        return self.limit - self.length

    @property
    def fits(self) -> bool:
        """Whether the network would take it."""
        return not self.limit or self.length <= self.limit


def graphemes(text: str) -> int:
    """Count what a reader sees as single characters."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def plain(text: str, limit: int = 0) -> Measure:
    """Count characters as a reader sees them."""
    return Measure(graphemes(text), limit)


def bluesky(text: str, limit: int = 300) -> Measure:
    """Count as Bluesky does: graphemes, links at their full length."""
    return Measure(graphemes(text), limit)


def mastodon(text: str, limit: int = 500, url_length: int = 23) -> Measure:
    """Count as Mastodon does: a link is `url_length`, `@user@host` only `@user`."""
    links = 0
    rest: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        link = _without_trailing(found[0])
        rest.append(text[end : found.start()])
        end = found.start() + len(link)
        links += 1
    rest.append(text[end:])
    # a space keeps apart what a link stood between, and is taken off again
    words = short_mentions(" ".join(rest))
    return Measure(graphemes(words) - links + links * url_length, limit)


def short_mentions(text: str) -> str:
    """Return the text with `@user@host` as `@user`, as networks show it."""
    return _MENTION.sub(r"@\1", text)


def _without_trailing(link: str) -> str:
    """Return the link without the punctuation of the sentence around it."""
    while link[-1] in _TRAILING:
        opening = _PAIRS.get(link[-1])
        if opening and link.count(opening) >= link.count(link[-1]):
            break
        link = link[:-1]
    return link
