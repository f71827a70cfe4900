"""New stories: how large they usually get in a room, and which are far larger than that."""

from __future__ import annotations

from typing import Any

from crisisroom.core.detect.budget import Budget
from crisisroom.core.detect.tail import surprise

NEW = 1440  # minutes for which a story is new
HOUR = 60
RARE = 4.5  # -log10 of the chance: one story in thirty thousand
_KEPT = 1_000  # stories, those heard last
_KEEP = 0.998  # of what is known, a story later
_LARGEST = 10  # one large story does not make large ones usual
_PRIOR = 20.0, 1.5, 6.0  # stories of so many mentions in an hour, and the mean of their squares
_STEEPEST = 1.0  # shape: the tail of story sizes is never lighter than geometric
_LEARNT = -1


class Stories:
    """When each story was first heard, and the most it reached in an hour."""

    def __init__(self) -> None:
        self.budget = Budget()
        self._known: dict[str, list[int]] = {}  # first minute, hour's minute, in it, most
        self._weight, self._mean, self._square = _PRIOR

    def add(self, story: str, minute: int) -> None:
        """Count a mention of a story."""
        self._expire(minute)
        one = self._known.pop(story, None) or [minute, minute, 0, 0]
        if one[3] != _LEARNT and minute - one[0] >= NEW:
            self._learn(one)
        if minute - one[1] >= HOUR:
            one[1], one[2] = minute, 0
        one[2] += 1
        one[3] = max(one[3], one[2]) if one[3] != _LEARNT else _LEARNT
        self._known[story] = one  # the last heard is the last
        if len(self._known) > _KEPT:
            self._learn(self._known.pop(next(iter(self._known))))

    def _expire(self, minute: int) -> None:
        """Learn from the stories that nobody has told for a day, and let go of them."""
        while self._known:
            oldest = next(iter(self._known))
            if minute - self._known[oldest][1] < NEW + HOUR:
                return
            self._learn(self._known.pop(oldest))

    def _learn(self, one: list[int]) -> None:
        size = min(one[3], _LARGEST)
        if size > 0:
            self._weight = self._weight * _KEEP + 1.0
            self._mean += (size - self._mean) / self._weight
            self._square += (size * size - self._square) / self._weight
        one[3] = _LEARNT

    def most(self, story: str, minute: int) -> int:
        """Return how many mentions a new story may have had in an hour; 0 for an older one."""
        one = self._known.get(story)
        if one is None or one[3] == _LEARNT or minute - one[0] >= NEW:
            return 0
        return one[3] * 2  # the hours here do not overlap

    def surprise(self, people: int) -> float:
        """Return -log10 of the chance that a new story brings so many people in an hour."""
        excess = self._square - self._mean * self._mean - self._mean
        shape = self._mean * self._mean / excess if excess > 0.0 else _STEEPEST
        return surprise(people, self._mean, min(_STEEPEST, shape))

    @property
    def usual(self) -> float:
        """Return how many mentions a new story usually brings in its best hour."""
        return self._mean

    def merged(self, into: str, gone: str) -> None:
        """Count one story as another; it is as old as the older of them."""
        lost = self._known.pop(gone, None)
        one = self._known.get(into)
        if lost is None or one is None:
            if lost is not None:
                self._known[into] = lost
            return
        one[0] = min(one[0], lost[0])
        one[2] += lost[2]
        one[3] = _LEARNT if _LEARNT in (one[3], lost[3]) else max(one[2], one[3], lost[3])

    def rewind(self, minute: int) -> None:
        """Go back to a minute: the clock had been wrong."""
        self.budget.rewind(minute * 60.0)
        for one in self._known.values():
            one[0], one[1] = min(one[0], minute), min(one[1], minute)

    def dump(self) -> list[Any]:
        """Return the state as plain values."""
        return [self._known, self._weight, self._mean, self._square, self.budget.dump()]

    def restore(self, state: list[Any]) -> None:
        """Take up a state that `dump` returned."""
        known, self._weight, self._mean, self._square, budget = state
        self.budget.restore(budget)
        self._known = {story: list(one) for story, one in known.items()}
