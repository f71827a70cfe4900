"""What a terminal that is too small shows: why, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.tui.keys.general import LEAVE
from crisisroom.tui.keys.wishes import Keys
from crisisroom.tui.rows import Cell, Row, row, wrap
from crisisroom.tui.screens.layout import LEAST_HEIGHT, LEAST_WIDTH
from crisisroom.tui.widgets.lines import Painted


class TooSmall(Painted):
    """Names the verbs that need no screen; shown by one of class `-small` alone."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    TooSmall { display: none; }
    Screen.-small > * { display: none; }
    Screen.-small > TooSmall { display: block; }
    """

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the words, broken where the line ends."""
        here = self.app.size
        told = (
            f"The room needs {LEAST_WIDTH}x{LEAST_HEIGHT}, this is {here.width}x{here.height}.",
            "Smaller than that: crisisroom status, brief, timeline.",
            f"{self._leaving()} leaves.",
        )
        return [row(Cell(line)) for words in told for line in wrap(words, max(1, width))]

    def _leaving(self) -> str:
        keys = getattr(self.app, "keys", None)
        return (keys if isinstance(keys, Keys) else Keys()).first(LEAVE) or "ctrl+c"
