"""Near-identical reposts: the same words again, whoever posts them."""

from __future__ import annotations

import re
from array import array
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise
from zlib import crc32

import msgspec

from crisisroom.core.grouping.words import LINK, MOST_TEXT, words

SAME_WORDS = 6  # words from which two people do not write the same by chance
NEAR_WORDS = 10  # words from which nearly the same is no chance either
_CUT_WORDS = 8  # words that are enough of a text that was cut off
_REPOSTED = 2  # words that are enough where the post says itself that it is a repost
_ALIKE = 0.75  # share of the pairs of words that both have
_WITHIN = 0.9  # share of the pairs of a cut-off text that the whole one has
_LONGER = 1.25  # beyond, a repost says something of its own
_SIGNS = 8  # of a text's pairs, those that it is found by
_SHARED = 2  # of those, how many lead to a closer look
_LOOKED_AT = 8  # texts looked at closely for one post

_REPOST = re.compile(r"^[\s\"'“”„«»]*(?:rt|mt|via|repost)\b[\s:]*@[\w.@-]+\s*:?\s*", re.IGNORECASE)
_CREDIT = re.compile(r"\b(?:via|h/t) @[\w.@-]+\W*$", re.IGNORECASE)
_QUOTES = " \"'“”„‘’«»"
_NUMBER = re.compile(r"\d")


class Normal(msgspec.Struct, frozen=True):
    """A post's words without what reposting adds: who was first, links, tags, quotes, a cut."""

    words: tuple[str, ...]
    repost: bool  # it says so itself
    cut: bool  # it ends in an ellipsis


def normal(text: str) -> Normal:
    """Return the words of a post by which a repost of it is known."""
    plain = " ".join(LINK.sub(" ", text[:MOST_TEXT]).split())
    bare = _CREDIT.sub("", _REPOST.sub("", plain, count=1))
    parts = bare.split()
    while len(parts) > 1 and parts[-1][0] in "#＃":
        parts.pop()
    said = " ".join(parts).rstrip(_QUOTES)
    whole = said.removesuffix("…").removesuffix("...")
    found = tuple(words(whole))
    half = whole != said and not whole.endswith(" ")  # the cut may go through a word
    return Normal(found[:-1] if half else found, bare != plain, whole != said)


class _Kept(msgspec.Struct, gc=False):
    key: int
    narrative: int
    length: int
    cut: bool
    numbers: tuple[str, ...]
    pairs: array[int]
    signs: tuple[int, ...]


class Copies:
    """Knows the last `most` texts, the longest unused forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._by_sign: dict[int, list[bytes]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, post: Normal) -> tuple[int, int] | None:
        """Return the key and narrative of the text that this one repeats, if one is known."""
        if len(post.words) < (_REPOSTED if post.repost else SAME_WORDS):
            return None
        name = _name(post)
        found = self._kept.get(name)
        if found is None:
            return self._nearly(post) if len(post.words) >= _CUT_WORDS else None
        self._kept.move_to_end(name)
        return found.key, found.narrative

    def keep(self, post: Normal, key: int, narrative: int) -> None:
        """Remember a text that repeats none, so that its reposts are known."""
        name = _name(post)
        if len(post.words) < _REPOSTED or name in self._kept:
            return
        if len(self._kept) >= self._most:
            self._forget()
        pairs = _pairs(post) if len(post.words) >= _CUT_WORDS else ()
        signs = tuple(sorted(pairs)[:_SIGNS])
        numbers = tuple(_numbers(post))
        self._kept[name] = _Kept(
            key, narrative, len(post.words), post.cut, numbers, array("L", pairs), signs
        )
        for sign in signs:
            self._by_sign.setdefault(sign, []).append(name)

    def move(self, post: Normal, narrative: int) -> None:
        """Let reposts of this text join another narrative from now on."""
        if kept := self._kept.get(_name(post)):
            kept.narrative = narrative

    def _forget(self) -> None:
        name, gone = self._kept.popitem(last=False)
        for sign in gone.signs:
            names = self._by_sign[sign]
            names.remove(name)
            if not names:
                del self._by_sign[sign]

    def _nearly(self, post: Normal) -> tuple[int, int] | None:
        pairs = set(_pairs(post))
        shared: dict[bytes, int] = {}
        for sign in sorted(pairs)[:_SIGNS]:
            for name in self._by_sign.get(sign, ())[-_LOOKED_AT:]:
                shared[name] = shared.get(name, 0) + 1
        numbers = list(_numbers(post))
        likely = sorted(shared, key=lambda name: -shared[name])[:_LOOKED_AT]
        for name in likely:
            kept = self._kept[name]
            if shared[name] >= _SHARED and _repeats(post, pairs, numbers, kept):
                self._kept.move_to_end(name)
                return kept.key, kept.narrative
        return None


def _name(post: Normal) -> bytes:
    return blake2b(" ".join(post.words).encode(), digest_size=12).digest()


def _repeats(post: Normal, pairs: set[int], numbers: list[str], kept: _Kept) -> bool:
    """Say whether a post tells no more than the kept text, in nearly the same words."""
    both = sum(pair in pairs for pair in kept.pairs)
    longer, shorter = len(post.words) / kept.length, min(len(pairs), len(kept.pairs))
    if (post.cut and longer < 1) or (kept.cut and longer > 1):
        return both >= _WITHIN * shorter
    if min(len(post.words), kept.length) < NEAR_WORDS:
        return False
    if not 1 / _LONGER <= longer <= _LONGER or set(numbers) != set(kept.numbers):
        return False
    return both >= _ALIKE * max(len(pairs), len(kept.pairs))


def _numbers(post: Normal) -> Iterator[str]:
    return (word for word in post.words if _NUMBER.search(word))


def _pairs(post: Normal) -> tuple[int, ...]:
    """Return the pairs of neighbouring words as numbers, the same in every process."""
    said = post.words
    found = {crc32(f"{one} {two}".encode()) for one, two in pairwise(said)}
    return tuple(found)
