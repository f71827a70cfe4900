"""Checks that several use cases share."""

from __future__ import annotations

from crisisroom.core.errors import Refused, Usage
from crisisroom.text import check_own

TITLE = 200  # characters of an incident's title
LONGEST = 20_000  # characters of our own words in one entry


def own(words: str, what: str) -> str:
    """Return our own words exactly as they are; Refused with the position of what cannot stay."""
    if flaws := check_own(words):
        first = flaws[0]
        where = f"line {first.line}, column {first.column}"
        raise Refused("characters", f"{what}: {first.what} at {where}", "delete it and try again")
    if len(words) > LONGEST:
        raise Refused("too-long", f"{what} has {len(words)} characters; {LONGEST} fit")
    return words


def required(words: str, otherwise: str) -> str:
    """Return words that are not empty; Usage says what is missing."""
    if not words.strip():
        raise Usage("empty", otherwise)
    return words


def headline(words: str) -> str:
    """Return an incident's title; Refused when it is more than a line, Usage when it is empty."""
    required(words, "an incident needs a title")
    if "\n" in words or len(words) > TITLE:
        raise Refused("title", f"a title is one line of up to {TITLE} characters", "shorten it")
    return own(words, "title")


def person(name: str, team: tuple[str, ...]) -> str:
    """Return the name of somebody who may be given work; Usage for a stranger to the team."""
    required(name, "say who")
    if team and name not in team:
        raise Usage("unknown-person", f"{name} is not in the team", f"one of {', '.join(team)}")
    return own(name, "name")
