"""What the app says to the person: on the line of keys of the screen on top."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from crisisroom.core.errors import Refused
from crisisroom.logbook import state_folder
from crisisroom.room import Room
from crisisroom.tui.acted import Given
from crisisroom.tui.beside import beside
from crisisroom.tui.early import EarlyApp
from crisisroom.tui.heard import Failed
from crisisroom.tui.report import write_report
from crisisroom.tui.shown import ours
from crisisroom.tui.theme import Palette
from crisisroom.tui.widgets.hints import Hints

if TYPE_CHECKING:
    from crisisroom.tui.screens.room import RoomScreen


class TellingApp(EarlyApp, inherit_bindings=False):
    """Tells what came, what was refused, and where the report of a bug lies."""

    palette: Palette
    room: Room
    room_screen: RoomScreen

    def say(self, words: str, role: str = "text") -> None:
        """Put a message on the line of keys of the screen on top, else of the room's."""
        for screen in (self.screen, self.room_screen):
            lines = screen.query(Hints)
            if lines:
                lines.first().say(ours(words, role, self.palette))
                return

    def tell(self, words: str) -> None:
        """Say what came, behind what the line of keys says already."""
        lines = self.screen.query(Hints) or self.room_screen.query(Hints)
        before = lines.first().message if lines else ""
        self.say(f"{before}   {words}" if before else words, "warn")

    def failed(self, error: Exception) -> None:
        """Say what was refused and how to go on; anything else is a bug of ours."""
        if isinstance(error, Refused):
            hint = f": {error.hint}" if error.hint else ""
            self.say(f"{error.message}{hint}", "warn")
        else:
            self.say(f"that did not work, a bug of ours: {self.reported(error)}", "late")

    def beside(self, work: Callable[[], Awaitable[None]], name: str) -> None:
        """Run work beside the screen; whatever ends it is shown."""

        async def run() -> None:
            try:
                await work()
            except Given:
                return
            except Exception as error:  # every failure is shown, none ends the room
                self.post_message(Failed(error, asked=name.startswith("act-")))

        beside(self, run, name=name, group=name)

    def reported(self, error: Exception) -> str:
        """Write down what broke, without values, and return where."""
        path = write_report(error, self.room.clock.now(), state_folder())
        return f"the report is {path}" if path else "no report could be written"
