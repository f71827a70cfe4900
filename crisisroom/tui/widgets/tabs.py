"""The tabs of a narrow screen: five views, and what waits in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from textual import events
from textual.message import Message

from crisisroom.tui.rows import Cell, Row, cell_len, gap
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
        """Return the line of tabs; the narrower it is, the less is told of what is not open."""
        told: list[Cell] = []
        for form in _FORMS:
            told = [cell for number in VIEWS for cell in self._tab(number, form)]
            if sum(cell_len(cell.text) for cell in told) <= width:
                break
        return (Row(tuple(cell for cell in told if cell.text)),)

    def _tab(self, number: int, form: _Form) -> tuple[Cell, ...]:
        count, active = self._counts.get(number, 0), number == self._active
        waiting = f" {count:,}" if count and (active or form.counts) else ""
        if active:
            return (Cell(f" {number} {VIEWS[number]}{waiting} ", "chip"), gap(form.between - 1))
        name = Cell(f" {VIEWS[number]}" if form.named else "")
        return (Cell(f" {number}", "quiet"), name, Cell(waiting, "quiet"), gap(form.between))


class _Form(NamedTuple):
    """What is told of the tabs that are not open, and the cells between two tabs."""

    named: bool
    counts: bool
    between: int


_FORMS = (_Form(True, True, 2), _Form(True, True, 0), _Form(True, False, 0), _Form(False, False, 2))
