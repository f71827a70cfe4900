"""What a terminal shows: every program's bytes on one emulator, and when they had become what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyte
from e2e.wire import Token, Wire

Cell = tuple[str, str, str, bool, bool]  # character, colours, bold, reversed

_DRAWN = frozenset("mHfABCDEFGJKLMPX@dr")  # final letters that the emulator knows
_ESCAPES = frozenset("78MDEc")
_SETTLED = 0.95  # of the cells


class Emulated:
    """One screen. It knows the sequences of all the programs that are compared here."""

    def __init__(self, size: tuple[int, int]) -> None:
        columns, rows = size
        self._screen = pyte.Screen(max(columns, 1), max(rows, 1))
        self._stream = pyte.Stream(self._screen)
        self._wire = Wire()
        self._last = " "

    @property
    def lines(self) -> list[str]:
        """The rows as they read; the second cell of a wide character holds nothing."""
        return ["".join(cell[0] for cell in row).rstrip() for row in self.cells]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def cells(self) -> list[list[Cell]]:
        """Every cell with its colours."""
        buffer, columns = self._screen.buffer, range(self._screen.columns)
        return [[_cell(buffer[row][at]) for at in columns] for row in range(self._screen.lines)]

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y

    def feed(self, data: bytes) -> None:
        """Take in what a program wrote; what is unfinished waits for its rest."""
        for token in self._wire.feed(data):
            self._show(token)
        self._wire.violations.clear()

    def _show(self, token: Token) -> None:
        text = token.text
        if token.kind == "text":
            self._last = text[-1]
            self._stream.feed(text)
        elif token.kind in ("newline", "control"):
            self._stream.feed(text)
        elif token.kind == "csi":
            self._obey(text)
        elif token.kind == "escape" and text[1:] in _ESCAPES:
            self._stream.feed(text)

    def _obey(self, text: str) -> None:
        final, private = text[-1], text[2:3] in ("?", ">", "<", "=")
        if private:
            if text.startswith("\x1b[?1049") and final in "hl":
                self._screen.reset()
            elif text in ("\x1b[?7h", "\x1b[?7l", "\x1b[?6h", "\x1b[?6l"):
                self._stream.feed(text)
        elif final in _DRAWN:
            self._stream.feed(text)
        elif final == "b":  # the last character again
            self._stream.feed(self._last * int(text[2:-1] or 1))
        elif final in "ST":
            self._scroll(int(text[2:-1] or 1), up=final == "S")

    def _scroll(self, rows: int, *, up: bool) -> None:
        screen = self._screen
        column, row = screen.cursor.x, screen.cursor.y
        screen.cursor.y = screen.margins.top if screen.margins else 0
        (screen.delete_lines if up else screen.insert_lines)(rows)
        screen.cursor.x, screen.cursor.y = column, row


def _cell(found: Any) -> Cell:
    if found.data == " " and not found.reverse:  # nobody sees what a blank would be written in
        return " ", "", found.bg, False, False
    return found.data, found.fg, found.bg, found.bold, found.reverse


def screens(size: tuple[int, int], pieces: Iterable[bytes]) -> list[list[list[Cell]]]:
    """Return the screen after each piece of output."""
    emulated, found = Emulated(size), []
    for piece in pieces:
        emulated.feed(piece)
        found.append(emulated.cells)
    return found


def painted(cells: Sequence[Sequence[Cell]]) -> bool:
    """Return whether anything is to be read."""
    return any(cell[0].strip() for row in cells for cell in row)


def settled(cells: Sequence[Sequence[Cell]], final: Sequence[Sequence[Cell]]) -> bool:
    """Return whether nearly all cells are what they will be in the end."""
    pairs = [pair for rows in zip(cells, final, strict=True) for pair in zip(*rows, strict=True)]
    return sum(now == then for now, then in pairs) >= _SETTLED * len(pairs)


def unlike(one: Sequence[Sequence[Cell]], other: Sequence[Sequence[Cell]]) -> int:
    """Return how many cells two screens differ in."""
    if len(one) != len(other) or any(len(a) != len(b) for a, b in zip(one, other, strict=True)):
        return sum(map(len, other)) or 1
    pairs = [pair for rows in zip(one, other, strict=True) for pair in zip(*rows, strict=True)]
    return sum(now != then for now, then in pairs)
