"""What reaches a terminal, cut into tokens and held against a strict list of what may.

Everything that is not on the list is a violation, wherever it came from. The list is the tests'
own: nothing of the program's cleaning is imported here.
"""

from __future__ import annotations

import codecs
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

Kind = Literal["text", "newline", "control", "csi", "osc", "string", "escape"]

_LONGEST = 4 << 20  # characters of an unfinished sequence, after which it counts as one
_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|(?P<csi>\x1b\[[0-?]*[ -/]*[@-~])"
    r"|(?P<osc>\x1b\][^\x07\x1b]*(?:\x07|\x1b\\))"
    r"|(?P<string>\x1b[PX^_](?s:.*?)\x1b\\)"
    r"|(?P<escape>\x1b(?![\[\]PX^_])[ -/]*[0-~])"
    r"|(?P<newline>\r\n)"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x9f])"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_](?s:.*)|[ -/]*)?\Z")

# What Textual 8.2.8 and the lean driver send by themselves, and nothing else. Mouse modes only
# where asked for.
_MODES = frozenset({"7", "25", "1004", "1049", "2004", "2026", "2048"})
_MOUSE = frozenset({"1000", "1003", "1006", "1015", "1016"})
_MODE = re.compile(r"\x1b\[\?([0-9]+)[hl]")
_PLACE = re.compile(r"\x1b\[(?:[0-9]*(?:;[0-9]*)?H|[0-9]*[ABCDGX]|[0-2]?[JK])")
_REGION = re.compile(r"\x1b\[(?:[0-9]+;[0-9]+)?r")
_ASKS = re.compile(r"\x1b\[(?:\?(?:2026|2048)\$p|6n)")
_UP = "\x1bM"  # a row up; at the top of a region its rows go down
_MOVES = frozenset("\b\r\n")  # a cell back, to the row's begin, a row down
_KITTY_KEYS = re.compile(r"\x1b\[(?:>[0-9]+|<)u")
_COLOUR = r"(?:[34]8;(?:5;[0-9]{1,3}|2;[0-9]{1,3};[0-9]{1,3};[0-9]{1,3}))"
_PLAIN = r"(?:[0-9]|2[1-9]|3[0-79]|4[0-79]|9[0-7]|10[0-7]|5[1-5])"
_STYLE = re.compile(rf"\x1b\[(?:(?:{_COLOUR}|{_PLAIN})(?:;(?:{_COLOUR}|{_PLAIN}))*)?m")
_COLOURED = re.compile(r"\x1b\[(?:.*;)?(?:[34][0-8]|9[0-7]|10[0-7])(?:;.*)?m")
_DEPTHS = (
    (1 << 24, re.compile(r"\x1b\[(?:.*;)?[34]8;2;.*m")),
    (256, re.compile(r"\x1b\[(?:.*;)?[34]8;5;.*m")),
    (16, _COLOURED),
)
_POINTER = re.compile(r"\x1b\]22;(?:default|pointer|text)\x07")  # the mouse pointer's shape
_CLIPBOARD = re.compile(r"\x1b\]52;c;[A-Za-z0-9+/=]*\x07")
_JOINERS = frozenset("\u200c\u200d")


class Token(NamedTuple):
    """One piece of a stream: printable text, a control character or a sequence."""

    kind: Kind
    text: str


class Rules(NamedTuple):
    """What a stream may hold beyond text: `screen` for Textual's own sequences."""

    screen: bool = True
    mouse: bool = False
    clipboard: bool = False
    newline: bool = True  # a line's end as a terminal gets it, \r\n
    controls: frozenset[str] = frozenset()


SCREEN = Rules()
LINES = Rules(screen=False, newline=False, controls=frozenset("\n\t"))  # a verb in a pipe
LINES_ON_TTY = Rules(screen=False, controls=frozenset("\t"))


class Violation(NamedTuple):
    """What should not have reached the terminal, and what stood before it."""

    what: str
    token: str
    before: str

    def __str__(self) -> str:
        return f"{self.what}: {self.token[:80]!a} after {self.before[-60:]!a}"


