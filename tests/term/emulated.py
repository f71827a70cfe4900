"""A terminal of others, pyte, mended where it is unlike every real one, and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyte
from rich.cells import split_graphemes
from wcwidth import wcwidth

from crisisroom.term.glyphs import glyphs
from crisisroom.term.grid import Grid
from crisisroom.term.style import transition

# What pyte does not read and what moves nothing: modes, questions, strings.
_UNREAD = re.compile(r"\x1b\[[<=>?][0-9;]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x07")
Cell = Any  # pyte's: glyph, two colours, and each attribute that it knows
_JOINED = re.compile("[\u200d\ufe0f\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff]")
_SEEN_ON_BLANKS = ("underscore", "strikethrough", "reverse")


class Screen(pyte.Screen):
    """As xterm does: marks join the glyph they follow, and half a glyph is none.

    Flags, joined and modified emoji are as wide as Textual takes them for; what terminals make of
    them is seen in test_tmux.py. `fills`: what is erased takes on the background in use.
    """

    def __init__(self, width: int, height: int, *, fills: bool = True) -> None:
        super().__init__(width, height)
        self.reset_mode(7, private=True)  # no wrapping, as Textual asks for
        self._fills = fills

    def draw(self, data: str) -> None:
        """Write text; what does not fit is written over the last column."""
        for start, end, width in split_graphemes(data)[0]:
            glyph = data[start:end]
            if not _JOINED.search(glyph):
                width = max(sum(map(wcwidth, glyph)), 0)
            if width:
                self._put(glyph, width)
            else:
                self._join(glyph)

    def _put(self, char: str, width: int) -> None:
        line, x = self.buffer[self.cursor.y], min(self.cursor.x, self.columns - width)
        if x < 0:
            return
        for at in (x, x + width):
            if 0 < at < self.columns and line[at].data == "":
                line[at - 1] = line[at - 1]._replace(data=" ")
                line[at] = line[at]._replace(data=" ")
        line[x] = self.cursor.attrs._replace(data=char)
        if width == 2:
            line[x + 1] = self.cursor.attrs._replace(data="")
        self.cursor.x = x + width

    def _join(self, mark: str) -> None:
        line, x = self.buffer[self.cursor.y], self.cursor.x - 1
        x -= x > 0 and line[x].data == ""
        if x >= 0:
            line[x] = line[x]._replace(data=line[x].data + mark)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Blank a part of the row."""
        super().erase_in_line(how, private)
        if not self._fills:
            line = self.buffer[self.cursor.y]
            for x in range(self.cursor.x, self.columns):
                line[x] = self.default_char

    def erase_characters(self, count: int | None = None) -> None:
        """Blank so many cells, as only terminals are told to that fill what they erase."""
        assert self._fills
        super().erase_characters(count)


class Emulated:
    """One terminal: what it is sent, and what it shows."""

    def __init__(self, width: int, height: int, *, fills: bool = True) -> None:
        self.screen = Screen(width, height, fills=fills)
        self._stream = pyte.Stream(self.screen)

    def feed(self, data: str) -> None:
        """Take what a program wrote, through a tty: a line's end begins a line."""
        self._stream.feed(_UNREAD.sub("", data).replace("\n", "\r\n"))

    def resize(self, width: int, height: int) -> None:
        """Change the size; what was shown is gone, and so is what was known."""
        self.screen.resize(height, width)
        self.screen.reset()
        self.screen.reset_mode(7, private=True)

    def soil(self) -> None:
        """Show something else, as another program leaves it behind."""
        self.feed("\x1b[m\x1b[H" + "\x1b[31;44mX\x1b[4;7m?" * 40 + "\x1b[m")

    def cells(self) -> list[list[Cell]]:
        """Return all cells."""
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        return [
            [row[x] for x in columns] for row in map(buffer.__getitem__, range(self.screen.lines))
        ]

    def seen(self) -> list[list[Cell]]:
        """Return all cells without what a blank does not show: its letter's colour and shape."""
        return [[_seen(cell) for cell in row] for row in self.cells()]


def _seen(cell: Cell) -> Cell:
    if cell.data != " " or any(getattr(cell, name) for name in _SEEN_ON_BLANKS):
        return cell
    return cell._replace(fg="default", bold=False, italics=False, blink=False)


def differences(one: list[list[Cell]], other: list[list[Cell]]) -> list[str]:
    """Return what differs, in words."""
    return list(_differences(one, other))


def _differences(one: list[list[Cell]], other: list[list[Cell]]) -> Iterator[str]:
    assert len(one) == len(other)
    for y, (left, right) in enumerate(zip(one, other, strict=True)):
        if left == right:
            continue
        for x, (a, b) in enumerate(zip(left, right, strict=True)):
            if a != b:
                yield f"row {y} column {x}: {a} and {b}"


def repainted(grid: Grid) -> Emulated:
    """Return a terminal on which a grid was written cell by cell, each style in full."""
    shown = Emulated(grid.width, grid.height)
    shown.feed(
        "".join(
            f"\x1b[{y + 1};{x + 1}H{transition(None, style)}{glyph}"
            for y, row in enumerate(grid.rows)
            for x, (glyph, style) in enumerate(row)
            if glyph
        )
    )
    return shown


def sound(grid: Grid) -> bool:
    """Say whether each row is as long as the grid is wide, and no half glyph stands in it."""
    for row in grid.rows:
        expected = 0
        for glyph, _ in row:
            if (glyph == "") != bool(expected):
                return False
            expected = sum(width for _, width in glyphs(glyph)) - 1 if glyph else 0
        if expected or len(row) != grid.width:
            return False
    return len(grid.rows) == grid.height
