"""Risk words: those that the playbooks watch for, found as whole words."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from crisisroom.core.lexical import fold
from crisisroom.core.triage.said import Said, read

_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")  # Thai, kana, Han


class RiskWords:
    """Finds words and phrases by their first word; those of scripts without spaces, as they are."""

    def __init__(self, terms: tuple[str, ...]) -> None:
        self._first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._within: list[tuple[str, str]] = []
        for term in dict.fromkeys(term.strip() for term in terms):
            words = read(term).words
            if words and not _UNSPACED.search(term):
                self._first[words[0]].append((words, term))
            elif term:
                self._within.append((fold(term), term))

    def said(self, said: Said, text: str) -> tuple[str, ...]:
        """Return the terms that a text says, in the order in which it says them."""
        words, found = said.words, list[str]()
        for at, word in enumerate(words):
            for phrase, term in self._first.get(word, ()):
                if words[at : at + len(phrase)] == phrase:
                    found.append(term)
        if self._within:
            folded = fold(text)
            found += [term for needle, term in self._within if needle in folded]
        return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16)
def risk_words(terms: tuple[str, ...]) -> RiskWords:
    """Return what finds these terms; the same terms are prepared once."""
    return RiskWords(terms)
