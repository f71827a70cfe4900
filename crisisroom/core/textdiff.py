"""What differs between two versions of a text, word by word, as somebody reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

import msgspec

_PIECES = re.compile(r"\s+|[^\W_]+(?:['\u2019][^\W_]+)?|.", re.DOTALL)
_ISLAND = 3  # pieces of what stayed between two changes that are too short to be read as such

Kind = Literal["same", "gone", "new"]


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text that stayed, went, or came."""

    kind: Kind
    text: str


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of two texts in the order of reading; what went comes before what came.

    The pieces that are not new make up `before`, those that are not gone `after`.
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    return tuple(_joined(_changes(old, new)))


def _changes(old: list[str], new: list[str]) -> Iterator[Piece]:
    matched = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for index, (tag, a, b, c, d) in enumerate(matched):
        inside = 0 < index < len(matched) - 1
        blank = not "".join(old[a:b]).strip() or b - a < _ISLAND
        if tag == "equal" and not (inside and blank):
            yield Piece("same", "".join(old[a:b]))
        else:
            yield Piece("gone", "".join(old[a:b]))
            yield Piece("new", "".join(new[c:d]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Put changes that follow one another together, so that whole phrases are read at once."""
    gone, new = "", ""
    for piece in pieces:
        if piece.kind == "same":
            yield from _flushed(gone, new)
            gone, new = "", ""
            if piece.text:
                yield piece
        elif piece.kind == "gone":
            gone += piece.text
        else:
            new += piece.text
    yield from _flushed(gone, new)


def _flushed(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", gone)
    if new:
        yield Piece("new", new)


def marked(pieces: tuple[Piece, ...]) -> str:
    """Return a difference as plain text: `[-gone-]` and `{+new+}`, what stayed as it is."""
    around = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
    return "".join(piece.text.join(around[piece.kind]) for piece in pieces)
