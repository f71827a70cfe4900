"""View 4: what is to come, and what happened."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.timeline import Entry
from crisisroom.tui.rows import BLANK, Cell, Row, gap, row
from crisisroom.tui.rows.timeline import timeline_rows, timeline_title
from crisisroom.tui.situation import Situation
from crisisroom.tui.widgets.pane import RowsPane


class TimelinePane(RowsPane):
    """The incident's entries, newest on top; a filter keeps those with all its words."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entries: tuple[Entry, ...] = ()
        self.filter = ""
        self._incident = ""

    def put(self, incident: str, entries: Sequence[Entry]) -> None:
        """Add entries of an incident; those of another one replace what was there."""
        kept = self.entries if incident == self._incident else ()
        last = kept[-1].seq if kept else 0
        self._incident = incident
        self.entries = (*kept, *(entry for entry in entries if entry.seq > last))
        self.rebuild()

    def last_seq(self, incident: str) -> int:
        """Return the number of the newest entry held of an incident."""
        return self.entries[-1].seq if self.entries and incident == self._incident else 0

    def narrow(self, words: str) -> None:
        """Show only entries that have all these words."""
        self.filter = words
        self.rebuild()

    def head(self, width: int) -> Sequence[Row]:
        """Return the title on a wide screen, and what narrows the list."""
        filtered = f"only {self.filter}" if self.filter else ""
        if self.wide:
            return (timeline_title(len(self.entries), focused=self.active, filtered=filtered),)
        return (row(gap(3), Cell(filtered, "warn")),) if filtered else ()

    def build(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the rows, or how the timeline begins."""
        if know.incident is None:
            return (row(gap(3), Cell("It begins when you declare: I", "quiet")), BLANK)
        return timeline_rows(know, self._fitting(), width)

    def _fitting(self) -> list[Entry]:
        words = self.filter.lower().split()
        return [
            entry
            for entry in self.entries
            if all(word in f"{entry.actor} {entry.kind} {entry.text}".lower() for word in words)
        ]

    def begin(self) -> int:
        """Begin at the newest entry, below what is to come."""
        return next((i for i, row in enumerate(self.rows) if row.at.startswith("entry:")), 0)

    @property
    def entry(self) -> Entry | None:
        """Return the entry under the cursor."""
        kind, _, seq = self.chosen.partition(":")
        if kind != "entry":
            return None
        return next((entry for entry in self.entries if entry.seq == int(seq)), None)
