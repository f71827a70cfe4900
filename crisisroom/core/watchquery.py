"""The one query language: what a watched term may say, parsed into any of several alls.

    ferrow hotel          both words, anywhere            "ferrow hotel"   in this order
    ferrow OR ferow       one of them; all binds closer   (a OR b) c       brackets
    ferrow -jobs          not where it says jobs; counts for the whole query
    #ferrow  @ferrow      a hashtag; being addressed      refund*          refund, refunds, refunded

Case and accents never count (`core.watchfold`). A word is a whole word; in Chinese, Japanese,
Korean, Thai and the like, which do not part words, it may stand inside. A hyphen may be left out
or be a space (`e-mail` finds email), an apostrophe may be left out (`McDonald's` finds mcdonalds);
`email` does not find e-mail. An emoji is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import msgspec

from crisisroom.core.watchfold import folded

LONGEST = 1000  # characters of a query
MOST = 64  # alternatives once the brackets are multiplied out
DEEPEST = 16  # brackets in brackets
_TOKEN = re.compile(
    r'\s*(?:(?P<sign>[()])|"(?P<phrase>[^"]*)"(?P<on>\*?)|(?P<word>[^\s()"]+)|(?P<open>"))'
)
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\uff02", '"'))
_MINUS = "-\u2013\u2212"
_TAG = re.compile(r"\w+")
_HANDLE = re.compile(r"\w(?:[\w.-]*\w)?(?:@\w(?:[\w.-]*\w)?)?")
_BARE = re.compile(r"\w[\w'.&+-]*")
_OPERATORS = frozenset({"or", "and", "not"})

Kind = Literal["words", "tag", "handle"]


class Atom(msgspec.Struct, frozen=True):
    """One thing a text may say: words in this order, a #tag, or an @handle; folded.

    `prefix` lets the last word go on: `refund*`.
    """

    text: str
    kind: Kind = "words"
    prefix: bool = False


class Query(msgspec.Struct, frozen=True):
    """A query in its simplest form: one of `any_of` whose atoms are all said, none of `without`."""

    text: str  # as it was written
    any_of: tuple[tuple[Atom, ...], ...]
    without: tuple[Atom, ...] = ()


_Any = tuple[tuple[Atom, ...], ...]


def parse(text: str) -> Query:
    """Return the query; ValueError with what is wrong, and the column, in words."""
    if len(text) > LONGEST:
        raise ValueError(f"a query has room for {LONGEST} characters; write several terms")
    return _Parser(text).query()


def flaw(text: str) -> str:
    """Say what keeps a text from being a query, nothing when it is one."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""


def phrase(text: str) -> str:
    """Return the query for these very words, as a name is written: in quotes."""
    return f'"{" ".join(text.translate(_QUOTES).replace(chr(34), " ").replace("*", " ").split())}"'


def written(any_of: Iterable[Iterable[Atom]], without: Iterable[Atom] = ()) -> str:
    """Write a query down so that `parse` reads the same again."""
    either = " OR ".join(" ".join(spelt(atom) for atom in every) for every in any_of)
    return " ".join([either, *(f"-{spelt(atom)}" for atom in without)])


def spelt(atom: Atom) -> str:
    """Write one atom down."""
    star = "*" if atom.prefix else ""
    if atom.kind != "words":
        return f"{'#' if atom.kind == 'tag' else '@'}{atom.text}{star}"
    bare = _BARE.fullmatch(atom.text) and atom.text not in _OPERATORS
    return f"{atom.text}{star}" if bare else f'"{atom.text}{star}"'


def spellings(text: str) -> tuple[str, ...]:
    """Return the ways a folded atom's text is written: hyphens and apostrophes as people do."""
    ways = [text, text.replace("'", "")]
    for way in tuple(ways):
        ways += [way.replace("-", " "), way.replace("-", ""), way.replace(" ", "-")]
    return tuple(dict.fromkeys(way for way in ways if _says(way)))


def as_written(query: Query) -> dict[str, str]:
    """Return, by folded text, how a person wrote each atom: with its accents and capitals."""
    found: dict[str, str] = {}
    for token in _TOKEN.finditer(query.text.translate(_QUOTES)):
        text = token["phrase"] or (token["word"] or "").lstrip(f"{_MINUS}#@\uff03\uff20")
        plain = " ".join(text.rstrip("*").split())
        if plain:
            found.setdefault(_starred(text)[0], plain)
    return found


