"""How long a text is, as each network counts it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
import regex

from crisisroom.channels import literal
from crisisroom.channels.weighted import weigh

_GRAPHEME = regex.compile(r"\X")
_LINK = re.compile(r"(?<![\w@#$/.:-])https?://(?=[^\s/?#]*\.[^\W\d_]{2})[^\s<>\"]+", re.IGNORECASE)
_BYTES = 10  # of UTF-8 that Bluesky takes for each grapheme of its limit
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


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel takes: characters in one post (0: no limit), and what a link counts for.

    `posts` is how many posts one text may become (1: it has to fit), `retracts` whether what is
    out can be taken back, `replies` whether words can answer a post there.
    """

    limit: int = 0
    url_length: int = 23
    posts: int = 1
    retracts: bool = False
    replies: bool = True


USUAL: Mapping[str, Limits] = {
    "mastodon": Limits(limit=500, posts=10, retracts=True),
    "bluesky": Limits(limit=300, posts=10, retracts=True),
    "x": Limits(limit=280, posts=10, retracts=True),
    "reddit": Limits(limit=10_000, retracts=True),
    "wordpress": Limits(retracts=True),
    "mail": Limits(),
    "matrix": Limits(limit=48_000, retracts=True),
    "slack": Limits(limit=4_000, retracts=True),
    "webhook": Limits(replies=False),
    "by-hand": Limits(),
    "stand-in": Limits(limit=500, retracts=True),
}
"""What each kind of channel takes as long as nobody asked it."""


def limits_of(kind: str, asked: Limits | None = None) -> Limits:
    """Return what a channel said it takes, else what its kind usually does."""
    return asked or USUAL.get(kind) or Limits()


def counted(kind: str, text: str, limits: Limits | None = None) -> Measure:
    """Count a text as a kind of channel does; `limits` are the channel's own where it was asked."""
    known = limits_of(kind, limits)
    if kind in ("mastodon", "stand-in"):
        return mastodon(text, known.limit, known.url_length)
    if kind == "bluesky":
        return bluesky(text, known.limit)
    if kind == "x":
        return x(text, known.limit)
    if kind == "reddit":
        return reddit(text, known.limit)
    if kind == "matrix":
        return matrix(text, known.limit)
    if kind == "slack":
        return slack(text, known.limit)
    return plain(text, known.limit)


def graphemes(text: str) -> int:
    """Count what a reader sees as single characters."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def plain(text: str, limit: int = 0) -> Measure:
    """Count characters as a reader sees them."""
    return Measure(graphemes(text), limit)


def bluesky(text: str, limit: int = 300) -> Measure:
    """Count as Bluesky does: graphemes, links at their full length, and ten bytes for each at most.

    A text of few graphemes and too many bytes is as much too long as it has bytes too many.
    """
    over = len(text.encode("utf-8", "surrogatepass")) - limit * _BYTES
    return Measure(max(graphemes(text), limit + over if over > 0 else 0), limit)


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


def x(text: str, limit: int = 280) -> Measure:
    """Count as X does: most letters once, other signs and emoji twice, a link as 23."""
    return Measure(weigh(text), limit)


def reddit(text: str, limit: int = 10_000) -> Measure:
    """Count as Reddit does: characters of the Markdown that shows the text."""
    return Measure(len(literal.reddit(text)), limit)


def matrix(text: str, limit: int = 48_000) -> Measure:
    """Count the bytes of a text as JSON: an event has 65,536 with what servers add."""
    whole = text.encode("utf-8", "replace").decode()
    return Measure(len(msgspec.json.encode(whole)) - 2, limit)


def slack(text: str, limit: int = 4_000) -> Measure:
    """Count the characters as they are sent, `&`, `<` and `>` escaped; Slack advises 4,000."""
    return Measure(len(literal.slack(text)), limit)


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
