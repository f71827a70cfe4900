"""Watching for words: which of many terms a text says, in one pass over it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from crisisroom.core.watchfold import folded
from crisisroom.core.watchquery import Atom, Query, parse, spellings

# letters of scripts that do not part words, or hang endings on them: Thai to Tibetan, Myanmar,
# Khmer, kana, Han, Hangul
_UNPARTED = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORDY = re.compile(rf"[^\W{_UNPARTED}]")

Find = Callable[[str], Sequence[tuple[int, int, int]]]
"""Return (pattern, start, end) for every place where a pattern stands, overlapping ones too."""


class Watchable(Protocol):
    """A term to look for, such as the configuration has."""

    @property
    def id(self) -> str:
        """What the mention keeps."""

    @property
    def say(self) -> str:
        """The query; see `core.watchquery`."""

    @property
    def ours(self) -> bool:
        """Whether it is about us, and not the industry or a competitor."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is meant in, empty for all."""


class Look(msgspec.Struct, frozen=True):
    """What a text says: ids of terms, ours first.

    `others`: only the industry's or a competitor's. `excluded`: it says what makes it none of ours,
    whatever else it says; then there are no terms.
    """

    terms: tuple[str, ...] = ()
    others: bool = False
    excluded: bool = False


_NOTHING = Look()
_EXCLUDED = Look(excluded=True)


class _Watched(msgspec.Struct, frozen=True):
    """A term made ready: atoms are numbers; an exclusion has no id."""

    id: str
    ours: bool
    languages: tuple[str, ...]
    any_of: tuple[frozenset[int], ...]
    without: frozenset[int]

    def fits(self, said: set[int], authored: set[int], lang: str) -> bool:
        """Tell whether a text of these atoms, by an author of those, says this."""
        if self.without and not self.without.isdisjoint(said | authored):
            return False
        if lang and self.languages and not any(_same(lang, one) for one in self.languages):
            return False
        told = said if self.id else said | authored
        return any(every <= told for every in self.any_of)


class _Form(msgspec.Struct, frozen=True):
    """One atom behind a written form, and which sides of it have to be a word's end."""

    atom: int
    left: bool
    right: bool
    handle: bool

    def stands(self, text: str, start: int, end: int) -> bool:
        """Tell whether what was found there is the whole word."""
        if self.left and start and _wordy(text[start - 1]):
            return False
        after = text[end : end + 2]
        if self.handle and after[:1] == "-" and _wordy(after[1:]):
            return False  # @ferrow-fans is somebody else
        return not (self.right and after and _wordy(after[0]))


class Watchlist:
    """Terms that are looked for all at once; built once for a configuration.

    It raises ValueError for a query that is none.
    """

    def __init__(self, terms: Iterable[Watchable], exclude: Iterable[str] = ()) -> None:
        numbers: dict[Atom, int] = {}
        ready = [_ready(numbers, parse(one.say), one) for one in terms]
        ready.sort(key=lambda term: not term.ours)
        self._terms = [*ready, *(_ready(numbers, parse(say)) for say in exclude)]
        self._told = _told(self._terms, len(numbers))
        forms = _forms(numbers)
        self._forms = tuple(forms.values())
        self._find = finder(tuple(forms))
        self._hosts = {number for atom, number in numbers.items() if "." in atom.text}
        self._handles = {
            atom.text: number for atom, number in numbers.items() if atom.kind == "handle"
        }

    def look(self, text: str, *, lang: str = "", handle: str = "", url: str = "") -> Look:
        """Return what a mention says.

        A term with languages counts where `lang` is unknown or one of them. `handle` is the
        author's: it is no mention of anybody, but an exclusion `-@handle` means it too. Of `url`
        only the host is read, for terms that are a domain.
        """
        said = self._said(folded(text))
        if url and self._hosts:
            said |= self._said(_host(url)) & self._hosts
        authored = self._authored(handle) if handle and self._handles else set()
        if not said and not authored:
            return _NOTHING
        return self._judged(said, authored, lang)

    def _said(self, text: str) -> set[int]:
        if not (found := self._find(text)):
            return set()
        return {
            form.atom
            for number, start, end in found
            for form in self._forms[number]
            if form.stands(text, start, end)
        }

    def _authored(self, handle: str) -> set[int]:
        number = self._handles.get(folded(handle).lstrip("@"))
        return set() if number is None else {number}

    def _judged(self, said: set[int], authored: set[int], lang: str) -> Look:
        near = {index for atom in said | authored for index in self._told[atom]}
        fitting = (self._terms[index] for index in sorted(near))
        found = [term for term in fitting if term.fits(said, authored, lang)]
        if not found:
            return _NOTHING
        if not found[-1].id:
            return _EXCLUDED
        return Look(tuple(term.id for term in found), not found[0].ours)


