"""What the screen of the review shows: the parts, their rows, what the cursor stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from crisisroom.core.postmortem import Heading
from crisisroom.core.programme import Change
from crisisroom.core.recorded import Factor
from crisisroom.report.metrics import Metric
from crisisroom.room import corrective, reading, reviewing
from crisisroom.room.corrective import Owned
from crisisroom.tui.acts import Desk
from crisisroom.tui.after.action_rows import action_count, action_rows, action_sheet
from crisisroom.tui.after.know import ACTIONS, PROGRAMME, REVIEW, After, by_urgency
from crisisroom.tui.after.programme_rows import change_sheet, programme_count, programme_rows
from crisisroom.tui.after.review_rows import factor_sheet, heading_sheet, review_count, review_rows
from crisisroom.tui.compose.base import Then
from crisisroom.tui.pauses.asking import AskingList
from crisisroom.tui.rows import BLANK, Cell, Row, gap, row
from crisisroom.tui.rows.folding import PHONE
from crisisroom.tui.situation import Situation


class AfterList(AskingList):
    """The list of the chosen part, and below it what the cursor stands on."""

    topics: ClassVar[frozenset[str]] = frozenset({"entry", "narrative"})
    pace: ClassVar[float] = 1.0
    share: ClassVar[float] = 0.72

    def __init__(self, desk: Desk, part: int = REVIEW) -> None:
        super().__init__(desk)
        self.part = part
        self.after: After | None = None
        self._everywhere = False
        self._figures: Sequence[Metric] | None = None
        self._land = ""  # the row to go to once it is there

    def on_mount(self) -> None:
        """Load what is shown; the figures, which need the whole record, beside it."""
        super().on_mount()
        self.do(self._count, name="figures")

    async def _count(self) -> Then:
        figures = await reviewing.figures(self.room, self.incident_id)
        return partial(self._counted, figures)

    def _counted(self, figures: Sequence[Metric]) -> None:
        self._figures = figures
        if self.after is not None:
            self.after = replace(self.after, figures=figures)
            self.draw()

    async def load(self) -> Then:
        """Read the incident, the actions, what should change."""
        room, inc = self.room, self.incident_id
        state = await reading.incident(room, inc)
        mine = [Owned(state, one) for one in state.actions.values()]
        actions = await corrective.everywhere(room) if self._everywhere else mine
        after = After(
            incident=state,
            changes=await reviewing.programme(room, inc),
            actions=by_urgency(actions),
            me=room.actor.name,
            now=self.now,
            zone=self.zone,
            everywhere=self._everywhere,
        )
        return partial(self.show, after)

    def show(self, after: After) -> None:
        """Put it on the screen."""
        self.incident = after.incident
        self.after = replace(after, zone=self.zone, figures=self._figures)
        self.draw()
        if self._land:
            self._list.seek(self._land)
            self._land = ""

    def top(self, width: int) -> Sequence[Row]:
        """Return the parts as tabs, and a blank line."""
        if self.after is None:
            return ()
        tabs = (
            ("Review", review_count(self.after.incident)),
            ("Actions", action_count(self.after)),
            ("Programme", programme_count(self.after)),
        )
        cells = [gap(1)]
        for number, (name, count) in enumerate(tabs, 1):
            chosen = number == self.part
            cells.append(Cell(f" {number} {name} ", "chip" if chosen else "quiet"))
            if chosen or width >= PHONE:
                cells += [Cell(f" {count}", "text" if chosen else "quiet"), gap(2)]
            cells.append(gap(1))
        return (row(*cells), BLANK)

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list of the part."""
        build = {REVIEW: review_rows, ACTIONS: action_rows, PROGRAMME: programme_rows}[self.part]
        return list(build(self.after, width)) if self.after else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of the row under the cursor."""
        kind, _, name = at.partition(":")
        sheets = {
            "heading": heading_sheet,
            "factor": factor_sheet,
            "action": action_sheet,
            "change": change_sheet,
        }
        return list(sheets[kind](self.after, name, width)) if self.after and kind in sheets else ()

    # What the cursor stands on.

    @property
    def heading(self) -> Heading | None:
        """The section or question under the cursor."""
        kind, name = self.chosen
        return self.after.heading(name) if self.after and kind == "heading" else None

    @property
    def factor(self) -> Factor | None:
        """The factor under the cursor."""
        kind, name = self.chosen
        return self.after.incident.factors.get(name) if self.after and kind == "factor" else None

    @property
    def owned(self) -> Owned | None:
        """The action under the cursor, also of what should change."""
        kind, name = self.chosen
        if self.after is None:
            return None
        if kind == "action":
            return self.after.owned(name)
        changed = self.changed
        item = changed.action if changed else None
        return Owned(self.after.incident, item) if item else None

    @property
    def changed(self) -> Change | None:
        """What should change, under the cursor."""
        kind, name = self.chosen
        return self.after.change(name) if self.after and kind == "change" else None

    @property
    def closed(self) -> bool:
        """Whether the review is closed: nothing in it is changed any more."""
        return self.incident is not None and self.incident.review_state == "closed"
