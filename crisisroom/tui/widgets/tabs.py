"""The tabs of a narrow screen: five views, and what waits in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.message import Message

from crisisroom.tui.rows import Cell, Row, cell_len
from crisisroom.tui.widgets.lines import Painted

VIEWS = {1: "Feed", 2: "Thread", 3: "Tasks", 4: "Timeline", 5: "Words"}


class Tabs(Painted):
    """One line; numbers mean the same at every size."""

    DEFAULT_CSS = "Tabs { height: 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._active = 1
        self._counts: Mapping[int, int] = {}

    def show(self, active: int, counts: Mapping[int, int]) -> None:
        """Show which view is open and how many wait in each."""
        self._active, self._counts = active, counts
        self.sync()

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, view: int) -> None:
            super().__init__()
            self.view = view

    def on_click(self, event: events.Click) -> None:
        """Choose the view whose tab is there."""
        at = 0
        for cell in self.view(self.size.width, 1)[0].cells:
            at += cell_len(cell.text)
            name = cell.text.split()
            if event.x < at and name:
                found = [number for number, title in VIEWS.items() if title in name]
                found = found or [int(part) for part in name if part in "12345"]
                if found:
                    self.post_message(self.Chosen(found[0]))
                return

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the line of tabs."""
        cells: list[Cell] = []
        for number, name in VIEWS.items():
            count = self._counts.get(number, 0)
            waiting = f" {count:,}" if count else ""
            if number == self._active:
                cells += [Cell(f" {number} {name}{waiting} ", "chip"), Cell(" ")]
            else:
                cells += [Cell(f" {number}", "quiet"), Cell(f" {name}")]
                cells += [Cell(waiting, "quiet"), Cell("  ")]
        return (Row(tuple(cell for cell in cells if cell.text)),)
