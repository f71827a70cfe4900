"""Risk terms said lately: a term hardly ever said, said by several people, is news by itself."""

from __future__ import annotations

from math import exp
from typing import Any

from crisisroom.core.detect.cold import RARE
from crisisroom.core.detect.crowd import Gathered
from crisisroom.core.detect.finding import Finding
from crisisroom.core.detect.tail import surprise

_FORGET = 1440.0  # minutes in which a mention's weight falls to a third
_PRIOR = 1.0, 1440.0  # said once in so many minutes
_MOST = 400  # terms that are followed


class Words:
    """How often each risk term is said."""

    def __init__(self, minute: int) -> None:
        self._start = minute
        self._said: dict[str, tuple[float, int]] = {}

    def add(self, words: tuple[str, ...], minute: int) -> None:
        """Count a mention that says these."""
        for word in words:
            if word not in self._said and len(self._said) >= _MOST:
                continue
            count, at = self._said.get(word, (0.0, minute))
            newer = max(at, minute)
            faded = count * exp((at - newer) / _FORGET)
            self._said[word] = faded + exp((minute - newer) / _FORGET), newer

    def judge(self, word: str, crowd: Gathered, minutes: int, minute: int) -> Finding:
        """Return how unlikely it is that so many say a term in the last minutes.

        What they say is the news itself, and no part of what is usual.
        """
        expected = self.expected(word, minutes, crowd.mentions, minute)
        odds = surprise(crowd.authors, expected, _PRIOR[0])
        return Finding(
            score=odds,
            height=odds / RARE,
            strength=odds / RARE,
            observed=crowd.mentions,
            expected=expected,
            spread=0.0,
            minutes=minutes,
            by_hour=False,
        )

    def expected(self, word: str, minutes: int, recent: int, minute: int) -> float:
        """Return how many usually say it in so many minutes, without the `recent` ones."""
        count, at = self._said.get(word, (0.0, minute))
        faded = max(0.0, count * exp((at - minute) / _FORGET) - recent)
        listened = _FORGET * (1.0 - exp((self._start - minute) / _FORGET))
        return (_PRIOR[0] + faded) * minutes / (_PRIOR[1] + max(0.0, listened))

    def rewind(self, minute: int) -> None:
        """Go back to a minute: the clock had been wrong."""
        self._start = min(self._start, minute)
        self._said = {word: (count, min(at, minute)) for word, (count, at) in self._said.items()}

    def dump(self) -> list[Any]:
        """Return the state as plain values."""
        return [self._start, self._said]

    def restore(self, state: list[Any]) -> None:
        """Take up a state that `dump` returned."""
        self._start = state[0]
        self._said = {word: (count, at) for word, (count, at) in state[1].items()}
