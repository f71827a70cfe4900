"""The signs of the visual language, and what stands for them where only ASCII shows."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len

from crisisroom.firstpaint.signs import (
    ASCII,
    BAD,
    CLIPPED,
    CLOSED,
    CURSOR,
    DONE,
    FREE,
    LINE,
    LOOK,
    NOW,
    OFF,
    OPEN,
    OWNED,
    PINNED,
    PRIVATE,
    QUOTE,
    RISING,
    TIMES,
    WAITS,
)

__all__ = [
    "ASCII",
    "BAD",
    "CLIPPED",
    "CLOSED",
    "CURSOR",
    "DONE",
    "FREE",
    "LINE",
    "LOOK",
    "NOW",
    "OFF",
    "OPEN",
    "OWNED",
    "PINNED",
    "PRIVATE",
    "QUOTE",
    "RISING",
    "TIMES",
    "WAITS",
    "folded",
    "plain",
]


def plain(text: str) -> str:
    """Return our own words in ASCII: the signs by the table, the rest by its nearest letter."""
    return folded(text.translate(ASCII))


def folded(text: str) -> str:
    """Return any words in ASCII, as many cells wide as before: accents go, the rest is `?`."""
    return text if text.isascii() else "".join(map(_folded, text.translate(ASCII)))


def _folded(sign: str) -> str:
    if sign.isascii():
        return sign
    nearest = unicodedata.normalize("NFKD", sign)[0]
    width = cell_len(sign)
    return (nearest if nearest.isascii() else "?").ljust(width, "?") if width else ""
