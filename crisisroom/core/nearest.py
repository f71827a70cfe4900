"""The nearest of the words that are known, for the hint that says what was meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from heapq import nsmallest
from itertools import islice

from crisisroom.core.problems import shown

_MOST_NAMES = 100  # looked through for a near one
_MOST_LISTED = 20
_LONGEST = 60
_ALIKE = 0.6  # of 1, which is the same word


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "known here") -> str:
    """Return the hint for a word that is not known: the nearest one, or all there are."""
    names = [name for name in dict.fromkeys(islice(known, _MOST_NAMES)) if name]
    if near := nearest(word, names):
        return f'did you mean "{shown(near)}"?'
    listed = ", ".join(shown(name) for name in names[:_MOST_LISTED])
    return f"{otherwise}: {listed}" if listed else ""


def nearest(word: str, names: Iterable[str]) -> str:
    """Return the name most like a word whatever its case, or nothing when none is like it.

    Only the three that share most letters are compared in full: a file with a hundred slips has to
    be answered in some milliseconds.
    """
    from difflib import SequenceMatcher  # only a file with problems pays for it

    wanted = word[:_LONGEST].casefold()
    letters = set(wanted)
    likely = nsmallest(3, names, key=lambda name: len(letters ^ _letters(name)))
    rated = [
        (SequenceMatcher(None, name[:_LONGEST].casefold(), wanted).ratio(), name) for name in likely
    ]
    ratio, name = max(rated, key=lambda one: one[0], default=(0.0, ""))
    return name if ratio >= _ALIKE else ""


@lru_cache(maxsize=512)
def _letters(name: str) -> frozenset[str]:
    return frozenset(name[:_LONGEST].casefold())
