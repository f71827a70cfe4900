"""How many cells of a terminal a text takes, without asking a terminal library."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from crisisroom.text.chars import ELLIPSIS

_JOINER, _EMOJI_FORM = "\u200d", "\ufe0f"


def cells(text: str) -> int:
    """Return the terminal width of one line of `text`; controls and marks take no cell."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(width for _, width in _units(text))


def clip(text: str, width: int) -> str:
    """Return `text` if it fits in `width` cells, else its start and `…`, within `width`."""
    if cells(text) <= width:
        return text
    if width < 1:
        return ""
    end = used = 0
    for stop, unit in _units(text):
        if used + unit > width - 1:
            break
        end, used = stop, used + unit
    return text[:end] + ELLIPSIS


def _units(text: str) -> Iterator[tuple[int, int]]:
    """Yield the end and the cells of each character with all that hangs on it."""
    width, before = 0, ""
    for index, char in enumerate(text):
        own = _char_cells(char)
        if char == _EMOJI_FORM and width == 1:
            width = 2
        elif own and not (width == 2 and _is_emoji_part(char, before)):
            if index:
                yield index, width
            width = own
        before = char
    if text:
        yield len(text), width


def _is_emoji_part(char: str, before: str) -> bool:
    """Tell whether `char` is drawn into the two cells of the emoji before it."""
    if "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    return before == _JOINER and unicodedata.category(char) == "So"


@lru_cache(maxsize=4096)
def _char_cells(char: str) -> int:
    kind = unicodedata.category(char)
    if kind[0] == "M" or kind in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return 0
    if "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7fb":
        return 0  # the vowels and ends of a Hangul syllable are drawn into its first cells
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
