"""Rows: what a pane shows, as cells of text with a role; no widget, no colour, no I/O."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace
from rich.cells import cell_len as cell_len
from rich.cells import set_cell_size

from crisisroom.tui.signs import CLIPPED


class Cell(msgspec.Struct, frozen=True):
    """A piece of one line: `foreign` words come from a stranger and stand last in their row."""

    text: str
    role: str = "text"
    foreign: bool = False


class Row(msgspec.Struct, frozen=True):
    """One line of a pane, left to right; `at` tells what it stands for."""

    cells: tuple[Cell, ...] = ()
    cursor: bool = False
    at: str = ""

    @property
    def text(self) -> str:
        """Return the words without their roles."""
        return "".join(cell.text for cell in self.cells)

    def under(self, cursor: bool) -> Row:
        """Return the row with the cursor on it, or off it."""
        return self if self.cursor == cursor else replace(self, cursor=cursor)


BLANK = Row()


def row(*cells: Cell, at: str = "", cursor: bool = False) -> Row:
    """Make a row of cells, leaving empty ones out."""
    return Row(tuple(cell for cell in cells if cell.text), cursor, at)


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return the text exactly so many terminal cells wide: clipped with a sign, or padded."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + CLIPPED
    pad = " " * (width - length)
    return pad + text if right else text + pad


def clip(text: str, width: int) -> str:
    """Return the text at most so many cells wide, never padded."""
    return fit(text, width).rstrip(" ") if cell_len(text) > width else text


def gap(width: int = 1) -> Cell:
    """Return an empty stretch."""
    return Cell(" " * max(0, width))


def spread(parts: Iterable[tuple[int, Cell]]) -> tuple[Cell, ...]:
    """Set cells at fixed columns; what would overlap is clipped by the next one's place."""
    placed = sorted(parts, key=lambda part: part[0])
    cells: list[Cell] = []
    column = 0
    for index, (start, cell) in enumerate(placed):
        cells.append(gap(start - column))
        room = placed[index + 1][0] - start if index + 1 < len(placed) else None
        text = cell.text if room is None else clip(cell.text, max(0, room))
        cells.append(replace(cell, text=text))
        column = max(column, start) + cell_len(text)
    return tuple(cell for cell in cells if cell.text)


def short(name: str, width: int = 4) -> str:
    """Return a person's name as it stands in a list: so many cells at most."""
    return clip(name, width) if cell_len(name) > width else name


def wrap(text: str, width: int) -> list[str]:
    """Return the text as lines of at most `width` cells, broken between words where it can be."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in paragraph.split(" "):
            joined = f"{current} {word}" if current else word
            if cell_len(joined) <= width:
                current = joined
                continue
            if current:
                lines.append(current)
            *whole, current = chopped(word, width)
            lines.extend(whole)
        lines.append(current)
    return lines


def chopped(word: str, width: int) -> list[str]:
    """Return a word in pieces of at most `width` cells; at least one piece."""
    pieces, current, used = [], "", 0
    for sign in word:
        size = cell_len(sign)
        if used + size > max(2, width) and current:
            pieces.append(current)
            current, used = "", 0
        current += sign
        used += size
    return [*pieces, current]
