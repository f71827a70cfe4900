"""What a search asks the word index for, whichever engine keeps it.

Both engines cut and fold words alike, so that a room finds the same posts wherever it lies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

if TYPE_CHECKING:
    from crisisroom.core.query import Query
    from crisisroom.store.tx import Tx

_WORDS = re.compile(r'"([^"]*)"|(\w+)')
_PARTS = re.compile(r"\w+")
_MOST_WORDS = 12

Spoken = tuple[int, str, str, str]  # a mention's number, handle, name and text, as they are kept


class Said(msgspec.Struct, frozen=True):
    """One thing a post has to say: words in a row, the last of which may only begin so."""

    words: str
    begins: bool = False
    by: bool = False  # looked for in the author's handle and name


class Found(msgspec.Struct, frozen=True):
    """What to read for a match: the rows, the number in them to order by, what fits, with what."""

    rows: str
    number: str
    where: str
    args: tuple[Any, ...]


class Words(Protocol):
    """The word index of one engine."""

    async def add(
        self, tx: Tx, numbers: Sequence[int], rows: Sequence[Spoken] | None = None
    ) -> None:
        """Take mentions into the index as they stand now; `rows` is what they say, where known."""
        ...

    async def forget(self, tx: Tx, numbers: Sequence[int]) -> None:
        """Take mentions out of the index, before their words change or go."""
        ...

    async def merge(self, tx: Tx, *, begin: bool) -> bool:
        """Let a part of what was forgotten leave the disk; False once nothing is left of it."""
        ...

    async def leads(self, tx: Tx, said: Sequence[Said]) -> Found:
        """Return how mentions `m` are walked by what they say: the index leads."""
        ...

    def fits(self, said: Sequence[Said], least: int = 0) -> tuple[str, tuple[Any, ...]]:
        """Return the condition on mentions `m` that they say it, where something else leads.

        No mention of a number below `least` is asked.
        """
        ...


def said_in(query: Query) -> tuple[Said, ...]:
    """Return what a search asks for: `"a phrase"` as it is, other words as beginnings of words.

    Only letters and digits are left of it, so that nothing in it is an operator.
    """
    parts = [
        # a single letter of ours would mean half the room
        Said(word, begins=not (len(word) == 1 and word.isascii())) if word else _phrase(quoted)
        for quoted, word in _WORDS.findall(query.text)[:_MOST_WORDS]
    ]
    if query.author:
        parts.append(msgspec.structs.replace(_phrase(query.author), by=True))
    return tuple(part for part in parts if part.words)


def _phrase(text: str) -> Said:
    return Said(" ".join(_PARTS.findall(text)[:_MOST_WORDS]))
