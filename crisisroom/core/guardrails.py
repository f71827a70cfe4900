"""Guardrails: phrases of the playbook found in our own words, however they are spelt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import msgspec

from crisisroom.core.playbook import Guardrails

# no ink though no format characters either: fillers, joiners and variation selectors
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_SAME = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2010": "-", "\u2013": "-"})
# scripts written without spaces (Thai to Myanmar, Khmer, kana, Han): no word ends to look for
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


HitKind = Literal["forbid", "no_comment", "warn", "promise", "blame"]


class Hit(msgspec.Struct, frozen=True):
    """A phrase found in a text, with the offsets of what stands there."""

    phrase: str
    start: int
    end: int
    kind: HitKind = "forbid"


def check(text: str, guardrails: Guardrails) -> tuple[Hit, ...]:
    """Return every phrase of the guardrails in a text, in order of place."""
    found = [
        *find(text, guardrails.forbid, "forbid"),
        *find(text, guardrails.no_comment, "no_comment"),
        *find(text, guardrails.warn, "warn"),
        *find(text, guardrails.promises, "promise"),
        *find(text, guardrails.blame, "blame"),
    ]
    return tuple(sorted(found, key=lambda hit: (hit.start, hit.end, hit.kind)))


def find(text: str, phrases: Iterable[str], kind: HitKind = "forbid") -> tuple[Hit, ...]:
    """Return where phrases stand in a text as whole words, in order of place.

    Case, invisible characters, kinds of white space, full-width and other compatibility forms
    make no difference; an inflected word is another word.
    """
    plain, places = _plain(text)
    hits = [
        Hit(phrase, places[match.start()][0], places[match.end() - 1][1], kind)
        for phrase in dict.fromkeys(phrases)
        for match in _matches(phrase, plain)
    ]
    return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end)))


def _matches(phrase: str, plain: str) -> Iterator[re.Match[str]]:
    pattern = _pattern(phrase)
    for match in pattern.finditer(plain) if pattern else ():
        after = plain[match.end() : match.end() + 1]
        if not (after and _is_mark(after) and _bounded(match[0][-1])):
            yield match


@lru_cache(maxsize=1024)
def _pattern(phrase: str) -> re.Pattern[str] | None:
    words = _plain(phrase)[0].split()
    if not words:
        return None
    inner = r"\s+".join(map(re.escape, words))
    before = r"(?<![^\W_])" if _bounded(words[0][0]) else ""
    after = r"(?![^\W_])" if _bounded(words[-1][-1]) else ""
    return re.compile(f"{before}{inner}{after}")


def _bounded(char: str) -> bool:
    return char.isalnum() and not _UNSPACED.match(char)


def _plain(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text as it is compared, and for each of its characters the span it came from."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        folded = _folded(text[start:end])
        parts.append(folded)
        places += [(start, end)] * len(folded)
    return "".join(parts), places


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Cut between characters that compatibility forms never join: a letter keeps its marks."""
    cuts = [at for at, char in enumerate(text) if not _is_mark(char)]
    edges = [0, *(cut for cut in cuts if cut), len(text)]
    return pairwise(edges) if text else iter(())


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def _folded(cluster: str) -> str:
    if cluster.isascii():
        return cluster.lower()
    folded = unicodedata.normalize("NFKC", _visible(cluster)).casefold()
    return _visible(unicodedata.normalize("NFKC", folded)).translate(_SAME)


def _visible(text: str) -> str:
    shown = (char for char in text if unicodedata.category(char) != "Cf")
    return _FILLERS.sub("", "".join(shown))
