"""The tabs of a narrow screen: five views, and what waits in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crisisroom.tui.rows import Cell, Row
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
