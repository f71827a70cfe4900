"""What a short text says, taken apart once: its words, what is denied, its marks and its shape."""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize

import msgspec

LONGEST = 4000  # characters that are read; what follows tells nothing more about a complaint
_SCOPE = 3  # words after a "not" that it denies
_SHOUTED = 4  # letters a word in capitals needs: shorter ones are codes and names

_TOKEN = re.compile(
    r"https?://\S+|www\.\S+|@\w[\w.@-]*"
    r"|[:;=]-?[()DPp/|\[\]]+|:'\(+|<3|</3"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*"
    r"|[.,;:!?…]+|#(?=\w)|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_HASHTAG = re.compile(r"#(\w+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_|(?<=\D)(?=\d)")
_RUN_IN = re.compile(
    "(fail|worst|never|suck|scam|unhappy|disappointed|ripoff|boycott|horrible|terrible|awesome)"
)

_DENIALS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "cannot",
        "cant",
        "wont",
        "dont",
        "didnt",
        "doesnt",
        "isnt",
        "wasnt",
        "arent",
        "werent",
        "couldnt",
        "wouldnt",
        "shouldnt",
        "hasnt",
        "havent",
        "hadnt",
        "aint",
        "without",
        "hardly",
        "barely",
        "nowhere",
        "zero",
    ]
)
_ENDS = frozenset(".,;:!?…")


class Said(msgspec.Struct, frozen=True):
    """A text's words in order, small and whole, and what was counted beside them."""

    words: tuple[str, ...]
    denied: tuple[bool, ...]  # for each word, whether a "not" stands up to three words before it
    marks: tuple[str, ...]  # emoticons and emoji
    asks: int = 0  # question marks
    exclaims: int = 0
    shouted: int = 0  # words in capitals
    links: int = 0
    handles: int = 0
    drawn_out: bool = False  # soooo
    quoted: bool = False  # passed on, or opens with somebody else's words
    foreign: bool = False  # mostly in another script than the Latin one


def read(text: str) -> Said:
    """Take a text apart; whatever it holds, the cost is bounded by `LONGEST` characters."""
    plain = _plain(text[:LONGEST])
    reading = _Reading()
    for token in _TOKEN.findall(plain):
        reading.take(token)
    return reading.said(
        drawn_out=bool(_DRAWN_OUT.search(plain)),
        quoted=plain.startswith(("RT ", '"', "\u201c")) or " via @" in plain,
        foreign=not plain.isascii() and _foreign(plain),
    )


def _foreign(plain: str) -> bool:
    """Return whether more letters are of other scripts than of the Latin one."""
    letters = [char for char in plain if char.isalpha()]
    return 2 * sum(char > "\u024f" for char in letters) > len(letters)


def _plain(text: str) -> str:
    if not text.isascii():
        text = normalize("NFKC", text).replace("\u2019", "'")
    if "&" in text:
        text = unescape(text)
    return _HASHTAG.sub(_parted, text) if "#" in text else text


def _parted(match: re.Match[str]) -> str:
    """Return a hashtag as the words that were run together: "#NeverAgain", "#ferrowfail"."""
    words = _CAMEL.sub(" ", match[1])
    return "#" + (words if " " in words else _RUN_IN.sub(r" \1 ", words).strip())


class _Reading:
    """Collects what the tokens of one text are."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._denied: list[bool] = []
        self._marks: list[str] = []
        self._asks = self._exclaims = self._shouted = self._links = self._handles = 0
        self._scope = 0

    def take(self, token: str) -> None:
        first = token[0]
        if first.isalpha() and not token.startswith(("http", "www.")):
            self._word(token)
        elif first in _ENDS and len(token) == token.count(first):
            self._end(token)
        elif first.isdigit():
            self._word(token)
        else:
            self._other(token, first)

    def _word(self, token: str) -> None:
        word = token.casefold()
        if len(token) >= _SHOUTED and token.isupper():
            self._shouted += 1
        self._words.append(word)
        self._denied.append(self._scope > 0)
        self._scope = _SCOPE if word in _DENIALS or word.endswith("n't") else self._scope - 1

    def _end(self, token: str) -> None:
        self._scope = 0
        self._asks += token.count("?")
        self._exclaims += token.count("!")

    def _other(self, token: str, first: str) -> None:
        if first == "@":
            self._handles += 1
        elif first in "hw":
            self._links += 1
        elif first in _ENDS and not token.strip(".,;:!?…"):
            self._end(token)
        elif first != "#":
            self._marks.append(token)

    def said(self, *, drawn_out: bool, quoted: bool, foreign: bool) -> Said:
        words = tuple(map(_squeezed, self._words)) if drawn_out else tuple(self._words)
        return Said(
            words,
            tuple(self._denied),
            tuple(self._marks),
            self._asks,
            self._exclaims,
            self._shouted,
            self._links,
            self._handles,
            drawn_out,
            quoted,
            foreign,
        )


def _squeezed(word: str) -> str:
    """Return the word with what is drawn out at its usual length: soooo is so."""
    return _DRAWN_OUT.sub(r"\1", word)


def digits(word: str) -> bool:
    """Return whether a word is a number."""
    return word[:1].isdigit()
