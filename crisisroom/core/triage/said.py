"""What a short text says, taken apart once: its words, what is denied, its marks and its shape."""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize

import msgspec


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(text.split())


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

_DENIALS = words_of("""
    not no never none nobody nothing neither nor cannot cant wont dont didnt doesnt isnt wasnt
    arent werent couldnt wouldnt shouldnt hasnt havent hadnt aint without hardly barely nowhere
    zero
""")
_LINKS = ("http://", "https://", "www.")
_STOPS = ".,;:!?…"
_ENDS = frozenset(_STOPS)


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
    words: list[str] = []
    denied: list[bool] = []
    others: list[str] = []
    scope = shouted = 0
    for token in _TOKEN.findall(plain):
        first = token[0]
        if not first.isalnum() or (first in "hw" and token.startswith(_LINKS)):
            others.append(token)
            if first in _ENDS and not token.strip(_STOPS):
                scope = 0
            continue
        word = token.casefold()
        words.append(word)
        denied.append(scope > 0)
        scope = _SCOPE if word in _DENIALS or word.endswith("n't") else scope - 1
        if len(token) >= _SHOUTED and token.isupper():
            shouted += 1
    return _said(words, denied, others, shouted, plain)


def _said(
    words: list[str], denied: list[bool], others: list[str], shouted: int, plain: str
) -> Said:
    ends = "".join([token for token in others if not token.strip(_STOPS)])
    firsts = [token[0] for token in others]
    drawn_out = _DRAWN_OUT.search(plain) is not None
    return Said(
        words=tuple(map(_squeezed, words)) if drawn_out else tuple(words),
        denied=tuple(denied),
        marks=tuple([token for token in others if _is_mark(token)]),
        asks=ends.count("?"),
        exclaims=ends.count("!"),
        shouted=shouted,
        links=firsts.count("h") + firsts.count("w"),
        handles=firsts.count("@"),
        drawn_out=drawn_out,
        quoted=plain.startswith(("RT ", '"', "\u201c")) or " via @" in plain,
        foreign=not plain.isascii() and _foreign(plain),
    )


def _is_mark(token: str) -> bool:
    return token[0] not in "@#hw" and token.strip(_STOPS) != ""


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


def _squeezed(word: str) -> str:
    """Return the word with what is drawn out at its usual length: soooo is so."""
    return _DRAWN_OUT.sub(r"\1", word)


def digits(word: str) -> bool:
    """Return whether a word is a number."""
    return word[:1].isdigit()
