"""Who spoke lately: the recent mentions, kept so that a warning can say how many people it is."""

from __future__ import annotations

from collections import Counter, deque
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from crisisroom.core.candidate import OVERALL, Heard

KEPT = 2_500  # mentions
MINUTES = 240
PER_PERSON = 3  # mentions of one author that count: one who shouts is not a crowd


class Voice(NamedTuple):
    """One recent mention; `author` is 0 where unknown."""

    number: int
    minute: int
    author: int
    source: str
    terms: tuple[str, ...]
    narrative: str
    risk: tuple[str, ...]
    reach: int
    copy: bool
    fits: tuple[str, ...]  # expected events whose words it says


class Past(NamedTuple):
    """An expected event that is over: what was said in its minutes is still part of the sums."""

    first: int
    last: int  # the minute after
    title: str
    terms: frozenset[str]
    whole: bool  # all that was said, not only its own words or terms

    def covers(self, one: Voice) -> bool:
        """Return whether a mention belongs to it."""
        if not self.first <= one.minute < self.last:
            return False
        return self.whole or self.title in one.fits or not self.terms.isdisjoint(one.terms)


class Excused(NamedTuple):
    """What a mention fits or says that makes it part of an expected event."""

    titles: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    past: tuple[Past, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is such an event."""
        return bool(self.titles or self.terms or self.past)

    def covers(self, one: Voice) -> bool:
        """Return whether a mention belongs to one."""
        if not (self.titles.isdisjoint(one.fits) and self.terms.isdisjoint(one.terms)):
            return True
        return any(past.covers(one) for past in self.past)


_NOBODY = Excused()


class Gathered(msgspec.Struct):
    """The people of one window. Without a known author each mention is a person of its own."""

    mentions: int = 0
    people: set[int] = msgspec.field(default_factory=set)
    unknown: int = 0
    reach: int = 0
    copies: int = 0
    loud: int = 0  # mentions beyond what counts of one person
    partial: bool = False  # more was said than is kept
    sources: Counter[str] = msgspec.field(default_factory=Counter)
    stories: Counter[str] = msgspec.field(default_factory=Counter)
    words: Counter[str] = msgspec.field(default_factory=Counter)
    terms: Counter[str] = msgspec.field(default_factory=Counter)
    numbers: set[int] = msgspec.field(default_factory=set)

    @property
    def authors(self) -> int:
        """Return how many different people it is."""
        return len(self.people) + self.unknown


class Crowd:
    """The recent mentions, oldest first; bounded, so of a storm only the last are known."""

    def __init__(self) -> None:
        self._voices: deque[Voice] = deque()
        self._number = 0
        self._lost = -1  # the newest minute of which something was dropped

    def add(self, one: Heard, minute: int, fits: tuple[str, ...]) -> None:
        """Keep a mention."""
        self._number += 1
        author = _hashed(one.author) if one.author else 0
        terms, risk = one.terms[:8], one.risk[:8]
        self._voices.append(
            Voice(
                self._number, minute, author, one.source, terms, one.narrative, risk,
                one.reach, one.copy, fits,
            )
        )  # fmt: skip
        if len(self._voices) > KEPT:
            self._lost = max(self._lost, self._voices.popleft().minute)

    def clear(self) -> None:
        """Forget who spoke."""
        self._voices.clear()
        self._lost = -1

    def forget(self, minute: int) -> None:
        """Let go of what is older than any window."""
        while self._voices and self._voices[0].minute <= minute - MINUTES:
            self._voices.popleft()

    def merged(self, into: str, gone: str) -> None:
        """Count the mentions of one story as those of another."""
        for at, one in enumerate(self._voices):
            if one.narrative == gone:
                self._voices[at] = one._replace(narrative=into)

    def voices(self, since: int, term: str = OVERALL) -> list[Voice]:
        """Return the mentions from this minute on that say a term."""
        return [
            one for one in self._voices if one.minute >= since and (not term or term in one.terms)
        ]

    def gather(self, since: int, term: str, excused: Excused = _NOBODY) -> Gathered:
        """Return the people who spoke from this minute on, without those at expected events."""
        found = [one for one in self.voices(since, term) if not excused.covers(one)]
        return gathered(found, partial=self._lost >= since)

    def excused(self, minute: int, term: str, excused: Excused) -> dict[int, int]:
        """Return how many of the last minutes' mentions belong to these events, by minutes."""
        sizes = (5, 10, 15, 30, 60, MINUTES)
        found = dict.fromkeys(sizes, 0)
        for one in self.voices(minute - MINUTES + 1, term):
            if excused.covers(one):
                for size in sizes:
                    found[size] += minute - one.minute < size
        return found

    def dump(self) -> list[Any]:
        """Return the state as plain values, each word written once."""
        table: dict[str, int] = {}

        def at(word: str) -> int:
            return table.setdefault(word, len(table))

        rows = [
            (
                one.number, one.minute, one.author, at(one.source), [at(w) for w in one.terms],
                at(one.narrative), [at(w) for w in one.risk], one.reach, one.copy,
                [at(w) for w in one.fits],
            )
            for one in self._voices
        ]  # fmt: skip
        return [self._number, self._lost, list(table), rows]

    def restore(self, state: list[Any]) -> None:
        """Take up a state that `dump` returned."""
        self._number, self._lost, words, rows = state
        self._voices = deque(
            Voice(
                number, minute, author, words[source], tuple(words[at] for at in terms),
                words[story], tuple(words[at] for at in risk), reach, copy,
                tuple(words[at] for at in fits),
            )
            for number, minute, author, source, terms, story, risk, reach, copy, fits in rows
        )  # fmt: skip


def gathered(voices: list[Voice], *, partial: bool = False) -> Gathered:
    """Return the people behind these mentions."""
    found = Gathered(partial=partial, mentions=len(voices))
    said: Counter[int] = Counter()
    for one in voices:
        if one.author:
            said[one.author] += 1
        else:
            found.unknown += 1
        found.reach += one.reach if said[one.author] <= 1 else 0
        found.copies += one.copy
        found.sources[one.source] += 1
        found.stories[one.narrative] += 1
        found.words.update(one.risk)
        found.terms.update(one.terms)
        found.numbers.add(one.number)
    found.people = set(said)
    found.loud = sum(max(0, count - PER_PERSON) for count in said.values())
    return found


def _hashed(author: str) -> int:
    return int.from_bytes(blake2b(author.encode(), digest_size=6).digest(), "big")
