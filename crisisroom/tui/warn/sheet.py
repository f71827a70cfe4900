"""A sheet of rows that may be longer than the screen: it scrolls line by line, without a cursor."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from crisisroom.tui.rows import Cell, Row, gap, row
from crisisroom.tui.rows.folding import told_whole
from crisisroom.tui.widgets.lines import Painted


class Sheet(Painted):
    """Shows rows from `top` on; the last line says when more are below."""

    def __init__(self, *, id: str | None = None, key: str = "j") -> None:
        super().__init__(id=id)
        self._key = key  # what shows more
        self._rows: Sequence[Row] = ()
        self.top = 0

    def put(self, rows: Sequence[Row], *, anew: bool = False) -> None:
        """Show these rows; `anew` from the first one on, else from where one is."""
        self._rows = told_whole(rows, self.size.width) if self.size else rows
        self.top = 0 if anew else min(self.top, self._lowest)
        self.sync()

    @property
    def _lowest(self) -> int:
        return max(0, len(self._rows) - self.size.height)

    def move(self, lines: int) -> None:
        """Scroll by so many lines."""
        self.top = max(0, min(self.top + lines, self._lowest))
        self.sync()

    def page(self, pages: int) -> None:
        """Scroll by pages."""
        self.move(pages * max(1, self.size.height - 2))

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the rows in sight."""
        shown = list(self._rows[self.top : self.top + height])
        below = len(self._rows) - self.top - height
        if below > 0 and shown:
            words = f"{below + 1} more lines below, {self._key} shows them"
            shown[-1] = row(gap(3), Cell(words, "quiet"))
        return shown

    def on_resize(self, event: events.Resize) -> None:
        """Keep the last line at the bottom of a screen that grew."""
        self.top = min(self.top, self._lowest)
        super().on_resize(event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll three lines down."""
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll three lines up."""
        self.move(-3)
