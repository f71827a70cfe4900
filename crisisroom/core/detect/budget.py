"""When a warning may speak: the bar rises with each one, and a story told is quiet for a while."""

from __future__ import annotations

from typing import Any

_HALF = 28 * 86_400  # seconds in which a past warning weighs half
NEVER = -1e18


class Budget:
    """Whose cries came too often is believed less: past warnings raise the bar."""

    def __init__(self) -> None:
        self.last = NEVER  # second of the last warning
        self.strength = 0.0  # its score
        self._weight = 0.0
        self._at = 0.0

    def weight(self, now: float) -> float:
        """Return how many warnings weigh on the bar."""
        return self._weight * 0.5 ** ((now - self._at) / _HALF) if self._weight else 0.0

    def bar(self, threshold: float, cost: float, now: float) -> float:
        """Return the score from which on to speak; each past warning adds `cost` of it."""
        return threshold * (1.0 + cost * self.weight(now))

    def speaks(self, score: float, bar: float, now: float, quiet: float, growth: float) -> bool:
        """Return whether a score speaks: not within the quiet, unless it grew so many times."""
        return score >= bar and (now - self.last >= quiet or score > growth * self.strength)

    def spoke(self, score: float, now: float) -> None:
        """Note that a warning was given."""
        self._weight = self.weight(now) + 1.0
        self._at = now
        self.last, self.strength = now, score

    def dump(self) -> list[Any]:
        """Return the state as plain values."""
        return [self.last, self.strength, self._weight, self._at]

    def restore(self, state: list[Any]) -> None:
        """Take up a state that `dump` returned."""
        self.last, self.strength, self._weight, self._at = state
