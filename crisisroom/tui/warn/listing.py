"""The early warnings in a list: those that wait for a person, and those of the last days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import ClassVar

from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.config import Warn
from crisisroom.core.candidate import Candidate
from crisisroom.room import warnings
from crisisroom.tui.acts import Desk
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.rows import BLANK, Cell, Row, gap, row, wrap
from crisisroom.tui.rows.folding import for_width
from crisisroom.tui.rows.times import clock
from crisisroom.tui.rows.warning import became, heading, list_row
from crisisroom.tui.situation import Situated, Situation
from crisisroom.tui.warn.screen import WarningScreen
from crisisroom.tui.widgets.lines import Listing
from crisisroom.tui.widgets.pane import RowsPane

DAYS = 7  # for which decided ones are listed


class WarningRows(RowsPane):
    """The list: what waits first, the oldest on top."""

    def __init__(self, warn: Warn, *, id: str) -> None:
        super().__init__(id=id)
        self.active = True
        self.candidates: Sequence[Candidate] | None = None
        self._warn = warn

    def put(self, know: Situation, candidates: Sequence[Candidate]) -> None:
        """Show these; they come with the newest first."""
        self.candidates = candidates
        self.show(know)

    def build(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the rows in their two parts."""
        if self.candidates is None:
            return ()
        return for_width(partial(self._rows, know, self.candidates), width)

    def _rows(self, know: Situation, candidates: Sequence[Candidate], width: int) -> Sequence[Row]:
        since = know.now - timedelta(days=DAYS)
        waiting = [one for one in reversed(candidates) if one.state in warnings.OPEN]
        decided = [one for one in candidates if one not in waiting and one.at >= since]
        return [
            *self._waiting(waiting, know, width),
            BLANK,
            heading("Decided or over", f"the last {DAYS} days" if decided else "none of late"),
            *(list_row(one, know, width) for one in decided),
        ]

    def _waiting(self, waiting: Sequence[Candidate], know: Situation, width: int) -> Iterable[Row]:
        if waiting:
            free = sum(one.state == "open" for one in waiting)
            rest = f"{free} wait for a person" if free != 1 else "1 waits for a person"
            watched = len(waiting) - free
            rest += f", {watched} watched" if watched else ""
            yield heading("Early warnings", rest, "focus")
            yield from (list_row(one, know, width) for one in waiting)
            return
        yield heading("Early warnings", "none waits", "focus")
        if self._warn.off:
            yield row(
                gap(3),
                Cell("The early warning is off: warn: {off: yes} in crisisroom.yaml.", "warn"),
            )
        for words in wrap(what_warns(self._warn), min(width, 80) - 4):
            yield row(gap(3), Cell(words))
        if self.candidates:
            last = self.candidates[0]
            when = clock(last.at, know.now, know.zone)
            yield row(gap(3), Cell(f"The last one was {last.id}, {when}: {became(last)}", "quiet"))
        else:
            yield row(gap(3), Cell("There was none in this room yet.", "quiet"))


def what_warns(warn: Warn) -> str:
    """Return in plain words what it takes for the room to speak up."""
    return (
        f"The room speaks up when at least {warn.people} different people say much more than is"
        " usual at that hour, or fewer of them words that a playbook names as a risk. Your own"
        " launches and matches are told to it as expected events."
    )


class WarningsScreen(WordsScreen):
    """Enter opens one of them."""

    place = "warnings"

    topics: ClassVar[frozenset[str]] = frozenset({"candidate"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.room, "")
        self.desk = desk

    def panes(self) -> Iterable[Widget]:
        """One list."""
        with Vertical(id="columns"):
            yield WarningRows(self.room.config.warn, id="right")

    async def load(self) -> Then:
        """Read them all."""
        found = await warnings.candidates(self.room)
        return lambda: self.show(found)

    def show(self, found: Sequence[Candidate]) -> None:
        """Put them on the screen."""
        if isinstance(self.app, Situated):
            self._list.put(self.app.situation, found)
        self.show_keys()

    @property
    def _list(self) -> WarningRows:
        return self.query_one(WarningRows)

    def keys(self) -> list[tuple[str, str]]:
        """The keys of the list."""
        opens = [("enter", "open")] if self._list.chosen else []
        return [*opens, ("esc", "room"), ("?", "keys")]

    def action_open(self) -> None:
        """Open the early warning under the cursor."""
        chosen = self._list.chosen.removeprefix("warning:")
        if chosen:
            self.app.push_screen(WarningScreen(self.desk, chosen))

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._list.move(by)

    def action_edge(self, first: bool) -> None:
        """Go to the first or the last one."""
        if first:
            self._list.first()
        else:
            self._list.last()

    def on_listing_moved(self, event: Listing.Moved) -> None:
        """Show the keys for the row."""
        event.stop()
        self.show_keys()
