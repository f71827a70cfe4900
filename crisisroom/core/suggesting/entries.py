"""What a playbook offers for a post: its key messages and answers, with what they are known by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from crisisroom.core.lexical import fold, tokens, words
from crisisroom.core.placeholders import without
from crisisroom.core.playbook import Playbook

SuggestionKind = Literal["key_message", "faq"]

_IDLE, _ONE_WORD, _PHRASE = 0.15, 0.45, 0.65  # what a cue adds of what is missing to certainty
_BY_MEANING = 0.8  # what is left of that where another word of the same meaning is said
_LONG, _LONGER = 4, 40  # words or characters that make a cue an example of a post


class Entry(msgspec.Struct, frozen=True):
    """A key message or answer: its title or question, its words, and what makes it fit."""

    id: str
    kind: SuggestionKind
    asked: str
    said: str
    cues: tuple[str, ...]


class Cue(msgspec.Struct, frozen=True):
    """Words that make an entry fit: how much they add when a post has all of `said`.

    They add less when it has only what they mean, `stems`.
    """

    entry: int
    words: str
    said: frozenset[str]
    stems: frozenset[str]
    adds: float


def entries_of(playbook: Playbook, language: str) -> Iterator[Entry]:
    """Yield a playbook's key messages, then its answers, in their words in a language.

    What is not translated keeps its own words.
    """
    theirs = [one.words for one in playbook.translations if plain(one.language) == language]
    for message in playbook.key_messages:
        said = _said(theirs, message.id, message.text)
        yield Entry(message.id, "key_message", message.title, said, message.when)
    for answer in playbook.faq:
        said = _said(theirs, answer.id, answer.answer)
        yield Entry(answer.id, "faq", answer.question, said, answer.when)


def _said(theirs: Sequence[Mapping[str, str]], id: str, own: str) -> str:
    translated = [words[id] for words in theirs if words.get(id)]
    return " ".join(without(text) for text in translated or [own] if text)


def plain(language: str) -> str:
    """Return a language without its country, as it is compared: "de"."""
    return language.partition("-")[0].casefold()


def languages_of(playbook: Playbook) -> list[str]:
    """Return the languages that a playbook speaks, its own first."""
    every = (playbook.language, *(one.language for one in playbook.translations))
    return list(dict.fromkeys(plain(one) for one in every))


def examples_of(entry: Entry) -> tuple[str, ...]:
    """Return the texts by which the playbook says what posts an entry answers."""
    long = [cue for cue in entry.cues if is_long(cue)]
    short = " ".join(dict.fromkeys(cue for cue in entry.cues if not is_long(cue)))
    return tuple(text for text in (entry.asked, short, *long) if text)


def grouped(entries: Sequence[Entry]) -> list[int]:
    """Number the entries so that those that answer the same question have the same number."""
    numbers: dict[str, int] = {}
    return [
        numbers.setdefault(fold(entry.asked) or f"\0{entry.id}", len(numbers)) for entry in entries
    ]


class Cues:
    """The short cues of all entries, found by their rarest word."""

    def __init__(
        self, entries: Sequence[Entry], language: str, meanings: Mapping[str, str]
    ) -> None:
        """Make it of words in a language; those that have one of `meanings` are heard by it."""
        cues = list(_cues(entries, language, meanings))
        common = Counter(stem for cue in cues for stem in cue.stems)
        self._by_rarest: dict[str, list[Cue]] = {}
        for cue in cues:
            rarest = min(cue.stems, key=lambda stem: (common[stem], stem))
            self._by_rarest.setdefault(rarest, []).append(cue)

    def heard(self, stems: frozenset[str]) -> dict[int, list[Cue]]:
        """Return the cues that a post with these stems and meanings has, by entry.

        The most telling cue of an entry stands first.
        """
        found: dict[int, dict[frozenset[str], Cue]] = {}
        for stem in sorted(stems):
            for cue in self._by_rarest.get(stem, ()):
                if cue.stems <= stems:
                    if not cue.said <= stems:
                        cue = msgspec.structs.replace(cue, adds=cue.adds * _BY_MEANING)
                    best = found.setdefault(cue.entry, {})
                    best[cue.stems] = min(best.get(cue.stems, cue), cue, key=_order)
        return {entry: sorted(best.values(), key=_order) for entry, best in found.items()}


def _order(cue: Cue) -> tuple[float, str]:
    return -cue.adds, cue.words


def _cues(entries: Sequence[Entry], language: str, meanings: Mapping[str, str]) -> Iterator[Cue]:
    cues = [
        cue
        for number, entry in enumerate(entries)
        for text in dict.fromkeys(entry.cues)
        if not is_long(text) and (cue := _cue(number, text, language, meanings)).stems
    ]
    shared = Counter(stems for _, stems in {(cue.entry, cue.stems) for cue in cues})
    for cue in cues:
        yield msgspec.structs.replace(cue, adds=cue.adds / shared[cue.stems] ** 0.5)


def _cue(number: int, text: str, language: str, meanings: Mapping[str, str]) -> Cue:
    said = frozenset(stem for stem, _ in tokens(text, language, every=True))
    stems = frozenset(meanings.get(stem, stem) for stem in said)
    adds = _PHRASE if len(said) > 1 else _ONE_WORD
    return Cue(number, text, said, stems, adds if tokens(text, language) else _IDLE)


def is_long(cue: str) -> bool:
    """Tell whether a cue is an example of a post rather than words to listen for."""
    return len(cue) >= _LONGER or len(words(cue)) >= _LONG
