"""What somebody typed to narrow the feed: plain words, phrases, and words such as `is:free`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

import msgspec

from crisisroom.core.mention import MentionKind, Verdict
from crisisroom.core.query import Query, numbered

LOUD = 0.6  # the priority from which a post is loud
STATES = {
    "free": "new",
    "new": "new",
    "claimed": "claimed",
    "answered": "answered",
    "private": "offline",
    "offline": "offline",
    "dismissed": "dismissed",
}
VERDICTS = tuple(word for word in get_args(Verdict) if word)
KINDS: tuple[str, ...] = get_args(MentionKind)
BARE = ("loud", "copies")  # words of ours that stand alone; in quotes they are searched for

_PIECE = re.compile(r'(?:([a-z]+):)?("[^"]*"?|\S+)')
_LINKS = ("http", "https", "mailto")


class Filter(msgspec.Struct, frozen=True):
    """What narrows the feed, as typed: plain words, and `is:free who:ada on:masto in:INC-7`."""

    typed: str = ""

    def query(self, me: str = "") -> Query:
        """Return it as a query; a word of ours that says nothing known is searched for as text."""
        return _read(self.typed, me).query()

    @property
    def flaws(self) -> tuple[str, ...]:
        """Return what looks like a filter word and is none, each with the nearest that is."""
        return tuple(_read(self.typed, "").flaws)


class _Reading(msgspec.Struct):
    me: str
    words: list[str] = []
    states: list[str] = []
    sources: list[str] = []
    found: dict[str, Any] = {}
    flaws: list[str] = []

    def query(self) -> Query:
        return Query(
            text=" ".join(self.words),
            states=tuple(dict.fromkeys(self.states)),
            sources=tuple(dict.fromkeys(self.sources)),
            **self.found,
        )


def _read(typed: str, me: str) -> _Reading:
    reading = _Reading(me)
    for name, said in _PIECE.findall(typed):
        value = said.strip('"')
        if not name and said in BARE:
            _bare(reading, said)
        elif not name or name in _LINKS or not value:
            reading.words.append(f"{name}:{said}" if name else said)
        elif flaw := _taken(reading, name, value):
            reading.flaws.append(flaw)
            reading.words.append(f"{name}:{said}")
    return reading


def _bare(reading: _Reading, word: str) -> None:
    if word == "loud":
        reading.found["least_priority"] = LOUD
    else:
        reading.found["copies"] = True


def _taken(reading: _Reading, name: str, value: str) -> str:
    """Take a filter word; return what is wrong with it, empty where nothing is."""
    take = _TAKES.get(name)
    if take is None:
        return f"{name}: is no filter word: {_near(name, tuple(_TAKES), ':')}"
    return take(reading, value)


def _is(reading: _Reading, value: str) -> str:
    if value in STATES:
        reading.states.append(STATES[value])
    elif value in VERDICTS:
        reading.found["verdict"] = value
    else:
        return f"is:{value} is unknown: {_near(value, (*STATES, *VERDICTS), '', 'is:')}"
    return ""


def _kind(reading: _Reading, value: str) -> str:
    if value not in KINDS:
        return f"kind:{value} is unknown: {_near(value, KINDS, '', 'kind:')}"
    reading.found["kind"] = value
    return ""


def _about(reading: _Reading, value: str) -> str:
    if value == "others":
        reading.found["others"] = True
    else:
        reading.found |= {"term": value, "others": None}
    return ""


def _story(reading: _Reading, value: str) -> str:
    number = numbered(value, "N-")
    if number is None:
        return f"story:{value} is unknown: a story is called N-3"
    reading.found["narrative"] = f"N-{number}"
    return ""


def _who(reading: _Reading, value: str) -> str:
    reading.found["assignee"] = reading.me if value == "me" else value
    return ""


def _on(reading: _Reading, value: str) -> str:
    reading.sources.append(value)
    return ""


def _as(field_: str, change: Callable[[str], str] = str) -> Callable[[_Reading, str], str]:
    def take(reading: _Reading, value: str) -> str:
        reading.found[field_] = change(value)
        return ""

    return take


_TAKES: dict[str, Callable[[_Reading, str], str]] = {
    "is": _is,
    "who": _who,
    "on": _on,
    "in": _as("incident", str.upper),
    "story": _story,
    "about": _about,
    "tag": _as("tag", str.lower),
    "kind": _kind,
    "lang": _as("lang"),
    "from": _as("author"),
}


def _near(word: str, known: tuple[str, ...], after: str, before: str = "") -> str:
    """Return the nearest known word as a question, or all of them."""
    from difflib import get_close_matches  # only a slip pays for it

    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"{before}{near[0]}{after}?" if near else " ".join(known)
