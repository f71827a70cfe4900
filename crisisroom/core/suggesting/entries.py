"""What a playbook offers for a post: its key messages and answers, with what they are known by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from crisisroom.core.lexical import fold, tokens, words
from crisisroom.core.placeholders import without
from crisisroom.core.playbook import Playbook

SuggestionKind = Literal["key_message", "faq"]

_IDLE, _ONE_WORD, _PHRASE = 0.15, 0.45, 0.65  # what a cue adds of what is missing to certainty
_LONG, _LONGER = 4, 40  # words or characters that make a cue an example of a post


class Entry(msgspec.Struct, frozen=True):
    """A key message or answer: its title or question, its words, and what makes it fit."""

    id: str
    kind: SuggestionKind
    asked: str
    said: str
    cues: tuple[str, ...]


class Cue(msgspec.Struct, frozen=True):
    """Words that make an entry fit: how much they add when a post has all of `stems`."""

    entry: int
    words: str
    stems: frozenset[str]
    adds: float


def entries_of(playbook: Playbook) -> Iterator[Entry]:
    """Yield a playbook's key messages, then its answers; translations are words of theirs."""
    for message in playbook.key_messages:
        said = _said(playbook, message.id, message.text)
        yield Entry(message.id, "key_message", message.title, said, message.when)
    for answer in playbook.faq:
        said = _said(playbook, answer.id, answer.answer)
        yield Entry(answer.id, "faq", answer.question, said, answer.when)


def _said(playbook: Playbook, id: str, words: str) -> str:
    others = (one.words.get(id, "") for one in playbook.translations)
    return " ".join(without(text) for text in (words, *others) if text)


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

    def __init__(self, entries: Sequence[Entry], language: str) -> None:
        cues = list(_cues(entries, language))
        common = Counter(stem for cue in cues for stem in cue.stems)
        self._by_rarest: dict[str, list[Cue]] = {}
        for cue in cues:
            rarest = min(cue.stems, key=lambda stem: (common[stem], stem))
            self._by_rarest.setdefault(rarest, []).append(cue)

    def heard(self, stems: frozenset[str]) -> dict[int, list[Cue]]:
        """Return the cues that a post with these words has, by entry, the most telling first."""
        found: dict[int, list[Cue]] = {}
        for stem in sorted(stems):
            for cue in self._by_rarest.get(stem, ()):
                if cue.stems <= stems:
                    found.setdefault(cue.entry, []).append(cue)
        for cues in found.values():
            cues.sort(key=lambda cue: (-cue.adds, cue.words))
        return found


def _cues(entries: Sequence[Entry], language: str) -> Iterator[Cue]:
    short = [[cue for cue in dict.fromkeys(one.cues) if not is_long(cue)] for one in entries]
    shared = Counter(fold(cue) for cues in short for cue in cues)
    for number, cues in enumerate(short):
        for cue in cues:
            stems = frozenset(stem for stem, _ in tokens(cue, language, every=True))
            if stems:
                adds = _PHRASE if len(stems) > 1 else _ONE_WORD
                adds = adds if tokens(cue, language) else _IDLE
                yield Cue(number, cue, stems, adds / shared[fold(cue)] ** 0.5)


def is_long(cue: str) -> bool:
    """Tell whether a cue is an example of a post rather than words to listen for."""
    return len(cue) >= _LONGER or len(words(cue)) >= _LONG
