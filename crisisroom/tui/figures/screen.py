"""The screen of figures: what each says, what was asked, the two entries it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import ClassVar

from crisisroom.core.terms import zone_of
from crisisroom.room import statistics
from crisisroom.room.statistics import Figured
from crisisroom.tui.acts import Desk
from crisisroom.tui.compose.base import Then
from crisisroom.tui.figures.rows import Seen, figure_rows, figure_sheet, top_row
from crisisroom.tui.reasons import TIMELINE
from crisisroom.tui.rows import BLANK, Cell, Row, gap, row
from crisisroom.tui.screens.headed import HeadedList
from crisisroom.tui.situation import Situation


class FiguresScreen(HeadedList):
    """An incident's figures; one leads to the entries it comes from."""

    place = "figures"

    pace: ClassVar[float] = 2.0  # a busy night writes many entries, and every one may matter

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.room)
        self.desk = desk
        self.incident_id = desk.incident.id
        self.incident = desk.incident
        self.figured: Figured | None = None

    async def load(self) -> Then:
        """Read the log."""
        found = await statistics.figures_of(self.room, self.incident_id)
        return lambda: self.show(found)

    def show(self, found: Figured) -> None:
        """Put what was read on the screen."""
        self.incident, self.figured = found.incident, found
        self.draw()

    @property
    def seen(self) -> Seen | None:
        """What the rows are made of, None until it is read."""
        zone: tzinfo = zone_of(self.figured.incident.zone) if self.figured else self.zone
        return Seen(self.figured, self.now, zone) if self.figured else None

    def top(self, width: int) -> Sequence[Row]:
        """Return what they are of."""
        reads = row(gap(3), Cell("Figures", "focus"), Cell("   reading the log", "quiet"))
        return (top_row(self.seen) if self.seen else reads, BLANK)

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the figures."""
        return list(figure_rows(self.seen, width)) if self.seen else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return the figure under the cursor whole."""
        return list(figure_sheet(self.seen, at, width)) if self.seen else ()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the figure under the cursor."""
        since, to = self._ends
        own = [("enter", f"entry {to or since}")] if to or since else []
        own += [("b", f"from entry {since}")] if since and to and since != to else []
        return [*own, ("pgdn", "page"), ("esc", "room"), ("?", "keys")]

    @property
    def _ends(self) -> tuple[int, int]:
        one = self.seen.metric(self._list.chosen) if self.seen else None
        return ((one.since or 0), (one.to or 0)) if one else (0, 0)

    def action_end(self) -> None:
        """Go to the entry it counts to, or from where it has not ended."""
        since, to = self._ends
        self._go(to or since)

    def action_begin(self) -> None:
        """Go to the entry it counts from."""
        self._go(self._ends[0])

    def _go(self, seq: int) -> None:
        if not seq:
            self.say("no entry yet: nothing has happened that it counts from")
            return
        self.dismiss(None)
        self.desk.go_to_row(f"entry:{seq}", TIMELINE)
