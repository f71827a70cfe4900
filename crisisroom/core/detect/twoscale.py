"""The two-scale rule: is this quarter of an hour, or are these four hours, above the usual?

Each sum has its own slowly forgetting mean and variance; the short one knows the time of day. A
variance that remembers past bursts for a week is what keeps a bursty brand from crying wolf.
"""

from __future__ import annotations

from array import array
from math import sqrt
from typing import Any

import msgspec

DAY = 86_400
SHORT, LONG = 900, 14_400  # seconds of the two sums
_SHORT_MEAN, _SHORT_VARIANCE = 1.0, 7.0  # days in which half is forgotten
_LONG_MEAN, _LONG_VARIANCE = 4.0, 14.0
_LONG_WEIGHT = 1.5
_LEAST_VARIANCE = 1.0
_SPREAD = 900  # seconds to both sides over which the time of day is smoothed
_VISITS = 5.0  # days in which the profile forgets half
_CAPPED = 4.0  # one burst does not make a habit


class Deviation(msgspec.Struct, frozen=True):
    """How far a sum lies above the usual, in standard deviations, and over how long it was taken.

    `spread` is the usual deviation of that sum, `seconds` its window.
    """

    score: float
    observed: float
    expected: float
    spread: float
    seconds: int


class TwoScale:
    """The usual of one series of counts, a bucket at a time."""

    def __init__(self, bucket: int = 300) -> None:
        self.bucket = bucket
        self.trained = 0  # buckets
        self._short = max(1, round(SHORT / bucket))
        self._long = max(self._short, round(LONG / bucket))
        self._slots = max(1, round(DAY / bucket))
        self._reach = min(round(_SPREAD / bucket), (self._slots - 1) // 2)
        self._profile = array("f", [1.0]) * self._slots
        self._recent = array("d")  # the last `_long - 1` buckets
        self._sum_short = self._sum_long = 0.0  # of the recent buckets, without the one to come
        self._mean = self._variance = self._long_mean = self._long_variance = 0.0
        self._rates = tuple(
            1.0 - 0.5 ** (bucket / (days * DAY))
            for days in (_SHORT_MEAN, _SHORT_VARIANCE, _LONG_MEAN, _LONG_VARIANCE)
        )
        self._visit = (1.0 - 0.5 ** (1.0 / _VISITS)) / (2 * self._reach + 1)

    def slot(self, second: float) -> int:
        """Return which part of the day a moment is in, by its UTC second."""
        return int(second % DAY * self._slots / DAY)

    @property
    def mean(self) -> float:
        """Return the usual count of a short window, whatever the time of day."""
        return self._mean

    def usual(self, slot: int) -> tuple[float, float]:
        """Return what a short window usually holds at this time of day, and its deviation."""
        expected = self._mean * self._profile[slot]
        return expected, sqrt(max(self._variance, expected, _LEAST_VARIANCE))

    def judge(self, count: float, slot: int) -> Deviation:
        """Return how far the windows that end with this bucket lie above the usual, at most."""
        short, long = self.scales(count, slot)
        return long if long.score > short.score else short

    def scales(
        self, count: float, slot: int, less: tuple[float, float] = (0.0, 0.0)
    ) -> tuple[Deviation, Deviation]:
        """Return how far the short and the long window that end with this bucket are off.

        The bucket may be unfinished: then it is judged by what it has so far. `less` is what to
        leave out of the short and of the long sum.
        """
        observed = self._sum_short + count - less[0]
        expected, spread = self.usual(slot)
        short = Deviation(
            (observed - expected) / spread, observed, expected, spread, self._short * self.bucket
        )
        total = self._sum_long + count - less[1]
        wide = sqrt(max(self._long_variance, self._long_mean, _LEAST_VARIANCE))
        score = _LONG_WEIGHT * (total - self._long_mean) / wide
        return short, Deviation(score, total, self._long_mean, wide, self._long * self.bucket)

    def train(self, count: float, slot: int) -> None:
        """Learn from a finished bucket."""
        expected = self._mean * self._profile[slot]
        short, total = self._sum_short + count, self._sum_long + count
        first = 1.0 / (self.trained + 2)
        mean, variance, long_mean, long_variance = (max(rate, first) for rate in self._rates)
        self._variance += variance * ((short - expected) ** 2 - self._variance)
        self._mean += mean * (short - self._mean)
        self._long_variance += long_variance * (
            (total - self._long_mean) ** 2 - self._long_variance
        )
        self._long_mean += long_mean * (total - self._long_mean)
        self._learn_hour(count, slot)
        self.trained += 1
        self._push(count)

    def _learn_hour(self, count: float, slot: int) -> None:
        if self._mean <= 0.0:
            return
        ratio = min(_CAPPED, count * self._short / self._mean)
        profile, slots, visit = self._profile, self._slots, self._visit
        for at in range(slot - self._reach, slot + self._reach + 1):
            place = at % slots
            profile[place] += visit * (ratio - profile[place])

    def _push(self, count: float) -> None:
        recent = self._recent
        recent.append(count)
        kept = len(recent)
        self._sum_short += count
        if kept >= self._short:
            self._sum_short -= recent[kept - self._short]
        self._sum_long += count
        if kept >= self._long:
            self._sum_long -= recent.pop(0)

    def skip(self, slot: int) -> None:
        """Pass a bucket in which nobody listened: the usual is put in its place, nothing learnt."""
        self._push(self._mean / self._short * self._profile[slot])

    def late(self, buckets_ago: int) -> None:
        """Learn of one more mention in a bucket that was trained long ago."""
        mean, _, long_mean, _ = self._rates
        self._mean += mean * self._short * (1.0 - mean) ** buckets_ago
        self._long_mean += long_mean * self._long * (1.0 - long_mean) ** buckets_ago

    def straggler(self, buckets_ago: int) -> None:
        """Add one mention to a finished bucket that is still part of the sums."""
        self.late(buckets_ago)
        if buckets_ago > len(self._recent):
            return
        self._recent[len(self._recent) - buckets_ago] += 1
        self._sum_long += 1
        if buckets_ago < self._short:
            self._sum_short += 1

    def between(self, newest: int, oldest: int) -> float:
        """Return the sum of the finished buckets that are so many buckets back, both included."""
        recent = self._recent
        found = range(max(1, newest), min(len(recent), oldest) + 1)
        return sum(recent[len(recent) - ago] for ago in found)

    def dump(self) -> list[Any]:
        """Return the state as plain values."""
        return [
            self.trained,
            self._mean,
            self._variance,
            self._long_mean,
            self._long_variance,
            self._sum_short,
            self._sum_long,
            self._profile.tobytes(),
            self._recent.tobytes(),
        ]

    def restore(self, state: list[Any]) -> None:
        """Take up a state that `dump` returned."""
        self.trained, self._mean, self._variance = state[0], state[1], state[2]
        self._long_mean, self._long_variance = state[3], state[4]
        self._sum_short, self._sum_long = state[5], state[6]
        self._profile = array("f", state[7])
        self._recent = array("d", state[8])
