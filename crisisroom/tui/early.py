"""Until the room has read what to show: the screen is not sent, and keys are kept for it."""

from __future__ import annotations

from textual.events import Event, Key, Paste
from textual.screen import Screen

from crisisroom.tui.bounded import BoundedApp
from crisisroom.tui.drawing import RoomDriver

PACE = 0.05  # seconds between two keys that were kept: each meets what the one before opened
PATIENT = 20  # such moments for an act that was begun to open what it asks with


class EarlyApp(BoundedApp, inherit_bindings=False):
    """Keeps what is typed on a screen that stands for the one to come, and then lets it in.

    One after the other, as typed: what follows a key that opens a line or a question is meant for
    that. What is typed meanwhile waits behind them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._early: list[Event] | None = []
        self._is_shown = False

    def begin_to_show(self) -> None:
        """Wait no longer than the first paint stays, should nothing ever be read."""
        self.set_timer(RoomDriver.hold, self.show_first)

    def show_first(self) -> None:
        """Let the terminal have what is to be seen: what came before Textual may go."""
        if self._is_shown:
            return
        self._is_shown = True
        if isinstance(self._driver, RoomDriver):
            self._driver.show()
        self.call_next(self._let_in)

    async def on_event(self, event: Event) -> None:
        """Keep what is typed before there is something that it could mean."""
        if self._early is not None and isinstance(event, Key | Paste) and not event.is_forwarded:
            self._early.append(event)
        else:
            await super().on_event(event)

    async def _let_in(self) -> None:
        if not (self._early and self.screen_stack):  # the last one may have been to leave
            self._early = None
            return
        above = self.screen
        await super().on_event(self._early.pop(0))
        self._rest(above, PATIENT)

    def _rest(self, above: Screen[object], patience: int) -> None:
        """Let the next one in a moment later, once an act that was begun shows what it asks."""

        async def go_on() -> None:
            if patience and self.screen_stack[-1:] == [above] and self._is_acting():
                self._rest(above, patience - 1)
            else:
                await self._let_in()

        self.set_timer(PACE, go_on)

    def _is_acting(self) -> bool:
        return any(one.name.startswith("act-") and not one.is_finished for one in self.workers)
