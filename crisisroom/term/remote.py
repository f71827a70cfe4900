"""A terminal's screen as far as we know it, and the one the application wants; no I/O."""

from __future__ import annotations

import re

from crisisroom.term.difference import difference
from crisisroom.term.facts import Facts
from crisisroom.term.frames import Frames, painted
from crisisroom.term.grid import Grid
from crisisroom.term.pen import Pen

SYNC_FROM = 1024  # characters: a smaller frame comes in one piece of TCP anyhow
SYNC_BEGIN, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
CLEAR = "\x1b[2J"
# What paints nothing and moves nothing: bells, strings, modes, questions, the keyboard's protocol.
_HARMLESS = re.compile(r"\x07|\x1b(?:[]P_^X=>]|\[(?:[<=>?]|[0-9;]*[ -/]*[cnpqtu]))")


class Remote:
    """Takes what Textual writes, and tells what to send so that the terminal looks like it.

    Any number of frames may be taken between two that are sent: only the newest counts.
    """

    def __init__(self, width: int, height: int, facts: Facts) -> None:
        self.frames = Frames(width, height)
        self.shown = Grid(width, height)
        self._facts = facts
        self._pen = Pen(width, height, facts)
        self._size = (width, height)  # the terminal's own
        self._known = False  # whether the terminal shows what `shown` says

    def take(self, data: str) -> None:
        """Take what the application wrote."""
        self.frames.take(data)

    def forget(self) -> None:
        """Take note that somebody else wrote on the terminal."""
        self._known = False

    def adopt(self, frame: str, width: int, height: int) -> None:
        """Take note that the terminal shows this frame already."""
        self.shown = painted(frame, width, height)
        self._pen = Pen(width, height, self._facts)
        self._size = (width, height)
        self._known = True

    def controls(self) -> str:
        """Return what the application wrote that is not painting, once.

        What a terminal then shows is only known of the usual controls.
        """
        controls = self.frames.controls
        if not all(map(_HARMLESS.match, controls)):
            self.forget()
        return self.frames.taken_controls()

    def ending(self) -> str:
        """Return what ends the style that the terminal was last told to write in."""
        return self._pen.ending()

    def fit(self, width: int, height: int) -> None:
        """Take on the terminal's own size; what it did to its cells by changing is not known.

        It may differ from the application's for a moment: then what both have is shown.
        """
        wanted = self.frames.grid
        both = (min(width, wanted.width), min(height, wanted.height))
        if (width, height) != self._size or both != (self.shown.width, self.shown.height):
            pen = Pen(both[0], height, self._facts)
            pen.style = self._pen.style
            self._pen, self._size = pen, (width, height)
            self.shown = Grid(*both)
            self._known = False

    def frame(self, *, cursor: bool = False) -> str:
        """Return what to send; empty where the terminal shows everything already.

        `cursor`: put the hidden cursor where the application has it, for input methods.
        """
        clearing = "" if self._known else self._clear()
        wanted = self.frames.grid
        if (wanted.width, wanted.height) != (self.shown.width, self.shown.height):
            wanted = wanted.resized(self.shown.width, self.shown.height)
        difference(self.shown, wanted, self._facts, self._pen)
        x, y = self.frames.x, self.frames.y
        if cursor and x < self.shown.width and y < self.shown.height:
            self._pen.move(x, y)
        told = clearing + self._pen.taken()
        if self.frames.synchronizes and len(told) >= SYNC_FROM:
            return f"{SYNC_BEGIN}{told}{SYNC_END}"
        return told

    def _clear(self) -> str:
        self.shown.fill()
        self._known = True
        ending = self._pen.ending()
        self._pen.forget()
        return f"{ending}{CLEAR}"
