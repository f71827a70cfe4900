"""Rows on a narrow screen: those of a list folded to two lines, sentences of ours hung."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, cell_len, gap
from crisisroom.tui.rows.hanging import hung

PHONE = 60  # cells of a screen below which lists have fewer columns, or rows of two lines
_USUAL = 96  # cells for which the rows are made that are folded: two lines hold nearly as much
_WORDS = 3  # the column where the words of a row begin
_INDENT = 5  # of what stands below them
_PIECES = re.compile(r" +|[^ ]+")

Build = Callable[[int], Sequence[Row]]


def for_width(build: Build, width: int) -> list[Row]:
    """Return the rows of a list for so many cells, none of them cut that need not be.

    On a phone they are those of a wider screen, folded; `build` makes rows for a width.
    """
    if width >= PHONE - 2:
        return told_whole(build(width), width)
    return [part for one in build(_USUAL) for part in folded(one, width)]


def told_whole(rows: Iterable[Row], width: int) -> list[Row]:
    """Return rows with what we say ourselves on as many lines as it takes.

    Rows that can be chosen, and words of strangers, stay on their line.
    """
    return [part for one in rows for part in ([one] if _stays(one) else hung([one], width))]


def _stays(line: Row) -> bool:
    return bool(line.at) or any(cell.foreign for cell in line.cells)


def folded(line: Row, width: int) -> list[Row]:
    """Return a row on one line or two; its columns move together where it takes two.

    The cursor rests on the first one only. A stranger's words on the second stand behind the bar.
    """
    if not _stays(line):
        return hung([line], width)
    pieces = _squeezed(line.cells)
    if cell_len(line.text.rstrip()) <= width:
        return [replace(line, cells=_without_end(line.cells))]
    first: list[Cell] = []
    used = 0
    while pieces and used + cell_len(pieces[0].text) <= width:
        used += cell_len(pieces[0].text)
        first.append(pieces.pop(0))
    if used <= _INDENT:  # one word longer than the line: it is cut at its edge
        return [replace(line, cells=(*first, *pieces))]
    while pieces and pieces[0].text.isspace():
        pieces.pop(0)
    if not pieces:
        return [replace(line, cells=tuple(first))]
    below = (_margin(pieces[0]), *pieces)
    return [
        replace(line, cells=tuple(first)),
        Row((gap(_WORDS), *below), at=f"more:{line.at}" if line.at else ""),
    ]


def _margin(first: Cell) -> Cell:
    return Cell(f"{signs.QUOTE} ", "faint") if first.foreign else gap(_INDENT - _WORDS)


def _without_end(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return cells without the blanks that fill the line behind the last word."""
    kept = list(cells)
    while kept and not kept[-1].text.rstrip():
        kept.pop()
    return (*kept[:-1], replace(kept[-1], text=kept[-1].text.rstrip())) if kept else ()


def _squeezed(cells: Sequence[Cell]) -> list[Cell]:
    """Return words and blanks one by one; between words at most two blanks."""
    pieces: list[Cell] = []
    for piece in _each(_without_end(cells)):
        blank = piece.text.isspace()
        if blank and pieces and pieces[-1].text.isspace():
            pieces[-1] = replace(pieces[-1], text=pieces[-1].text + piece.text)
        else:
            pieces.append(piece)
    return [
        replace(one, text=one.text[: 2 if place else _INDENT]) if one.text.isspace() else one
        for place, one in enumerate(pieces)
    ]


def _each(cells: Iterable[Cell]) -> Iterator[Cell]:
    for cell in cells:
        for text in _PIECES.findall(cell.text):
            yield replace(cell, text=text)
