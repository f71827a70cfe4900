"""The screen of what happened while somebody was away: of every incident, what was for them first.

The verb `since` tells the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from crisisroom.core.rules import MACHINE
from crisisroom.core.timeline import Entry
from crisisroom.room.meanwhile import Meanwhile, meanwhile, told
from crisisroom.tui import signs
from crisisroom.tui.acted import Given
from crisisroom.tui.acts import Desk
from crisisroom.tui.acts.meanwhile import since_flaw, since_of, typed_since
from crisisroom.tui.compose.base import Then
from crisisroom.tui.reasons import TIMELINE
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, wrap
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.times import clock
from crisisroom.tui.rows.warning import heading
from crisisroom.tui.screens.list_and_sheet import ListAndSheet
from crisisroom.tui.situation import Situation


class SinceScreen(ListAndSheet):
    """Entries by incident, oldest first; below them the one under the cursor whole."""

    place = "since"

    topics: ClassVar[frozenset[str]] = frozenset({"entry"})
    pace: ClassVar[float] = 1.0

    def __init__(self, desk: Desk, since: datetime) -> None:
        super().__init__(desk.room)
        self.desk = desk
        self.since = since
        self.seen: Sequence[Meanwhile] = ()

    async def load(self) -> Then:
        """Read what others did since then."""
        since = self.since
        found = await meanwhile(self.room, since)
        return lambda: self.show(found) if since == self.since else None

    def show(self, seen: Sequence[Meanwhile]) -> None:
        """Put it on the screen."""
        self.seen = seen
        self.draw()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        since = f"since {clock(self.since, know.now, know.zone)}"
        if not self.seen:
            quiet = row(gap(3), Cell("nothing happened; s asks from another time on", "quiet"))
            return [heading("While you were away", since, "focus"), quiet] if self.loaded else ()
        return list(since_rows(know, self.seen, since, width))

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return the entry under the cursor, whole."""
        found = self._at(at)
        if found is None:
            return ()
        case, entry = found
        head = Cell(f"{case.incident.id} entry {entry.seq}", "bold")
        by = f"   {entry.actor}, {clock(entry.recorded_at, self.now, self.zone)}"
        words = (row(gap(3), Cell(line)) for line in wrap(entry.text, max(20, width - 6)))
        return [row(gap(3), head, Cell(by, "quiet")), *words]

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the row under the cursor."""
        own = [("enter", "on the timeline"), ("t", "all of it there")] if self.chosen[1] else []
        return [*own, ("s", "another time"), ("esc", "room"), ("?", "keys")]

    def _at(self, at: str) -> tuple[Meanwhile, Entry] | None:
        inc, _, seq = at.partition(":")[2].partition("/")
        for case in self.seen:
            for entry in case.entries:
                if (case.incident.id, str(entry.seq)) == (inc, seq):
                    return case, entry
        return None

    def action_entry(self) -> None:
        """Show the entry under the cursor among the others of its timeline."""
        if found := self._at(self._list.chosen):
            case, entry = found
            self.dismiss(None)
            self.desk.go(view=TIMELINE, incident=case.incident.id)
            self.desk.go_to_row(f"entry:{entry.seq}", TIMELINE)

    def action_timeline(self) -> None:
        """Show what came since then on the timeline of the incident under the cursor."""
        if found := self._at(self._list.chosen):
            self.dismiss(None)
            self.desk.go(incident=found[0].incident.id)
            self.desk.narrow(f"since:{typed_since(self.since, self.zone, self.now)}", view=TIMELINE)

    def action_since(self) -> None:
        """Ask from when on, and read anew."""
        self.do(self._ask, name="since")

    async def _ask(self) -> Then:
        try:
            typed = await self.desk.line("Since when?", "-8h, or 14:00", check=self._flaw)
        except Given:
            return lambda: None
        self.since = since_of(typed, self.now, self.zone) or self.since
        return self.reload

    def _flaw(self, typed: str) -> str:
        return since_flaw(typed, self.now, self.zone)


def since_rows(know: Situation, seen: Sequence[Meanwhile], since: str, width: int) -> Iterator[Row]:
    """Yield incidents, each with what happened in it."""
    yield heading("While you were away", since, "focus")
    for number, case in enumerate(seen):
        if number:
            yield BLANK
        yield heading(f"{case.incident.id} {one_line(case.incident.title)}", told(case))
        mine = {entry.seq for entry in case.for_me}
        for entry in case.entries:
            yield _entry(know, case, entry, width, mine=entry.seq in mine)


def _entry(know: Situation, case: Meanwhile, entry: Entry, width: int, *, mine: bool) -> Row:
    words = one_line(entry.text)
    role = "quiet" if entry.actor == MACHINE and not mine else "text"
    return row(
        gap(1),
        Cell(signs.OWNED if mine else " ", "mine"),
        gap(1),
        Cell(fit(clock(entry.recorded_at, know.now, know.zone), 10), "quiet"),
        Cell(fit(entry.actor, 9), "quiet"),
        gap(1),
        Cell("for you: " if mine else "", "mine"),
        Cell(clip(words, max(8, width - 24 - (9 if mine else 0))), role),
        at=f"entry:{case.incident.id}/{entry.seq}",
    )
