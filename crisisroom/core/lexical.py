"""Words of a text made comparable, and two small indexes over them: BM25 and letter runs."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

_K1, _B = 1.2, 0.75  # BM25's usual settings
_PLAIN = 5  # letters a known word needs before one of them may be wrong

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")  # kana and Han

_EN = """
    a about all am an and any are as at be been being but by can can't cannot could did didn't do
    does doesn't doing don't done for from get got had has have haven't having he hello help
    her here hi his how i i'd i'll i'm i've if in into is isn't it it's its just like made
    make may me might more most must my no not of on one only or other our out over own please
    possible same she should so some somehow someone such than thanks that the their them then
    there there's these they this those to too up us very want wants was way we were what
    what's when where which who whom why will with would you your"""
_DE = """
    aber alle allem allen als also am an auch auf aus bei bin bis bitte da damit dann das dass dem
    den denn der des dich die dies diese dieser dir doch du durch ein eine einem einen einer
    eines er es euch euer für haben habe hallo hat hatte ich ihm ihn ihr im in ist ja jetzt
    kann kannst kein keine können man mein meine meinem meinen meiner mich mir mit nach nicht
    noch nur ob oder ohne schon sehr seid sein seine sich sie sind so und uns unser unsere vom
    von vor wann war warum was wegen weil wenn wer werden wie wieder wieso will wir wird wo zu
    zum zur"""
_STOP = {"en": frozenset(_EN.split()), "de": frozenset(_DE.split())}
_CUTS = {
    "en": ("ies:y", "sses:ss", "ing:", "edly:", "ed:", "ly:", "es:e", "s:"),
    "de": ("ungen:ung", "innen:in", "ern:", "em:", "en:", "er:", "es:", "st:", "e:", "s:", "n:"),
}
_ENDINGS = {
    language: tuple((ending.partition(":")[0], ending.partition(":")[2]) for ending in endings)
    for language, endings in _CUTS.items()
}


def fold(text: str) -> str:
    """Return the text as it is compared: compatibility forms folded, small letters."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")


def stem(word: str, language: str = "en") -> str:
    """Cut the commonest endings of an English or German word, lightly; others stay whole."""
    kept = 4 if language == "de" else 3
    for cut, instead in _ENDINGS.get(language, ()):
        if word.endswith(cut) and len(word) - len(cut) >= kept and not word.endswith("ss"):
            word = word[: -len(cut)] + instead
            break
    if language == "en" and len(word) > 3:
        if word[-1] == word[-2] and word[-1] not in "se":
            word = word[:-1]
        word = word.removesuffix("e")
    return word


def words(text: str) -> list[str]:
    """Return the words of a text in order, as they are compared."""
    return _WORD.findall(fold(text))


def is_idle(word: str, language: str) -> bool:
    """Tell whether a folded word tells nothing by itself: "not", "my"."""
    return word in _STOP.get(language, ())


def tokens(
    text: str, language: str = "en", *, every: bool = False, spelling: Spelling | None = None
) -> list[tuple[str, str]]:
    """Return (stem, word as folded) of the telling words in order; kana and Han go in pairs.

    With `every`, words that tell nothing by themselves ("not", "my") are kept too.
    """
    found: list[tuple[str, str]] = []
    idle = frozenset() if every else _STOP.get(language, frozenset())
    for match in _WORD.finditer(fold(text)):
        word = match[0]
        if _NO_SPACES.search(word):
            found += ((pair, pair) for pair in _pairs(word))
        elif word not in idle:
            plain = word.partition("'")[0]
            found.append((stem(spelling.mend(plain) if spelling else plain, language), word))
    return found


def _pairs(word: str) -> Iterator[str]:
    for run in _NO_SPACES.findall(word):
        yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))


class Spelling:
    """Finds the known word that a misspelt one is a single slip away from."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._near: dict[str, str] = {}
        for word in sorted(self._known, reverse=True):
            if len(word) >= _PLAIN:
                self._near.update((short, word) for short in _shortened(word))

    def mend(self, word: str) -> str:
        """Return the known word meant, or the word as it is."""
        if word in self._known:
            return word
        return next((self._near[near] for near in _shortened(word) if near in self._near), word)


def _shortened(word: str) -> Iterator[str]:
    """Yield the word and the word without each of its letters: one slip leaves two words a pair."""
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(1, len(word)))


class Bm25:
    """Scores documents by the share of the question's weight that they answer, 0 to about 1."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        counts = [Counter(document) for document in documents]
        seen = Counter(term for count in counts for term in count)
        self._unseen = math.log(1 + (len(counts) + 0.5) / 0.5)
        self._weight = {
            term: math.log(1 + (len(counts) - df + 0.5) / (df + 0.5)) for term, df in seen.items()
        }
        usual = sum(map(len, documents)) / len(documents) if any(documents) else 1.0
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, count in enumerate(counts):
            damp = _K1 * (1 - _B + _B * len(documents[number]) / usual)
            for term, times in count.items():
                part = self._weight[term] * times / (times + damp)
                self._postings[term].append((number, part))
        self._size = len(counts)

    def score(self, terms: Iterable[str]) -> list[float]:
        """Return one score a document for the terms of a question."""
        scores = [0.0] * self._size
        asked = set(terms)
        whole = sum(self._weight.get(term, self._unseen) for term in asked) or 1.0
        for term in sorted(asked):
            for number, part in self._postings.get(term, ()):
                scores[number] += part / whole
        return scores


class Likeness:
    """Cosine likeness of documents to a text over weighted terms, 0 to 1."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        counts = [Counter(document) for document in documents]
        seen = Counter(term for count in counts for term in count)
        self._weight = {
            term: math.log((1 + len(counts)) / (1 + df)) + 1 for term, df in seen.items()
        }
        self._unseen = math.log(1 + len(counts)) + 1
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, count in enumerate(counts):
            for term, part in self._vector(count).items():
                self._postings[term].append((number, part))
        self._size = len(counts)

    def _vector(self, count: Mapping[str, int]) -> dict[str, float]:
        raw = {
            term: (1 + math.log(times)) * self._weight.get(term, self._unseen)
            for term, times in count.items()
        }
        length = math.sqrt(sum(part * part for part in raw.values())) or 1.0
        return {term: part / length for term, part in raw.items()}

    def score(self, terms: Iterable[str]) -> list[float]:
        """Return one likeness a document."""
        scores = [0.0] * self._size
        for term, mine in self._vector(Counter(terms)).items():
            for number, theirs in self._postings.get(term, ()):
                scores[number] += mine * theirs
        return scores
