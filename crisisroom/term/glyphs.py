"""Text as glyphs with their widths, as Textual counts them, and which widths terminals dispute."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import split_graphemes

# No control character leaves through text: what it would do to the terminal is not in the model.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURE_WIDE = "WF"
_MARKS = ("Mn", "Me")
_ALONE = ("Lu", "Ll", "Lo", "Nd", "Nl", "No", "Po", "Pd", "Ps", "Pe", "Pi", "Pf", "Sm", "Sc", "So")
_BEYOND = re.compile("[^\x00-\x7f]")  # ASCII
_EMOJI = "\ufe0f"  # asks for the wide picture of a narrow sign
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")


def printable(text: str) -> str:
    """Return text without control characters; Textual counts no cell for them either."""
    return text if text.isprintable() else _CONTROLS.sub("", text)


@lru_cache(256)
def glyphs(text: str) -> tuple[tuple[str, int], ...]:
    """Return the glyphs of a text and how many cells each takes: 0, 1 or 2.

    The widths are those of `rich.cells`, by which Textual lays out. The two letters of a flag, each
    of one cell, are one glyph: written apart, they would be shown as letters.
    """
    spans, _ = split_graphemes(text)
    found = [(text[start:end], width) for start, end, width in spans]
    return tuple(_with_flags(found) if _FLAG.search(text) else found)


def _with_flags(found: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    rest = iter([*found, ("", 0)])
    before, wide = next(rest)
    for glyph, width in rest:
        if wide == width == 1 and _FLAG.fullmatch(before + glyph):
            before, wide = before + glyph, 2
            continue
        yield before, wide
        before, wide = glyph, width


@lru_cache(4096)
def doubtful(glyph: str) -> bool:
    """Say whether terminals dispute how many cells a glyph takes.

    Joined, modified and flag emoji, spacing marks, and what this Python's Unicode does not know.
    """
    if len(glyph) == 1:
        return not glyph.isascii() and _is_disputed(glyph)
    base, rest = glyph[0], glyph[1:]
    plain = unicodedata.category(base).startswith("L") and not _is_disputed(base)
    marked = all(unicodedata.category(one) in _MARKS and one != _EMOJI for one in rest)
    return not (plain and marked)


def certain(text: str) -> bool:
    """Say at a glance that terminals dispute nothing in a text; where not, look at each glyph."""
    return text.isascii() or all(map(_is_certain, set(_BEYOND.findall(text))))


@lru_cache(4096)
def _is_certain(sign: str) -> bool:
    """Say whether a sign is a glyph of its own, and as wide everywhere."""
    return unicodedata.category(sign) in _ALONE and not _is_disputed(sign)


def narrow(text: str) -> bool:
    """Say at a glance that each sign of a text is a glyph of one cell; where not, take it apart."""
    return text.isascii() or all(map(_is_narrow, set(_BEYOND.findall(text))))


@lru_cache(4096)
def _is_narrow(sign: str) -> bool:
    return _is_certain(sign) and glyphs(sign) == ((sign, 1),)


def spells(glyph: str) -> bool:
    """Say whether a glyph is a letter whose width terminals dispute, as with a spacing mark."""
    return not glyph.isascii() and doubtful(glyph) and unicodedata.category(glyph[0])[0] == "L"


def _is_disputed(sign: str) -> bool:
    category = unicodedata.category(sign)
    if category in ("Cn", "Co", "Cs", "Cf", "Mc") or 0x1F1E6 <= ord(sign) <= 0x1F1FF:
        return True
    wide = unicodedata.east_asian_width(sign) in _SURE_WIDE
    return glyphs(sign) != ((sign, 2 if wide else 1),)
