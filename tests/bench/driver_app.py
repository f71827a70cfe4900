"""What the driver's figures are taken on: `python driver_app.py table|log stock|lean`."""

from __future__ import annotations

import os
import random
import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Footer, Header, RichLog

from crisisroom.term.driver import LeanDriver

WORDS = ("kettle", "refund", "twice", "charged", "order", "bank", "night", "friend", "answer")
ROWS, LINES = 400, 60
BINDINGS: list[BindingType] = [("a", "add", "add"), ("ctrl+q", "quit", "quit")]


def words(number: int, count: int) -> str:
    """Return words, the same for the same number."""
    return " ".join(random.Random(number).choices(WORDS, k=count))


class TableApp(App[None]):
    """A table between header and footer."""

    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def compose(self) -> ComposeResult:
        """Make the three."""
        yield Header()
        yield DataTable[str](cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        """Fill the table."""
        table = self.query_one(DataTable)
        table.add_columns("number", "time", "who", "what")
        for number in range(ROWS):
            table.add_row(f"{number}", "03:41", f"@guest{number}", words(number, 8))

    def action_add(self) -> None:
        """Add a row, and show it."""
        table = self.query_one(DataTable)
        number = table.row_count
        table.add_row(f"{number}", "03:41", f"@guest{number}", words(number, 8))
        table.move_cursor(row=number)


class LogApp(App[None]):
    """Lines that come in."""

    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def compose(self) -> ComposeResult:
        """Make the log."""
        yield RichLog()

    def on_mount(self) -> None:
        """Write lines."""
        for number in range(LINES):
            self.query_one(RichLog).write(f"03:41 {number} {words(number, 12)}")

    def action_add(self) -> None:
        """Write one more."""
        log = self.query_one(RichLog)
        log.write(f"03:41 {len(log.lines)} {words(len(log.lines), 12)}")


if __name__ == "__main__":
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    kind: type[App[None]] = TableApp if sys.argv[1] == "table" else LogApp
    kind(driver_class=LeanDriver if sys.argv[2] == "lean" else None).run()