class _Parser:
    """One pass over the tokens; columns count characters from 1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_TOKEN.finditer(text.translate(_QUOTES)))
        self._at = 0
        self._depth = 0
        self._without: dict[Atom, None] = {}

    def query(self) -> Query:
        found = self._either() if self._tokens else ()
        if self._at < len(self._tokens):
            self._fail('this ")" closes nothing', "take it out, or put a ( before")
        if not found:
            alone = "a query of exclusions only finds nothing: add a word it looks for"
            raise ValueError(alone if self._without else "a query needs a word")
        return Query(self._text, found, tuple(self._without))

    def _either(self) -> _Any:
        found = self._every()
        while self._word() == "OR":
            here = self._at
            self._at += 1
            more = self._every() if found else ()
            if not more:
                side = "after" if found else "before"
                self._fail(f"{side} this OR a word is missing", "write: this OR that", here)
            found = tuple(dict.fromkeys((*found, *more)))
        self._bounded(len(found))
        return found

    def _every(self) -> _Any:
        found: _Any = ()
        while not self._ends() and self._word() != "OR":
            if self._word() == "AND":
                self._at += 1
                continue
            more = self._factor()
            if found and more:
                self._bounded(len(found) * len(more))
                found = tuple(_both(one, other) for one in found for other in more)
            found = found or more
        return found

    def _factor(self) -> _Any:
        token = self._tokens[self._at]
        word = token["word"] or ""
        if word[:1] in _MINUS and word:
            return self._exclusion(word[1:])
        self._at += 1
        if token["sign"]:
            return self._bracket()
        return ((self._atom(token, word),),)

    def _bracket(self) -> _Any:
        opened = self._at - 1
        self._depth += 1
        if self._depth > DEEPEST:
            self._fail(f"there are more than {DEEPEST} brackets in each other", "", opened)
        found = self._either()
        if self._at >= len(self._tokens):
            self._fail('this "(" is never closed', "add a )", opened)
        if not found:
            self._fail("there is nothing between these brackets", "take them out", opened)
        self._at += 1
        self._depth -= 1
        return found

    def _exclusion(self, word: str) -> _Any:
        """Note what leaves a text out; it stands beside the query, so it adds no alternative."""
        start = self._at
        if self._depth:
            hint = "it counts for the whole query: write it behind the brackets"
            self._fail("an exclusion cannot stand in brackets", hint)
        self._at += 1
        if word:
            left_out: _Any = ((self._atom(self._tokens[start], word, start),),)
        elif self._ends() or self._tokens[self._at][0][:1].isspace():
            self._fail("what is left out comes right behind the -", "write: ferrow -jobs", start)
        else:
            left_out = self._factor()
        for every in left_out:
            if len(every) > 1:
                hint = 'write -"in quotes", or each with its own -'
                self._fail("only one thing can be left out at a time", hint, start)
            self._without[every[0]] = None
        return ()

    def _atom(self, token: re.Match[str], word: str, at: int | None = None) -> Atom:
        at = self._at - 1 if at is None else at
        if token["open"]:
            self._fail("these quotes are never closed", 'add a "', at)
        if token["phrase"] is not None:
            return self._words(token["phrase"] + token["on"], at)
        if word.casefold() in _OPERATORS:
            self._fail(f'"{word}" is no word to look for', _operator_hint(word), at)
        if word[0] in "#\uff03":
            return self._named("tag", word[1:], _TAG, "a hashtag is one word: #ferrow", at)
        if word[0] in "@\uff20":
            hint = "a handle is written @ferrow, or @ferrow@mastodon.example"
            return self._named("handle", word[1:], _HANDLE, hint, at)
        return self._words(word, at)

    def _words(self, written: str, at: int) -> Atom:
        text, prefix = _starred(written)
        if "*" in text:
            self._fail("a * stands at the end of a word only", "write: refund*", at)
        if not _says(text):
            self._fail("there is no letter, digit or emoji in this", "take it out", at)
        if prefix and len(text) < 2:
            self._fail("this * would find nearly everything", "write two letters or more", at)
        return Atom(text, prefix=prefix)

    def _named(self, kind: Kind, written: str, form: re.Pattern[str], hint: str, at: int) -> Atom:
        text, prefix = _starred(written)
        if not form.fullmatch(text):
            what = "hashtag" if kind == "tag" else "handle"
            self._fail(f"this is no {what}", hint, at)
        return Atom(text, kind, prefix)

    def _bounded(self, alternatives: int) -> None:
        if alternatives > MOST:
            what = f"multiplied out, this has more than {MOST} alternatives"
            raise ValueError(f"{what}; write several terms")

    def _word(self) -> str | None:
        return None if self._at >= len(self._tokens) else self._tokens[self._at]["word"]

    def _ends(self) -> bool:
        return self._at >= len(self._tokens) or self._tokens[self._at]["sign"] == ")"

    def _fail(self, what: str, hint: str = "", at: int | None = None) -> None:
        token = self._tokens[self._at if at is None else at]
        column = token.end() - len(token[0].lstrip()) + 1
        raise ValueError(f"{what} (character {column}){'; ' if hint else ''}{hint}")


def _operator_hint(word: str) -> str:
    name = 'a name of several words stands in "quotes"'
    meant = {
        "or": "write OR in capitals",
        "and": "words beside each other are all meant",
        "not": "write -word for what is left out",
    }
    return f"{meant[word.casefold()]}; {name}"


def _starred(written: str) -> tuple[str, bool]:
    """Return a folded text without the * at its end, and whether there was one."""
    text = folded(written).replace('"', " ").strip()
    return " ".join(text.removesuffix("*").split()), text.endswith("*")


def _both(one: tuple[Atom, ...], other: tuple[Atom, ...]) -> tuple[Atom, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _says(text: str) -> bool:
    return any(sign.isalnum() or unicodedata.category(sign) == "So" for sign in text)
