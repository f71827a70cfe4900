"""The one query language: what a watched term may say, parsed into any of several alls."""

from __future__ import annotations

from typing import Literal

import msgspec


class Atom(msgspec.Struct, frozen=True):
    """One thing a text may say: words in this order, a #tag, or an @handle; folded.

    `prefix` lets the last word go on: `refund*`.
    """

    text: str
    kind: Literal["words", "tag", "handle"] = "words"
    prefix: bool = False


class Query(msgspec.Struct, frozen=True):
    """A query in its simplest form: one of `any_of` whose atoms are all said, none of `without`."""

    text: str  # as it was written
    any_of: tuple[tuple[Atom, ...], ...]
    without: tuple[Atom, ...] = ()


def parse(text: str) -> Query:
    """Return the query; ValueError with what is wrong, and the column, in words."""
    if not text.strip():
        raise ValueError("a query needs a word")
    return Query(text, ((Atom(text.strip().casefold()),),))


def flaw(text: str) -> str:
    """Say what keeps a text from being a query, nothing when it is one."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""
