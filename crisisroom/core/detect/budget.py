"""When a warning may speak: the bar rises with each one, and a story told is quiet for a while."""

from __future__ import annotations

from typing import Any

_HALF = 28 * 86_400  # seconds in which a past warning weighs half
NEVER = -1e18


class Budget:
    """Whose cries came too often is believed less: past warnings raise the bar."""

    def __init__(self) -> None:
        self.last = NEVER  # second of the last warning
        self.height = 0.0  # how high it stood, in thresholds
        self._weight = 0.0
        self._at = 0.0

    def bar(self, cost: float, now: float) -> float:
        """Return how many thresholds it takes to speak; each past warning adds `cost`."""
        if not self._weight:
            return 1.0
        faded: float = 0.5 ** ((now - self._at) / _HALF)
        return 1.0 + cost * self._weight * faded

    def quiet(self, now: float, length: float) -> bool:
        """Return whether the last warning was given less than so many seconds ago."""
        return now - self.last < length

    def speaks(self, height: float, now: float, length: float, growth: float) -> bool:
        """Return whether what is over the bar speaks: in the quiet, if it grew that much."""
        return not self.quiet(now, length) or height > growth * self.height

    def spoke(self, height: float, now: float) -> None:
        """Note that a warning was given."""
        self._weight = self.bar(1.0, now)  # what is left of the past ones, and this one
        self._at = now
        self.last, self.height = now, height

    def rewind(self, now: float) -> None:
        """Go back to a moment: the clock had been wrong."""
        self.last, self._at = min(self.last, now), min(self._at, now)

    def dump(self) -> list[Any]:
        """Return the state as plain values."""
        return [self.last, self.height, self._weight, self._at]

    def restore(self, state: list[Any]) -> None:
        """Take up a state that `dump` returned."""
        self.last, self.height, self._weight, self._at = state
