"""Near-identical reposts: the same words again, whoever posts them."""

from __future__ import annotations

import re
from array import array
from collections import Counter, OrderedDict
from collections.abc import Sequence
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
_UNCUT = 3  # how much longer the whole of a cut-off text may be
_SIGNS = 8  # of a text's pairs, those that it is found by
_SHARED = 2  # of those, how many lead to a closer look

_REPOST = re.compile(r"^[\s\"'“”„«»]*(?:rt|mt|via|repost)\b[\s:]*@[\w.@-]+\s*:?\s*", re.IGNORECASE)
_CREDIT = re.compile(r"\b(?:via|h/t) @[\w.@-]+\W*$", re.IGNORECASE)
_QUOTES = " \"'“”„‘’«»"
_NUMBER = re.compile(r"\d")


class Normal(msgspec.Struct, frozen=True):
    """A post's words without what reposting adds: who was first, links, tags, quotes, a cut."""

    words: tuple[str, ...]
    repost: bool  # it says so itself
    cut: bool  # it ends in an ellipsis
    name: bytes  # a hash of the words
    pairs: frozenset[int]  # of neighbouring words, as numbers; of long texts only
    numbers: frozenset[str]


def normal(text: str) -> Normal:
    """Return the words of a post by which a repost of it is known."""
    plain = _one_line(text)
    bare = _uncredited(plain)
    parts = bare.split()
    while len(parts) > 1 and parts[-1][0] in "#＃":
        parts.pop()
    said = " ".join(parts).rstrip(_QUOTES)
    whole = said.removesuffix("…").removesuffix("...")
    found = tuple(words(whole))
    if whole != said and not whole.endswith(" "):  # the cut may go through a word
        found = found[:-1]
    line = " ".join(found)
    return Normal(
        words=found,
        repost=bare != plain,
        cut=whole != said,
        name=blake2b(line.encode(), digest_size=12).digest(),
        pairs=_pairs(found) if len(found) >= _CUT_WORDS else frozenset(),
        numbers=frozenset(filter(_NUMBER.search, found)) if _NUMBER.search(line) else frozenset(),
    )


def uncredited(text: str) -> str:
    """Return a post on one line, without links and without who is said to have posted it first."""
    return _uncredited(_one_line(text))


def _one_line(text: str) -> str:
    return " ".join(LINK.sub(" ", text[:MOST_TEXT]).split())


def _uncredited(line: str) -> str:
    return _CREDIT.sub("", _REPOST.sub("", line, count=1))


def _pairs(found: Sequence[str]) -> frozenset[int]:
    """Return the pairs of neighbouring words as numbers, the same in every process."""
    return frozenset(crc32(f"{one} {two}".encode()) for one, two in pairwise(found))


class _Kept(msgspec.Struct, gc=False):
    name: bytes
    key: int
    narrative: int
    length: int
    cut: bool
    numbers: frozenset[str]
    pairs: array[int]
    signs: tuple[int, ...]


class Copies:
    """Knows the last `most` texts, the longest unused forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._by_sign: dict[int, bytes] = {}  # the last text of each

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, post: Normal) -> tuple[int, int] | None:
        """Return the key and narrative of the text that this one repeats, if one is known."""
        if len(post.words) < (_REPOSTED if post.repost else SAME_WORDS):
            return None
        found = self._kept.get(post.name) or self._nearly(post)
        if found is None:
            return None
        self._kept.move_to_end(found.name)
        return found.key, found.narrative

    def keep(self, post: Normal, key: int, narrative: int) -> None:
        """Remember a text that repeats none, so that its reposts are known."""
        if len(post.words) < _REPOSTED or post.name in self._kept:
            return
        if len(self._kept) >= self._most:
            self._forget()
        pairs, signs = array("L", post.pairs), _signs(post)
        self._kept[post.name] = _Kept(
            post.name, key, narrative, len(post.words), post.cut, post.numbers, pairs, signs
        )
        for sign in signs:
            self._by_sign[sign] = post.name

    def move(self, post: Normal, narrative: int) -> None:
        """Let reposts of this text join another narrative from now on."""
        if kept := self._kept.get(post.name):
            kept.narrative = narrative

    def _forget(self) -> None:
        name, gone = self._kept.popitem(last=False)
        for sign in gone.signs:
            if self._by_sign.get(sign) == name:
                del self._by_sign[sign]

    def _nearly(self, post: Normal) -> _Kept | None:
        names = (self._by_sign.get(sign) for sign in _signs(post))
        shared = Counter(name for name in names if name is not None)
        likely = (self._kept[name] for name, signs in shared.most_common() if signs >= _SHARED)
        return next((kept for kept in likely if _repeats(post, kept)), None)


def _signs(post: Normal) -> tuple[int, ...]:
    return tuple(sorted(post.pairs)[:_SIGNS])


def _repeats(post: Normal, kept: _Kept) -> bool:
    """Say whether a post tells no more than the kept text, in nearly the same words."""
    both = sum(pair in post.pairs for pair in kept.pairs)
    longer = len(post.words) / kept.length
    if (post.cut and longer < 1) or (kept.cut and 1 < longer <= _UNCUT):
        return both >= _WITHIN * min(len(post.pairs), len(kept.pairs))
    if min(len(post.words), kept.length) < NEAR_WORDS or post.numbers != kept.numbers:
        return False
    alike = both >= _ALIKE * max(len(post.pairs), len(kept.pairs))
    return alike and 1 / _LONGER <= longer <= _LONGER
