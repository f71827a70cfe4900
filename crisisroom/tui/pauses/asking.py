"""A screen of a list whose keys ask before they act, and act beside the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from crisisroom.tui.acted import Given
from crisisroom.tui.acts import Desk
from crisisroom.tui.compose.base import Then
from crisisroom.tui.screens.headed import HeadedList


class AskingList(HeadedList):
    """A list of one incident's things: its keys ask, act, and say what came of it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.room)
        self.desk = desk
        self.incident_id = desk.incident.id

    def ask(self, act: Callable[[], Awaitable[str]], name: str) -> None:
        """Do an act that may ask first; what it returns is said, empty for nothing."""
        self.do(partial(self._asked, act), name=name)

    async def _asked(self, act: Callable[[], Awaitable[str]]) -> Then:
        try:
            told = await act()
        except Given:
            return lambda: None

        def after() -> None:
            self.reload()
            if told:
                self.say(told)

        return after
