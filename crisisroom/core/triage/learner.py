"""What a room's own decisions teach: which words come in mentions that it takes up."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import msgspec

from crisisroom.core.triage.complaint import Complaint
from crisisroom.core.triage.said import Said

_BUCKETS = 1 << 16  # words share a bucket when their hashes do; memory stays bounded
_FIRM = 0.5  # how sure we are, before any click, that a word tells nothing
_FIRM_LEVEL = 1.0  # … that as many are wanted as not
_FIRM_SHARE = 12.0  # … that what the lexicon says is right
TOLD = 0.25  # steps that clicks must have moved a text before it is said which words did
_LEAST, _MOST = -8.0, 8.0  # steps that the lexicon may say here


class Click(NamedTuple):
    """One decision of the room: the mention was taken up, or dismissed."""

    said: Said
    complaint: Complaint
    wanted: bool


class Leaning(msgspec.Struct, frozen=True):
    """What the room would do: a likelihood of being wanted, and what its clicks changed.

    `moved` is the change in steps by its words; `words` are those that moved it most, strongest
    first, none below `TOLD`.
    """

    likelihood: float
    moved: float
    words: tuple[str, ...]


class Learner:
    """Online logistic regression over hashed words and the lexicon's say, one click at a time.

    It starts as the lexicon alone, and each weight gives way by how much was seen of it. The same
    clicks in the same order give the same state; a click is taken back by replaying the others.
    """

    def __init__(self, clicks: Iterable[Click] = ()) -> None:
        self._words: dict[int, tuple[float, float]] = {}  # mean and firmness
        self._level = (0.0, _FIRM_LEVEL)
        self._share = (1.0, _FIRM_SHARE)
        self.clicks = 0
        for click in clicks:
            self.learn(click)

    def learn(self, click: Click) -> None:
        """Take one decision in."""
        steps = _steps(click.complaint)
        buckets = _buckets(click.said)
        each = _each(buckets)
        words = [self._words[bucket][0] for bucket in buckets if bucket in self._words]
        logit = self._level[0] + self._share[0] * steps + each * sum(words)
        likelihood = _likelihood(logit)
        error, bend = click.wanted - likelihood, likelihood * (1 - likelihood)
        self._level = _given_way(self._level, 1.0, error, bend)
        self._share = _given_way(self._share, steps, error, bend)
        for bucket in buckets:
            known = self._words.get(bucket, (0.0, _FIRM))
            self._words[bucket] = _given_way(known, each, error, bend)
        self.clicks += 1

    def leaning(self, said: Said, complaint: Complaint) -> Leaning:
        """Return how wanted a text is, and which of its words the clicks speak for or against."""
        steps = _steps(complaint)
        if not self.clicks:
            return Leaning(_likelihood(steps), 0.0, ())
        buckets = _buckets(said)
        known = self._words
        shares = [(known[at][0], word) for at, word in buckets.items() if at in known]
        moved = _each(buckets) * sum([share for share, _ in shares])
        logit = self._level[0] + self._share[0] * steps + moved
        words = _movers(shares, moved) if abs(moved) >= TOLD else ()
        return Leaning(_likelihood(logit), moved, words)


def _movers(shares: list[tuple[float, str]], moved: float) -> tuple[str, ...]:
    """Return the words that moved it most the way it went."""
    sign = 1 if moved > 0 else -1
    ranked = sorted([(-sign * share, word) for share, word in shares])
    return tuple(word for share, word in ranked if share < 0)[:3]


def _given_way(
    weight: tuple[float, float], value: float, error: float, bend: float
) -> tuple[float, float]:
    mean, firm = weight
    firm += bend * value * value
    return mean + error * value / firm, firm


def _steps(complaint: Complaint) -> float:
    return max(_LEAST, min(_MOST, complaint.logit))


def _each(buckets: dict[int, str]) -> float:
    """Return the value of each word, so that long texts do not count more than short ones."""
    return 1 / math.sqrt(len(buckets) or 1)


def _likelihood(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def _buckets(said: Said) -> dict[int, str]:
    return {_bucket(word): word for word in said.words if len(word) > 1 and word[0] > "9"}


@lru_cache(maxsize=8192)
def _bucket(word: str) -> int:
    return crc32(word.encode("utf-8", "replace")) % _BUCKETS