def finder(patterns: Sequence[str]) -> Find:
    """Return how patterns are found in a text: all in one pass, or one by one without the wheel."""
    if not patterns:
        return lambda _: ()
    try:
        from ahocorasick_rs import AhoCorasick
    except ImportError:
        return one_by_one(patterns)
    machine = AhoCorasick(patterns)
    return partial(machine.find_matches_as_indexes, overlapping=True)


def one_by_one(patterns: Sequence[str]) -> Find:
    """Return how patterns are found without a package: fine up to some dozens."""

    def find(text: str) -> list[tuple[int, int, int]]:
        return [
            (number, at, at + len(pattern))
            for number, pattern in enumerate(patterns)
            if pattern in text
            for at in _places(pattern, text)
        ]

    return find


def _places(pattern: str, text: str) -> Iterator[int]:
    at = text.find(pattern)
    while at >= 0:
        yield at
        at = text.find(pattern, at + 1)


def _ready(numbers: dict[Atom, int], query: Query, term: Watchable | None = None) -> _Watched:
    def known(atoms: Iterable[Atom]) -> frozenset[int]:
        return frozenset(numbers.setdefault(atom, len(numbers)) for atom in atoms)

    any_of = tuple(known(every) for every in query.any_of)
    without = known(query.without)
    if term is None:
        return _Watched("", False, (), any_of, without)
    return _Watched(term.id, term.ours, term.languages, any_of, without)


def _told(terms: Sequence[_Watched], atoms: int) -> list[list[int]]:
    """Return, by atom, the terms to look at once it is said: each alternative waits for one."""
    told: list[list[int]] = [[] for _ in range(atoms)]
    for index, term in enumerate(terms):
        for first in {max(every) for every in term.any_of}:
            told[first].append(index)
    return told


def _forms(numbers: Mapping[Atom, int]) -> dict[str, list[_Form]]:
    """Return what to look for in a folded text, and the atoms behind each."""
    forms: dict[str, list[_Form]] = {}
    for atom, number in numbers.items():
        sign = {"tag": "#", "handle": "@", "words": ""}[atom.kind]
        for text in (sign + atom.text,) if sign else spellings(atom.text):
            left = bool(sign) or _wordy(text[0])
            right = not atom.prefix and _wordy(text[-1])
            form = _Form(number, left, right, atom.kind == "handle" and not atom.prefix)
            forms.setdefault(text, []).append(form)
    return forms


def _wordy(sign: str) -> bool:
    """Tell whether a sign belongs to a word of a script that parts its words."""
    return _WORDY.match(sign) is not None


def _host(url: str) -> str:
    try:
        return folded(urlsplit(url).hostname or "")
    except ValueError:  # a stranger's address
        return ""


def _same(lang: str, wanted: str) -> bool:
    """Tell whether one language tag is the other, or says it more closely: pt, pt-BR."""
    one, other = f"{lang}-".casefold(), f"{wanted}-".casefold()
    return one.startswith(other) or other.startswith(one)
