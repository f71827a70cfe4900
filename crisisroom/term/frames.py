"""Reads what Textual writes into a grid; what is not painting is handed on in its order."""

from __future__ import annotations

import re

from crisisroom.term.grid import Grid
from crisisroom.term.style import PLAIN, linked, styled

# What follows ESC: SGR; CSI with parameters, intermediates and final; two characters.
_CSI = re.compile(r"\[([0-?]*)([ -/]*)([@-~])")
_SGR = re.compile(r"\[([0-9:;]*)m")
_SHORT = re.compile(r"(?!\[)[ -/]*[0-~]")
_PLACE = re.compile(r"([0-9]{0,5})(?:;([0-9]{0,5}))?")
_LINE_END = re.compile(r"[\r\n]")
STRINGS = ("]", "P", "X", "^", "_")
SYNCHRONIZED = "?2026"
_THROUGH_TMUX = "Ptmux;"  # in what tmux is to pass on, each ESC stands twice


class Frames:
    """Keeps the grid that the application wants to see, the pen, and what to pass on."""

    def __init__(self, width: int, height: int) -> None:
        self.grid = Grid(width, height)
        self.x = self.y = 0
        self.style = PLAIN
        self.synchronizes = False  # whether the application wraps its frames: the terminal can
        self.controls: list[str] = []
        self._string = ""  # an OSC, DCS … whose end has not come yet

    def resize(self, width: int, height: int) -> None:
        """Take on another size."""
        if (width, height) != (self.grid.width, self.grid.height):
            self.grid = self.grid.resized(width, height)

    def take(self, data: str) -> None:
        """Read what was written."""
        first, *pieces = data.split("\x1b")
        if first:
            self._text(first)
        for piece in pieces:
            if self._string.startswith(_THROUGH_TMUX):
                text = self._passed_through(piece)
            elif found := _SGR.match(piece):
                self.style = styled(self.style, found[1])
                text = piece[found.end() :]
            else:
                text = self._other(piece)
            if text:
                self._text(text)

    def taken_controls(self) -> str:
        """Return what is to be passed on, once."""
        controls = "".join(self.controls)
        self.controls.clear()
        return controls

    def _text(self, text: str) -> None:
        if "\n" in text or "\r" in text or "\x07" in text:
            self._lines(text)
        elif 0 <= self.y < self.grid.height:
            self.x = self.grid.put(self.x, self.y, text, self.style)

    def _lines(self, text: str) -> None:
        for bell in range(text.count("\x07")):
            if not bell:
                self._pass_on("\x07")
        begin = 0
        for end in _LINE_END.finditer(text):
            self._text(text[begin : end.start()].replace("\x07", ""))
            begin, self.x = end.end(), 0
            self.y = min(self.y + (end[0] == "\n"), self.grid.height - 1)
        if rest := text[begin:].replace("\x07", ""):
            self._text(rest)

    def _pass_on(self, control: str) -> None:
        """Hand a control on; the same one twice in a row says no more than once."""
        if not self.controls or self.controls[-1] != control:
            self.controls.append(control)

    def _other(self, piece: str) -> str:
        """Read a sequence that is not SGR, and return the text behind it."""
        if piece[:1] == "\\" and self._string:
            self._end_string("\x1b\\")
            return piece[1:]
        self._string = ""
        if piece[:1] in STRINGS:
            self._string, bell, text = piece.partition("\x07")
            if bell:
                self._end_string(bell)
            return text
        if found := _CSI.match(piece):
            self._csi(found[1], found[2], found[3], found[0])
        elif found := _SHORT.match(piece):
            self._pass_on(f"\x1b{found[0]}")
        return piece[found.end() :] if found else piece

    def _passed_through(self, piece: str) -> str:
        """Gather what tmux is to pass on, and return the text behind its end."""
        if not piece or self._string.endswith("\x1b"):  # the first of two ESC, what is behind them
            self._string += f"\x1b{piece}"
            return ""
        return self._other(piece)

    def _csi(self, parameters: str, between: str, final: str, whole: str) -> None:
        if final == "H" and (place := _PLACE.fullmatch(parameters)):
            self.y = min(max(int(place[1] or 1), 1), self.grid.height) - 1
            self.x = min(max(int(place[2] or 1), 1), self.grid.width) - 1
        elif final == "C" and (parameters.isdigit() or not parameters):
            self.x = min(self.x + max(int(parameters or 1), 1), self.grid.width - 1)
        elif final == "K" and parameters in ("", "0"):
            self.grid.erase(self.x, self.y, self.grid.width, self.style)
        elif final == "J" and parameters == "2":
            self.grid.fill(self.style.cells[" "])
        elif final in "hl" and parameters == SYNCHRONIZED:
            self.synchronizes = True
        else:
            self._pass_on(f"\x1b{whole}")

    def _end_string(self, end: str) -> None:
        """Take in a link; hand any other string on whole."""
        if self._string.startswith("]8;"):
            self.style = linked(self.style, self._string[3:])
        else:
            self._pass_on(f"\x1b{self._string}{end}")
        self._string = ""


def painted(frame: str, width: int, height: int) -> Grid:
    """Return the grid that a frame leaves on a blank screen."""
    frames = Frames(width, height)
    frames.take(frame)
    return frames.grid
