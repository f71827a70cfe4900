"""The screen of the sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from crisisroom.room import Room, listening
from crisisroom.tui.compose.base import Then
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.list_and_sheet import ListAndSheet
from crisisroom.tui.situation import Leading, Situation
from crisisroom.tui.sources.health_screen import HealthScreen
from crisisroom.tui.sources.rows import Sources, source_rows, source_sheet


class SourcesScreen(ListAndSheet):
    """Every source with its state; what is told of the one under the cursor."""

    place = "sources"

    topics: ClassVar[frozenset[str]] = frozenset({"source", "config", "lease"})

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.seen: Sources | None = None

    async def load(self) -> Then:
        """Read how each source does."""
        seen = Sources(await listening.listening(self.room), self.now, self.zone)
        return lambda: self.show(seen)

    def show(self, seen: Sources) -> None:
        """Put it on the screen."""
        self.seen = seen
        self.draw()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        return list(source_rows(self.seen, width)) if self.seen else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of the row under the cursor."""
        return list(source_sheet(self.seen, at, width)) if self.seen else ()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the row under the cursor."""
        posts = [("enter", "its posts")] if self.chosen[0] == "source" else []
        return [*posts, ("h", "health"), ("j k", "move"), ("esc", "room"), ("?", "keys")]

    def action_health(self) -> None:
        """Show who works on the room, and what is wrong with it."""
        self.app.push_screen(HealthScreen(self.room))

    def action_posts(self) -> None:
        """Show what the source brought."""
        kind, name = self.chosen
        if kind == "source" and isinstance(self.app, Leading):
            self.app.show_posts(f"on:{name}")
