"""The rule from nothing: how unlikely is this count, when the rate is known only so far?

The rate is gamma distributed: a prior of one mention in one hour, then what was counted, half of
it forgotten in a day. What is younger than the guard band does not count into the usual yet, so
that a crisis does not teach the rule that it is normal.
"""

from __future__ import annotations

from math import log
from typing import Any

import msgspec

from crisisroom.core.detect.tail import surprise

GUARD = 60  # minutes
WINDOWS = (5, 10, 30, 60)  # minutes
RARE = 4.0  # -log10 of the chance at the default threshold
COST = 0.2  # of it, for each past warning
PRIOR = 1.0, 60.0  # mentions, in so many minutes
_KEEP = 0.5 ** (1.0 / (1440 * log(2)))  # a minute's weight a minute later: e-fold in a day
SHAPE = 8.0  # at most: an hour of day alone makes any rate vary by a third


class Unlikely(msgspec.Struct, frozen=True):
    """The most surprising window: -log10 of its chance, its count and the usual one."""

    score: float
    observed: int
    expected: float
    minutes: int


class Rate:
    """What is known of a rate: how many mentions in how much listening, both fading."""

    def __init__(self, prior: tuple[float, float] = PRIOR) -> None:
        self._prior = prior
        self._count = self._time = 0.0
        self._reach = 0  # minutes back from now that it knows of

    @property
    def reach(self) -> int:
        """Return how many minutes back from the guard band it knows of."""
        return self._reach

    def pass_minute(self, count: int) -> None:
        """Learn from a minute that left the guard band; a negative count: nobody listened."""
        self._reach += 1
        if count >= 0:
            self._count = self._count * _KEEP + count
            self._time = self._time * _KEEP + 1.0

    def silence_of(self, other: Rate) -> None:
        """Take over how long the other listened: all that time nothing of ours was said."""
        self._time, self._reach = other._time, other._reach

    def late(self, minutes_ago: int) -> None:
        """Learn of a mention from before; what goes back further than we do extends our past."""
        ago = max(0, minutes_ago - GUARD)
        if ago > self._reach:
            self._time += (_KEEP**self._reach - _KEEP**ago) / (1.0 - _KEEP)
            self._reach = ago
        self._count += _KEEP**ago

    def expected(self, minutes: int) -> float:
        """Return the usual count of so many minutes."""
        count, time = self._prior
        return (count + self._count) * minutes / (time + self._time)

    def surprise(self, count: int, minutes: int, less: float = 0.0) -> float:
        """Return -log10 of the chance of so many in so many minutes, on top of `less` of them."""
        shape = min(SHAPE, self._prior[0] + self._count)
        return surprise(count + round(less), self.expected(minutes), shape)

    def judge(self, sums: dict[int, int], least: int) -> Unlikely | None:
        """Return the most surprising of the windows, given as minutes -> count."""
        best: Unlikely | None = None
        for minutes, count in sums.items():
            expected = self.expected(minutes)
            if count < least or count <= expected:
                continue
            score = self.surprise(count, minutes)
            if best is None or score > best.score:
                best = Unlikely(score, count, expected, minutes)
        return best

    def dump(self) -> list[Any]:
        """Return the state as plain values."""
        return [self._count, self._time, self._reach]

    def restore(self, state: list[Any]) -> None:
        """Take up a state that `dump` returned."""
        self._count, self._time, self._reach = state
