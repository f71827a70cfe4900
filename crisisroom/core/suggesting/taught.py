"""What the posts that were answered with each entry teach: which entry a new one asks for.

Each entry has a direction, the mean of its posts, and counts of their words. The likeness to the
direction is best while the posts are few; the counts (naive Bayes over weighted words) make it
better the more there are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from crisisroom.core.suggesting.features import Features

_KINDS = 3  # of features: words, pairs, runs
_COUNTS = 0.1  # what the counts add to the likeness
_SMOOTH = 0.02  # how often an entry may have heard what it never heard
_USUAL = 2000  # different features that a small playbook would have if it were a large one

Weights = dict[str, float]


class _Kind:
    """One kind of features of all texts: how telling each is, and which entries have it."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        seen = Counter(term for text in texts for term in set(text))
        many = 1 + len(texts)
        self.weight = {term: math.log(many / (1 + df)) + 1 for term, df in seen.items()}
        self.postings: dict[str, dict[int, float]] = {}
        self._unseen = math.log(many) + 1

    def vector(self, terms: Iterable[str]) -> Weights:
        weight, unseen = self.weight, self._unseen
        raw = {
            term: weight.get(term, unseen) * (1 if times == 1 else 1 + math.log(times))
            for term, times in Counter(terms).items()
        }
        length = math.sqrt(_KINDS * sum(part * part for part in raw.values())) or 1.0
        return {term: part / length for term, part in raw.items()}

    def post(self, number: int, sums: Weights, length: float) -> None:
        for term, part in sums.items():
            heard = part / length + _COUNTS * math.log1p(part / _SMOOTH)
            self.postings.setdefault(term, {})[number] = heard


class Taught:
    """Tells which entries' posts a text is like; more posts can be added at any time."""

    def __init__(self, entries: Sequence[Sequence[Features]]) -> None:
        every = [text for texts in entries for text in texts]
        self._kinds = [_Kind([text[kind] for text in every]) for kind in range(_KINDS)]
        self._known = max(_USUAL, sum(len(kind.weight) for kind in self._kinds))
        self._sums: list[list[Weights]] = [[{} for _ in self._kinds] for _ in entries]
        self._unheard = [0.0] * len(entries)
        for number, texts in enumerate(entries):
            self.add(number, texts)

    def add(self, number: int, texts: Iterable[Features]) -> None:
        """Learn further posts of an entry; how telling words are stays as it was."""
        sums = self._sums[number]
        for text in texts:
            for total, vector in zip(sums, self._vectors(text), strict=True):
                for term, part in vector.items():
                    total[term] = total.get(term, 0.0) + part
        length = math.sqrt(sum(part * part for kind in sums for part in kind.values())) or 1.0
        for kind, total in zip(self._kinds, sums, strict=True):
            kind.post(number, total, length)
        whole = sum(part for kind in sums for part in kind.values())
        self._unheard[number] = _COUNTS * math.log1p(whole / (_SMOOTH * self._known))

    def _vectors(self, text: Features) -> list[Weights]:
        return [kind.vector(terms) for kind, terms in zip(self._kinds, text, strict=True)]

    def score(self, text: Features) -> list[float]:
        """Return one figure an entry, the higher the more like its posts; 0 and less is nothing."""
        scores = [0.0] * len(self._sums)
        whole = square = 0.0
        for kind, vector in zip(self._kinds, self._vectors(text), strict=True):
            for term, mine in vector.items():
                whole += mine
                square += mine * mine
                for number, heard in kind.postings.get(term, {}).items():
                    scores[number] += mine * heard
        length = math.sqrt(square) or 1.0
        pairs = zip(scores, self._unheard, strict=True)
        return [(score - whole * unheard) / length if score else 0.0 for score, unheard in pairs]
