"""Rows that are longer than the screen is wide: what follows begins where the words began."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from crisisroom.tui.rows import BLANK, Cell, Row, cell_len, chopped, fit, gap, row, wrap

_PIECES = re.compile(r" +|[^ ]+")


def hanging(line: Row, width: int) -> list[Row]:
    """Return a row as rows of at most `width` cells, indented as its first one is."""
    if cell_len(line.text) <= width:
        return [line]
    leading = len(line.text) - len(line.text.lstrip(" "))
    indent = _indent(line.text, leading)
    rows: list[Row] = []
    cells, used = [gap(leading)], leading
    for piece in _pieces(line.cells, width - indent):
        size = cell_len(piece.text)
        if used + size > width:
            rows.append(Row(tuple(cell for cell in cells if cell.text), at=line.at))
            cells, used = [gap(indent)], indent
        if not piece.text.isspace() or used > (indent if rows else leading):
            cells.append(piece)
            used += size
    return [*rows, Row(tuple(cell for cell in cells if cell.text), at=line.at)]


def _indent(text: str, leading: int) -> int:
    """Return where the words of a row begin: behind its mark, where it has one."""
    return 3 if leading == 1 and text[2:3] == " " else leading


def _pieces(cells: Iterable[Cell], width: int) -> Iterator[Cell]:
    """Yield words and the blanks between them; a word longer than a line in several pieces."""
    for cell in cells:
        for text in _PIECES.findall(cell.text):
            for part in [text] if text.isspace() else chopped(text, width):
                yield replace(cell, text=part)


def hung(lines: Iterable[Row], width: int) -> list[Row]:
    """Return all these rows so."""
    return [part for line in lines for part in hanging(line, width)]


def two_columns(
    head: Cell, name: Cell, rest: Cell, width: int, longest: tuple[int, int], between: int = 3
) -> list[Row]:
    """Return a name and more about it side by side, each wrapped in its own column.

    `longest` is how wide the widest name and the widest rest of the list are; names get a third of
    the room, or what the rest leaves. `head` stands before the first line.
    """
    begin = cell_len(head.text)
    room = max(24, width - begin)
    names = max(1, min(longest[0], max(room // 3, room - longest[1] - between)))
    left = wrap(name.text, names)
    right = wrap(rest.text, room - names - between) if rest.text else []
    rows = []
    for index in range(max(len(left), len(right))):
        told = right[index] if index < len(right) else ""
        cells = [
            head if index == 0 else gap(begin),
            replace(name, text=fit(left[index] if index < len(left) else "", names)),
            gap(between if told else 0),
            replace(rest, text=told),
        ]
        rows.append(row(*cells))
    return rows or [BLANK]
