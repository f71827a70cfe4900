"""The screen of the room's health: what `crisisroom health` and `doctor` say of its service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from crisisroom.room import Room
from crisisroom.room.troubles import troubles
from crisisroom.room.vitals import vitals_of
from crisisroom.tui.compose.base import Then
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.list_and_sheet import ListAndSheet
from crisisroom.tui.situation import Situation
from crisisroom.tui.sources.health_rows import Health, health_rows, health_sheet


class HealthScreen(ListAndSheet):
    """What is wrong with the room as a service, who works on it, and what is kept of it."""

    place = "health"

    topics: ClassVar[frozenset[str]] = frozenset({"source", "config", "lease", "anchor"})

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.seen: Health | None = None

    async def load(self) -> Then:
        """Take the room's figures."""
        vitals = await vitals_of(self.room)
        seen = Health(vitals, tuple(troubles(vitals)), self.now, self.zone)
        return lambda: self.show(seen)

    def show(self, seen: Health) -> None:
        """Put it on the screen."""
        self.seen = seen
        self.draw()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        return list(health_rows(self.seen, width)) if self.seen else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of the row under the cursor."""
        return list(health_sheet(self.seen, at, width)) if self.seen else ()

    def keys(self) -> list[tuple[str, str]]:
        """The keys of this screen."""
        return [("j k", "move"), ("esc", "back"), ("?", "keys")]
