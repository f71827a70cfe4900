"""A pane of rows that are all in memory: the checklist, the timeline, the words."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.situation import Situation
from crisisroom.tui.widgets.lines import Listing


class RowsPane(Listing):
    """Keeps cursor and scroll on the same thing when rows come and go around it."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.know: Situation | None = None
        self.rows: list[Row] = []
        self.wide = False

    def build(self, know: Situation, width: int) -> Sequence[Row]:
        """Return all rows of the list."""
        return ()

    def show(self, know: Situation) -> None:
        """Show another moment."""
        self.know = know
        self.rebuild()

    def rebuild(self) -> None:
        """Make the rows anew and paint what differs."""
        if self.know is None or not self.size:
            return
        at, was, fresh = self.chosen, self.cursor, not self.rows
        above = was - self.top
        self.rows = list(self.build(self.know, self.size.width))
        found = next((i for i, row in enumerate(self.rows) if at and row.at == at), None)
        self.cursor = found if found is not None else max(0, min(was, len(self.rows) - 1))
        if fresh and self.rows:
            self.cursor = self.begin()
        if self.rows and not self.stops(self.cursor):
            self.cursor = next((i for i in range(len(self.rows)) if self.stops(i)), 0)
        if self.top:
            self.top = max(0, self.cursor - above)
        self.keep_in_view()
        self.sync()

    def begin(self) -> int:
        """Return the row on which the cursor stands first."""
        return 0

    @property
    def chosen(self) -> str:
        """Return what the cursor stands on, such as `task:pause`; empty for nothing."""
        return self.rows[self.cursor].at if self.cursor < len(self.rows) else ""

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def row_at(self, index: int, width: int) -> Row:
        """Return one of them."""
        return self.rows[index] if index < len(self.rows) else BLANK

    def stops(self, index: int) -> bool:
        """Rest on whatever stands for something."""
        return ":" in self.rows[index].at and not self.rows[index].at.startswith("more:")

    def on_resize(self, event: events.Resize) -> None:
        """Rows depend on the width."""
        self.rebuild()
        super().on_resize(event)
