"""A text of ours with what matters in it underlined: blanks, forbidden phrases, free words.

Also what differs between two texts: what came is underlined, what went stands between `[-` and
`-]`, so that neither depends on colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from crisisroom.core.approved import Span
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.review import Problem
from crisisroom.core.textdiff import diff
from crisisroom.tui.compose.editor import Mark, MarkKind
from crisisroom.tui.rows import Cell, Row, row

_ROLES: dict[MarkKind, str] = {
    "blank": "blank",
    "forbidden": "forbidden",
    "asked": "blank",
    "free": "said",
    "cut": "chip",
}
_PIECES = {"same": "text", "gone": "quiet", "new": "said"}
_TOKEN = re.compile(r"\{\{[^{}]*\}\}|\w+(?:[':.,-]\w+)*|[^\w\s]")
_CODES: dict[str, MarkKind] = {
    "blank": "blank",
    "forbidden": "forbidden",
    "hidden": "forbidden",
    "no_comment": "forbidden",
    "personal": "forbidden",
    "warned": "asked",
    "promise": "asked",
    "blame": "asked",
}


def marks_of(problems: Iterable[Problem]) -> tuple[Mark, ...]:
    """Return the stretches that problems point at and that can be underlined."""
    return tuple(
        Mark(problem.start, problem.end, _CODES[problem.code])
        for problem in problems
        if problem.code in _CODES and problem.end > problem.start
    )


def marks_in(text: str, free: Iterable[Span] = ()) -> tuple[Mark, ...]:
    """Return the open blanks of a text and its free words as stretches to underline."""
    blanks = tuple(Mark(blank.start, blank.end, "blank") for blank in blanks_in(text))
    return blanks + tuple(Mark(span.start, span.end, "free") for span in free)


def marked(text: str, marks: Sequence[Mark]) -> tuple[Row, ...]:
    """Return a text as lines, its marked stretches in their roles; blanks win over free words."""
    edges = {0, len(text)}
    for mark in marks:
        edges |= {mark.start, mark.end}
    edges |= {at + 1 for at, char in enumerate(text) if char == "\n"}
    cuts = sorted(edge for edge in edges if edge <= len(text))
    lines: list[list[Cell]] = [[]]
    for start, end in pairwise(cuts):
        piece = text[start:end]
        lines[-1].append(Cell(piece.removesuffix("\n"), _role(marks, start, end)))
        if piece.endswith("\n"):
            lines.append([])
    return tuple(row(*(cells or [Cell(" ")])) for cells in lines)


def _role(marks: Sequence[Mark], start: int, end: int) -> str:
    kinds = {mark.kind for mark in marks if mark.start <= start and end <= mark.end}
    return next((role for kind, role in _ROLES.items() if kind in kinds), "text")


def differing(before: str, after: str) -> tuple[Row, ...]:
    """Return two texts as one, line by line: what stayed plain, what came and what went marked."""
    lines: list[list[Cell]] = [[]]
    for piece in diff(before, after):
        first, last = ("[-", "-]") if piece.kind == "gone" else ("", "")
        for number, part in enumerate((first + piece.text + last).split("\n")):
            if number:
                lines.append([])
            lines[-1].append(Cell(part, _PIECES[piece.kind]))
    return tuple(
        row(*(cells if any(cell.text for cell in cells) else [Cell(" ")])) for cells in lines
    )


def changed(before: str, after: str) -> tuple[Span, ...]:
    """Return what of the later text does not stand in the earlier one, word by word."""
    old = _TOKEN.findall(before)
    found = list(_TOKEN.finditer(after))
    matcher = SequenceMatcher(None, old, [match[0] for match in found], autojunk=False)
    spans = []
    for tag, _, _, first, last in matcher.get_opcodes():
        if tag in ("replace", "insert") and last > first:
            start, end = found[first].start(), found[last - 1].end()
            spans.append(Span(start, end, after[start:end]))
    return tuple(spans)
