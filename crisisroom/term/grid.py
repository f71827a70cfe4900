"""The cells of a screen: what stands where, in which style."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from crisisroom.term.glyphs import glyphs, narrow, printable
from crisisroom.term.style import BLANK, Cell, Style

Row = list[Cell]
JOINED = 32  # characters of a glyph, to which marks may come from a text of their own


class Grid:
    """`height` rows of `width` cells; a glyph of two cells is followed by a cell with `""`."""

    __slots__ = ("height", "rows", "width")

    def __init__(self, width: int, height: int, fill: Cell = BLANK) -> None:
        self.width = width
        self.height = height
        self.rows: list[Row] = [[fill] * width for _ in range(height)]

    def fill(self, cell: Cell = BLANK) -> None:
        """Make every cell the same."""
        self.rows = [[cell] * self.width for _ in range(self.height)]

    def resized(self, width: int, height: int) -> Grid:
        """Return a grid of another size with as much of this one as it holds."""
        other = Grid(width, height)
        for row, old in zip(other.rows, self.rows, strict=False):
            kept = old[:width]
            if len(kept) == width and len(old) > width and old[width][0] == "":
                kept[-1] = kept[-1][1].cells[" "]  # the right half of a wide glyph is gone
            row[: len(kept)] = kept
        return other

    def scroll(self, top: int, bottom: int, rows: int) -> None:
        """Move rows `top` to `bottom` (exclusive) up by `rows`, or down; blank ones come in."""
        blank = [[BLANK] * self.width for _ in range(abs(rows))]
        region = self.rows[top:bottom]
        self.rows[top:bottom] = (
            region[rows:] + blank if rows > 0 else blank + region[: len(region) + rows]
        )

    def put(self, x: int, y: int, text: str, style: Style) -> int:
        """Write text into a row and return the column after it; what does not fit is dropped."""
        row, width = self.rows[y], self.width
        if narrow(text) and text.isprintable():
            cells: Iterable[Cell] = map(style.cells.__getitem__, text)
            length = len(text)
        else:
            made = self._cells(row, x, printable(text), style)
            cells, length = made, len(made)
        if x >= width or not length:
            return min(width, x + length)
        end = x + length
        if row[x][0] == "":
            _halve(row, x - 1)
        if end < width and row[end][0] == "":
            row[end] = row[end][1].cells[" "]
        if end <= width:
            row[x:end] = cells
            return end
        row[x:width] = islice(cells, width - x)
        last = glyphs(row[-1][0])
        if last and last[0][1] == 2:  # half a glyph at the edge is a blank
            _halve(row, width - 1)
        return width

    def _cells(self, row: Row, x: int, text: str, style: Style) -> Row:
        """Return the cells of a text; marks at its beginning join the glyph before it."""
        cells: Row = []
        for glyph, width in glyphs(text):
            if width:
                cells.append(style.cells[glyph])
                if width == 2:
                    cells.append(style.cells[""])
            elif cells:
                _join(cells, len(cells) - 1, glyph)
            elif 0 < x <= len(row):
                _join(row, x - 1, glyph)
        return cells

    def erase(self, x: int, y: int, end: int, style: Style) -> None:
        """Blank the cells from `x` to `end` (exclusive) of a row."""
        if not 0 <= y < self.height:
            return
        row = self.rows[y]
        x, end = min(x, self.width), min(end, self.width)
        if x < end:
            if row[x][0] == "":
                _halve(row, x - 1)
            row[x:end] = [style.cells[" "]] * (end - x)

    def text(self) -> list[str]:
        """Return the rows as text, for people and tests."""
        return ["".join(glyph for glyph, _ in row) for row in self.rows]


def _halve(row: Row, x: int) -> None:
    """Blank the left half of a glyph whose right half is written over."""
    if x >= 0:
        row[x] = row[x][1].cells[" "]


def _join(cells: Row, x: int, mark: str) -> None:
    if cells[x][0] == "" and x:
        x -= 1
    glyph, style = cells[x]
    if len(glyph) + len(mark) <= JOINED:  # the same text again and again puts them there each time
        cells[x] = style.cells[glyph + mark]
