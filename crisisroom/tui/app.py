"""The app: colours, beginning and end, and what happens when something of ours breaks."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from rich.text import Text
from textual._context import active_message_pump
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.filter import LineFilter, Monochrome, NoColor
from textual.geometry import Size
from textual.screen import Screen

from crisisroom.config.notifying import Notices
from crisisroom.core.errors import Refused
from crisisroom.room import Room, places, reading
from crisisroom.room.access import access_of
from crisisroom.store.places import Place
from crisisroom.tui import REMOTE, actions, leaving, theme
from crisisroom.tui.actions import Keys
from crisisroom.tui.acts import Hooks
from crisisroom.tui.bounded import bounded
from crisisroom.tui.guard import Guard
from crisisroom.tui.hearing import HearingApp
from crisisroom.tui.looking import Look, look
from crisisroom.tui.reasons import Context
from crisisroom.tui.screens.help import Command, Help, Palette
from crisisroom.tui.screens.room import RoomScreen
from crisisroom.tui.screens.start import StartScreen
from crisisroom.tui.widgets.lines import Painted

MOST_BREAKS = 3
BUG = 70  # exit code of a bug of ours
UNAVAILABLE = 3  # exit code: try again
# One of each for all lines: a line that was filtered once is not filtered again by the same one.
_GUARD, _NO_COLOUR = Guard(), NoColor()
_TURNED: Mapping[theme.PaletteName, theme.PaletteName] = {
    "dark": "light",
    "light": "dark",
    "ansi-dark": "ansi-light",
    "ansi-light": "ansi-dark",
    "mono": "mono",
}


class RoomApp(HearingApp, inherit_bindings=False):
    """One person's screen of one room."""

    CSS_PATH = "crisisroom.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "commands", "commands", show=False, id="app.commands"),
        Binding("ctrl+c", "how_to_leave", "leave", show=False, id="app.how-to-leave"),
    ]

    def __init__(
        self,
        room: Room,
        incident: str = "",
        *,
        drill_note: str = "",
        ascii_only: bool = False,
        mouse: bool = False,
        keys: Mapping[str, str] | None = None,
        notices: Notices | None = None,
        light: bool | None = None,
        hooks: Hooks | None = None,
        environ: Mapping[str, str] = os.environ,
        remote: bool = REMOTE,
    ) -> None:
        wish = "" if light is None else "light" if light else "dark"
        chosen = theme.choose(environ, wish=wish)  # before Textual takes NO_COLOR away
        super().__init__(
            room,
            incident,
            drill_note=drill_note,
            hooks=hooks or Hooks(),
            keys=Keys(keys),
            remote=remote,
        )
        self.notices = notices or Notices()
        self.palette = theme.PALETTES[chosen]
        self.ascii_only = ascii_only
        self.mouse_on = mouse
        self.after_end = ""  # demo or init: what the start screen asked for
        self._breaks = 0
        for one in theme.THEMES:
            self.register_theme(one)
        self.theme = theme.theme_of(chosen)

    # Beginning and end.

    async def on_mount(self) -> None:
        """Come back to where this person was, then listen."""
        leaving.on_signals(self.end)
        self._bind_wishes()
        try:
            place = await places.last_place(self.room)
            first = await self._come_back(place)
            empty = place is None and not self.drill_note and await self._is_empty()
        except Refused as error:  # the room does not answer: nothing could be shown
            self.exit(UNAVAILABLE, UNAVAILABLE, Text(f"{error.message} {error.hint}".strip()))
            return
        await self.push_screen(self.room_screen)
        self.take_look(first)
        if empty:
            self.push_screen(StartScreen(), self._started)
        if first.situation.incident is None and first.incidents > 1:
            self.perform("other", self.room_screen.context())
        elif first.situation.incident and access_of(self.room) == "executive":
            self.perform("brief", self.room_screen.context())  # what they came for
        if self.keys.unknown:
            unknown = ", ".join(self.keys.unknown)
            self.call_after_refresh(self.say, f"keys: there is no action {unknown}", "warn")
        self.listen()
        self.beside(self.tell_meanwhile, "meanwhile")

    def _bind_wishes(self) -> None:
        """Set the person's own keys; commands that have none may be given one."""
        self.set_keymap(self.keys.wishes)
        for action in actions.ACTIONS:
            if not action.keys and (wish := self.keys.of(action)):
                self.bind(",".join(wish), f"screen.act('{action.id}')", description=action.label)

    async def _come_back(self, place: Place | None) -> Look:
        if place is not None:
            self.away_since = place.at
            self.come_back_to = place.mention
            self.room_screen.feed.come_back(place.extra)
            self.incident_id = self.incident_id or place.incident
            if place.view in ("1", "2", "3", "4", "5"):
                self.room_screen.active = int(place.view)
        return await self._first_look()

    async def _first_look(self) -> Look:
        """Look at the wanted incident, or the open one where that is gone."""
        with suppress(Refused):
            return await look(self.room, self.incident_id, drill_note=self.drill_note)
        self.incident_id = ""
        return await look(self.room, "", drill_note=self.drill_note)

    async def _is_empty(self) -> bool:
        if self.room.config.sources or await reading.incidents(self.room):
            return False
        return not await reading.count(self.room)

    def _started(self, way: str | None) -> None:
        if way in ("demo", "init"):
            self.after_end = way
            self.exit(0)
        elif way == "quit":
            self.leave()

    def leave(self) -> None:
        """Leave the room; drafts and acts are on disk already."""
        self.exit(0)

    def end(self, code: int) -> None:
        """Leave with an exit code: the line dropped, or the machine goes down."""
        self.exit(code, return_code=code)

    async def on_unmount(self) -> None:
        """Tell the others that this screen is gone, if that can be done at once."""
        with suppress(Refused, TimeoutError):
            async with asyncio.timeout(1.0):
                await self.gone()
        leaving.off_signals()

    # What breaks.

    def _handle_exception(self, error: Exception) -> None:
        """Write a report without values; stay up when only a part of the screen broke."""
        where = self.reported(error)
        self._breaks += 1
        if self.is_headless:  # a test: it fails with this error
            self._exception = error
            self._exception_event.set()
        broken = active_message_pump.get(None)
        if self._breaks > MOST_BREAKS or broken is self or self.is_headless:
            self._return_code = BUG
            self._return_value = BUG
            self._exit_renderables.append(Text(f"crisisroom broke: {where}"))
            self._close_messages_no_wait()
        else:
            self.call_later(self._mend, where)

    async def _mend(self, where: str) -> None:
        """Build the room's screen anew: a part of it that broke answers no more."""
        active = self.room_screen.active
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        self.room_screen = RoomScreen(self)
        self.room_screen.active = active
        await self.push_screen(self.room_screen)
        self.look()
        self.say(f"something of ours broke, nothing was lost: {where}", "late")

    # What is seen.

    def tick(self) -> None:
        """Look again when the minute is over; also at how large the terminal really is."""
        if not self.is_headless:
            self.fit(bounded(shutil.get_terminal_size()))
        super().tick()

    def fit(self, terminal: tuple[int, int]) -> None:
        """Take on the terminal's size where another one was told last.

        Signals of a window that is being dragged interrupt each other, so that the older size may
        be told after the newer one.
        """
        if all(terminal) and self.size != terminal:
            size = Size(*terminal)
            self.post_message(Resize(size, size))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line passes last: no colour where none is wanted, then the guard."""
        filters: list[LineFilter] = [
            one for one in super().get_line_filters() if not isinstance(one, Monochrome | NoColor)
        ]
        if self.palette.name == "mono":
            filters.append(_NO_COLOUR)
        return [*filters, _GUARD]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer none of Textual's own: they write files and show themes that are not ours."""
        return ()

    def notify(self, message: str, *unused: Any, **ignored: Any) -> None:
        """Show no toasts: a message takes the line of keys, as literal words."""
        self.say(message)

    def turn_light(self) -> None:
        """Change between dark and light."""
        self.palette = theme.PALETTES[_TURNED[self.palette.name]]
        self.theme = theme.theme_of(self.palette.name)
        for screen in self.screen_stack:
            for pane in screen.query(Painted):
                pane.repaint()

    def perform(self, name: str, context: Context) -> None:
        """Do what concerns the whole screen here, everything else beside it."""
        own: dict[str, Callable[[], None]] = {
            "leave": self.leave,
            "look": self.turn_light,
            "palette": self.show_palette,
            "help": self.show_help,
        }
        if name in own:
            own[name]()
        else:
            super().perform(name, context)

    def show_help(self) -> None:
        """Show all keys."""
        self.push_screen(Help(self.keys))

    def action_commands(self) -> None:
        """Open the palette: the room's, or that of the screen of words on top."""
        if self.screen is self.room_screen:
            self.show_palette()
        elif self.screen.COMMANDS:
            self.action_command_palette()

    def show_palette(self) -> None:
        """Offer every command that belongs to the view."""
        context = self.room_screen.context()
        commands = [
            Command(
                one.id,
                f"{actions.label_of(one, context.view)}: {one.help}",
                self.keys.first(one),
                one.why_not(context),
            )
            for one in actions.ACTIONS
            if context.view in one.views and one.group != actions.MOVE and one.id != "palette"
        ]
        self.push_screen(Palette(commands), self._commanded)

    def _commanded(self, name: str | None) -> None:
        if name:
            self.room_screen.action_act(name)

    def action_how_to_leave(self) -> None:
        """Answer ctrl+c, which ends nothing here."""
        self.say("Q leaves the room, from everywhere but a text; esc goes back")
