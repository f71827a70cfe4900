"""The telling words of a stranger's post, whatever its script, in a form that compares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import regex

from crisisroom.core.lexical import fold, stem, tokens

MOST_TEXT = 4000  # characters of a post that are looked at
MOST_TERMS = 120  # telling words of a post that are looked at
_LONGEST_WORD = 60
_KNOWN = 50_000  # words whose stems are remembered
_BOTH = frozenset(("also", "bin", "die", "hat", "man", "war", "will"))  # German, telling in English

LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,11}://|\bwww\.|\b[\w-]{1,40}\.[a-z]{2,6}/)\S+", re.IGNORECASE
)
_LEADING = re.compile(r"^(?:\s*(?:rt\b|via\b|[.@]?@[\w.@-]+)[\s:,]*)+", re.I)
_TAG = re.compile(r"[#＃](\w+)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]{1,2}\b)?")
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:'[a-z]{1,2}\b)?")
_NO_BLANKS = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+"
)


def terms(text: str) -> list[str]:
    """Return the stems of the telling words in order.

    Links, the names a reply is addressed to and idle words are left out, tags count as words, and
    scripts without blanks go in pairs. A text of nothing else gives what it has: idle words, signs.
    """
    looked_at = text[:MOST_TEXT]
    plain = _LEADING.sub("", LINK.sub(" ", looked_at), count=1)
    if "#" in plain or "＃" in plain:
        plain = _TAG.sub(_as_words, plain)
    said = list(words(plain))
    return (_telling(said) or said or _signs(looked_at))[:MOST_TERMS]


def words(text: str) -> Iterator[str]:
    """Yield the words of a text as folded, in order; scripts without blanks go in pairs."""
    if text.isascii():
        yield from _ASCII_WORD.findall(text.lower())
        return
    for word in _WORD.findall(fold(text)):
        if word.isascii() or not _NO_BLANKS.search(word):
            yield word
        else:
            yield from _parted(word)


def _parted(word: str) -> Iterator[str]:
    """Yield pairs of the letters of scripts without blanks, and other runs as they are."""
    at = 0
    for run in _NO_BLANKS.finditer(word):
        if run.start() > at:
            yield word[at : run.start()]
        letters = run[0]
        yield from (letters[i : i + 2] for i in range(max(1, len(letters) - 1)))
        at = run.end()
    if at < len(word):
        yield word[at:]


def _as_words(tag: re.Match[str]) -> str:
    return " " + _HUMP.sub(" ", tag[1])


def _telling(found: list[str]) -> list[str]:
    """Return the stems of words that are not idle in the text's language.

    Many idle German words are telling English ones ("war", "die"), so they are left out only
    where more words are idle in German alone than in English alone.
    """
    looked = [_looked_up(word[:_LONGEST_WORD]) for word in found]
    idle = 2 if sum(one[3] for one in looked) > 0 else 1
    return [one[0] for one in looked if not one[idle]]


@lru_cache(maxsize=_KNOWN)
def _looked_up(word: str) -> tuple[str, bool, bool, int]:
    """Return a word's stem, whether it is idle in English and in German, and what it votes for."""
    english, german = not tokens(word, "en"), not tokens(word, "de")
    vote = 0 if word in _BOTH else german - english
    plain = word.partition("'")[0]
    return stem(plain) if plain.isalpha() else plain, english, german, vote


def _signs(text: str) -> list[str]:
    return [sign for sign in text if not sign.isspace() and sign.isprintable()]
