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
        self._wish = ""  # a row to go to as soon as it is there
        self._rows_of = ""  # whose rows these are

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
        incident = self.know.incident.id if self.know.incident else ""
        fresh = not self.rows or incident != self._rows_of
        at, was, above = self.chosen, self.cursor, self.cursor - self.top
        self._rows_of = incident
        self.rows = list(self.build(self.know, self.size.width))
        self.cursor = self._kept(at, was)
        if fresh and self.rows:
            self.cursor = self.begin()
        if self.rows and not self.stops(self.cursor):
            below = self._next(self.cursor, 1)
            self.cursor = below if below is not None else self._next(self.cursor, -1) or 0
        if self._wish and (found := self.index_of(self._wish)) is not None:
            self.cursor, self._wish = found, ""
        if self.top:
            self.top = max(0, self.cursor - above)
        self.keep_in_view()
        self.sync()

    def _kept(self, at: str, was: int) -> int:
        """Return where the cursor's row is now; where it went away, what stands in its stead."""
        found = self.index_of(at) if at else None
        if found is not None:
            return found
        heir = self.index_of(self.swept(at)) if at else None
        return heir if heir is not None else max(0, min(was, len(self.rows) - 1))

    def swept(self, at: str) -> str:
        """Return what the cursor goes to now that its row is gone; empty: what stands there."""
        return ""

    def index_of(self, at: str) -> int | None:
        """Return the row that stands for this, if there is one."""
        return next((i for i, row in enumerate(self.rows) if row.at == at), None)

    def seek(self, at: str) -> None:
        """Go to the row that stands for this, now or as soon as it is there."""
        found = self.index_of(at)
        if found is None:
            self._wish = at
        else:
            self.go(found)

    def keep_in_view(self) -> None:
        """Scroll as little as needed; on the first row also what stands above it shows."""
        super().keep_in_view()
        if self._next(self.cursor, -1) is None and self.cursor < self.room:
            self.top = 0

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
