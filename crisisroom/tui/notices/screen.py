"""The screen of pages: what waits for an answer, and acknowledging it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from crisisroom.room import Room, notifying, notifying_looking
from crisisroom.tui.compose.base import Then
from crisisroom.tui.notices.rows import Notices, notice_rows, notice_sheet
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.headed import HeadedList
from crisisroom.tui.situation import Situation


class NoticesScreen(HeadedList):
    """Every page, those without an answer first; one of them whole."""

    place = "pages"

    topics: ClassVar[frozenset[str]] = frozenset({"page", "config"})

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.seen: Notices | None = None

    async def load(self) -> Then:
        """Read what people were told."""
        seen = Notices(
            await notifying_looking.noticed(self.room),
            await notifying_looking.standing(self.room),
            self.room.actor.name,
            self.now,
            self.zone,
        )
        return lambda: self.show(seen)

    def show(self, seen: Notices) -> None:
        """Put it on the screen."""
        self.seen = seen
        self.draw()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        return list(notice_rows(self.seen, width)) if self.seen else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of the row under the cursor."""
        return list(notice_sheet(self.seen, at, width)) if self.seen else ()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the row under the cursor."""
        one = self.seen.one(self.chosen[1]) if self.seen else None
        own = [("space", "I have it")] if one and one.waits else []
        return [*own, ("j k", "move"), ("esc", "room"), ("?", "keys")]

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done with the page under the cursor."""
        one = self.seen.one(self.chosen[1]) if self.seen else None
        waits = one is not None and one.waits
        return "choose a page that waits first" if id == "pages.ack" and not waits else ""

    def action_acknowledge(self) -> None:
        """Acknowledge the page under the cursor."""
        one = self.seen.one(self.chosen[1]) if self.seen else None
        if one is None or (why := self.why_not("pages.ack")):
            self.say(why if one else "choose a page that waits first")
            return
        self.do(lambda: self._acknowledged(one.page.id), name="acknowledge")

    async def _acknowledged(self, name: str) -> Then:
        await notifying.acknowledge(self.room, name)

        def after() -> None:
            self.reload()
            self.say(f"{name} is yours: nobody is told of it any more")

        return after
