"""Our own words: refused with the position of what is hidden in them, or kept exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from crisisroom.text import chars

_KINDS = (
    ("control character", chars.CONTROLS),
    ("direction control", chars.BIDI),
    ("tag character", chars.TAGS),
    ("half a character", chars.SURROGATES),
    ("invisible character", chars.INVISIBLE),
    ("invisible line end", chars.LINE_ENDS),
    ("annotation mark", chars.ANNOTATIONS),
    ("code that is no character", chars.NONCHARACTERS),
)
_FLAW = re.compile("|".join(f"([{ranges}])" for _, ranges in _KINDS))


class Flaw(msgspec.Struct, frozen=True):
    """What may not stand in our own words, and where: line and column count from 1."""

    line: int
    column: int
    what: str


def check_own(text: str) -> list[Flaw]:
    """Return every hidden or harmful character of our own words, in order."""
    return list(_flaws(text))


def require_own(text: str, where: str = "") -> str:
    """Return `text` unchanged, or raise ValueError with the position of its first flaw."""
    for flaw in _flaws(text):
        place = f"{where}: " if where else ""
        raise ValueError(f"{place}line {flaw.line}, column {flaw.column}: {flaw.what}; remove it")
    return text


def _flaws(text: str) -> Iterator[Flaw]:
    if not any(map(_FLAW.match, set(text))):
        return
    line, begin, seen = 1, 0, 0  # begin: where the line begins, seen: how far lines are counted
    for match in _FLAW.finditer(text):
        start = match.start()
        line += text.count("\n", seen, start)
        begin = max(begin, text.rfind("\n", seen, start) + 1)
        seen = start
        kind = _KINDS[(match.lastindex or 1) - 1][0]
        yield Flaw(line, start - begin + 1, f"{kind} U+{ord(match[0]):04X}")