class Wire:
    """Reads a stream as it comes, returns its tokens, and keeps every violation."""

    def __init__(self, rules: Rules = SCREEN) -> None:
        self.rules = rules
        self.violations: list[Violation] = []
        self.counts: Counter[str] = Counter()
        self.size = 0  # bytes
        self.coloured = 0  # sequences that set a colour
        self.colours = 0  # how many a terminal needs for them: 16, 256 or 2**24
        self.beyond_ascii = 0  # tokens that are not ASCII
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._rest = ""
        self._before = ""

    def feed(self, data: bytes) -> list[Token]:
        """Take in bytes; return the tokens that are whole."""
        self.size += len(data)
        self._rest += self._decoder.decode(data)
        return list(self._tokens(final=False))

    def finish(self) -> list[Token]:
        """Say that nothing follows; what was left unfinished is a violation."""
        self._rest += self._decoder.decode(b"", final=True)
        return list(self._tokens(final=True))

    def _tokens(self, *, final: bool) -> Iterator[Token]:
        at, whole = 0, self._rest
        while at < len(whole):
            found = _TOKEN.match(whole, at)
            if not final and whole[at:] == "\r":
                break  # its line feed may follow
            if found is None:
                if not final and len(whole) - at < _LONGEST and _UNFINISHED.match(whole, at):
                    break
                yield self._seen(Token("escape", whole[at]))
                at += 1
                continue
            yield self._seen(Token(_kind(found), found[0]))
            at = found.end()
        self._rest = whole[at:]

    def _seen(self, token: Token) -> Token:
        self.counts[token.kind] += 1
        if token.kind == "csi" and (needs := _depth(token.text)):
            self.coloured += 1
            self.colours = max(self.colours, needs)
        self.beyond_ascii += not token.text.isascii()
        if what := flaw(token, self.rules):
            self.violations.append(Violation(what, token.text, self._before))
        self._before = token.text
        return token


@lru_cache(maxsize=65536)
def _depth(text: str) -> int:
    """Return how many colours a terminal needs for what a sequence sets; 0 for no colour."""
    return next((many for many, one in _DEPTHS if one.fullmatch(text)), 0)


def _kind(found: re.Match[str]) -> Kind:
    name: Kind = found.lastgroup  # type: ignore[assignment]
    return name


def violations(data: bytes, rules: Rules) -> list[Violation]:
    """Return what a whole stream holds that it may not."""
    wire = Wire(rules)
    wire.feed(data)
    wire.finish()
    return wire.violations


def flaw(token: Token, rules: Rules) -> str:
    """Say what is wrong with a token, empty when it may reach the terminal."""
    if token.kind == "text":
        found = unsound().search(token.text)
        return f"U+{ord(found[0]):04X} in text" if found else ""
    if token.kind == "newline":
        return "" if rules.newline else "carriage return"
    if token.kind == "control":
        moves = rules.screen and token.text in _MOVES
        return "" if moves or token.text in rules.controls else "control character"
    if not rules.screen:
        return "escape sequence"
    if token.text == _UP:
        return ""
    if token.kind == "csi":
        return "" if _csi_allowed(token.text, rules) else "sequence that is not on the list"
    if token.kind == "osc" and _osc_allowed(token.text, rules):
        return ""
    return f"{token.kind} sequence"


@lru_cache(maxsize=65536)
def _csi_allowed(text: str, rules: Rules) -> bool:
    mode = _MODE.fullmatch(text)
    if mode:
        # Leaving writes mouse modes off only where they were on, so both need the rule.
        return mode[1] in _MODES or (rules.mouse and mode[1] in _MOUSE)
    return any(one.fullmatch(text) for one in (_STYLE, _PLACE, _REGION, _ASKS, _KITTY_KEYS))


def _osc_allowed(text: str, rules: Rules) -> bool:
    if rules.clipboard and _CLIPBOARD.fullmatch(text):
        return True
    return _POINTER.fullmatch(text) is not None


@cache
def unsound() -> re.Pattern[str]:
    """Return the pattern of characters no text may hold on its way to a terminal.

    Controls, direction and other format characters but the joiners, lone surrogates (which also
    stand for bytes that are not UTF-8), private use, line and paragraph separators.
    """
    banned = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        and char not in _JOINERS
    ]
    return re.compile(f"[{''.join(_ranges([ord(char) for char in banned]))}]")


def _ranges(codes: list[int]) -> Iterator[str]:
    start = before = codes[0]
    for code in [*codes[1:], -1]:
        if code != before + 1:
            yield f"\\U{start:08x}-\\U{before:08x}"
            start = code
        before = code
