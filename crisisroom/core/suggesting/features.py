"""A text taken apart: its words, pairs of words that stand near each other, and runs of letters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from crisisroom.core.lexical import Spelling, is_idle, stem, tokens, words
from crisisroom.core.suggesting.alike import meanings

LONGEST = 4000  # characters looked at: more says nothing new about what a post asks
_RUN = 3  # letters in a run
_NEAR = 5  # telling words further apart than this say nothing together
_REMEMBERED = 20_000  # words, so that an endless stream of posts does not fill the memory

Features = tuple[list[str], list[str], list[str]]


class Reading(NamedTuple):
    """What was read of a text."""

    stems: list[str]  # of all words
    telling: list[str]  # stems of the words that tell something by themselves
    meant: list[str]  # their meanings
    features: Features  # words with their meanings, pairs, runs


class _Word(NamedTuple):
    stem: str
    meaning: str  # the stem, where the word has no other
    runs: list[str]  # empty for a word that tells nothing by itself


class Reader:
    """Takes texts of one language apart; a word it has met costs next to nothing."""

    def __init__(self, language: str, spelling: Spelling | None = None) -> None:
        self._language = language
        self._spelling = spelling
        self._meanings = meanings(language)
        self._met: dict[str, list[_Word]] = {}

    def read(self, text: str) -> Reading:
        """Return what is compared of a text."""
        found = [one for word in words(text[:LONGEST]) for one in self._word(word)]
        telling = [one for one in found if one.runs]
        stems = [one.stem for one in found]
        core = [one.stem for one in telling]
        pairs = [f"{one} {other}" for one, other in pairwise(stems)]
        pairs += _together(core)
        meant = [one.meaning for one in telling]
        if meant != core:
            pairs += (pair for pair in _together(meant) if "=" in pair)
        known = [one.meaning for one in found if one.meaning is not one.stem]
        runs = [run for one in telling for run in one.runs]
        return Reading(stems, core, meant, (stems + known, pairs, runs))

    def _word(self, word: str) -> list[_Word]:
        met = self._met.get(word)
        if met is None:
            if len(self._met) >= _REMEMBERED:
                self._met.clear()
            met = self._met[word] = self._looked_at(word)
        return met

    def _looked_at(self, word: str) -> list[_Word]:
        idle = is_idle(word, self._language)
        known = idle or stem(word, self._language) in self._meanings
        spelling = None if known else self._spelling
        return [
            _Word(root, self._meanings.get(root, root), [] if idle else runs_of(written))
            for root, written in tokens(word, self._language, every=True, spelling=spelling)
        ]


def _together(telling: Sequence[str]) -> list[str]:
    """Return pairs of telling words near each other, in whichever order they stand."""
    return [
        f"{one}+{other}" if one < other else f"{other}+{one}"
        for at, one in enumerate(telling)
        for other in telling[at + 1 : at + _NEAR]
        if one != other
    ]


def runs_of(word: str) -> list[str]:
    """Return the runs of letters of a word, its ends marked."""
    padded = f" {word} "
    return [padded[at : at + _RUN] for at in range(len(padded) - _RUN + 1)]
