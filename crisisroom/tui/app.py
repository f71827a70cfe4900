"""The app: colours, beginning and end, and what happens when something of ours breaks.

Screens that a key opens are loaded with that key: the room shows sooner, and is smaller.
"""

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
from textual.driver import Driver
from textual.events import Resize
from textual.filter import LineFilter, Monochrome, NoColor
from textual.geometry import Size
from textual.screen import Screen

from crisisroom.config.notifying import Notices
from crisisroom.core.errors import Refused
from crisisroom.firstpaint.cells import tint
from crisisroom.room import Room, places, reading
from crisisroom.room.access import access_of
from crisisroom.store.places import Place
from crisisroom.term import handover
from crisisroom.terminals import taken_for
from crisisroom.tui import REMOTE, begun, leaving, theme
from crisisroom.tui.actions import Keys
from crisisroom.tui.bounded import bounded
from crisisroom.tui.commanding import CommandingApp
from crisisroom.tui.guard import Guard
from crisisroom.tui.hooks import Hooks
from crisisroom.tui.keys.table import BY_ID
from crisisroom.tui.looking import Look, look
from crisisroom.tui.reasons import Context
from crisisroom.tui.screens.room import RoomScreen
from crisisroom.tui.widgets.lines import Painted

MOST_BREAKS = 3
BUG = 70  # exit code of a bug of ours
UNAVAILABLE = 3  # exit code: try again
# One of each for all lines: a line that was filtered once is not filtered again by the same one.
_GUARD, _NO_COLOUR = Guard(), NoColor()


class RoomApp(CommandingApp, inherit_bindings=False):
    """One person's screen of one room."""

    CSS_PATH = "crisisroom.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
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
        contrast: bool = False,
        wish: str = "",
        hooks: Hooks | None = None,
        environ: Mapping[str, str] = os.environ,
        remote: bool = REMOTE,
        driver: type[Driver] | None = None,
    ) -> None:
        ground: theme.Ground = "" if light is None else "light" if light else "dark"
        # before Textual takes NO_COLOR away
        chosen = theme.choose(environ, wish=ground, contrast=contrast)
        self._coloured = bool(taken_for(environ).colours)
        super().__init__(
            room,
            incident,
            drill_note=drill_note,
            hooks=hooks or Hooks(),
            keys=Keys(keys),
            remote=remote,
        )
        self._looks = begun.Looks.of(environ, wish)
        self.notices = notices or Notices()
        self.driver_class = driver or self.driver_class
        self.palette = theme.PALETTES[chosen]
        self.ascii_only = ascii_only
        self.tint = tint(far=remote)
        self.mouse_on = mouse
        self.after_end = ""  # demo or init: what the start screen asked for
        self._breaks = 0
        for one in theme.THEMES:
            self.register_theme(one)
        if not theme.PALETTES[chosen].back:  # it needs another of Textual's filters
            self.theme = theme.theme_of(chosen)
        else:  # set before anything is styled: no style sheet has to be read again for it
            self.set_reactive(RoomApp.theme, theme.theme_of(chosen))
            self.stylesheet.set_variables(self.get_css_variables())

    # Beginning and end.

    def get_default_screen(self) -> Screen[Any]:
        """Return the room's screen: an empty one below it would be laid out and painted too."""
        return self.room_screen

    async def on_mount(self) -> None:
        """Come back to where this person was, then listen."""
        begun.took_over(self)
        self.begin_to_show()
        leaving.on_signals(self.end)
        self.bind_general()
        try:
            place = await places.last_place(self.room)
            first = await self._come_back(place)
            empty = place is None and not self.drill_note and await self._is_empty()
        except Refused as error:  # the room does not answer: nothing could be shown
            self.exit(UNAVAILABLE, UNAVAILABLE, Text(f"{error.message} {error.hint}".strip()))
            return
        await self.room_screen.begin()
        if not self.is_headless:
            begun.keep_painting(self, self.palette, self._looks)
        self.take_look(first)
        if empty:
            from crisisroom.tui.screens.start import StartScreen

            self.push_screen(StartScreen(), self._started)
        if first.situation.incident is None and first.incidents > 1:
            self.perform("other", self.room_screen.context())
        elif first.situation.incident and access_of(self.room) == "executive":
            self.perform("brief", self.room_screen.context())  # what they came for
        self._tell_clashes()
        self.listen()
        self.beside(self.tell_meanwhile, "meanwhile")

    def _tell_clashes(self) -> None:
        """Say which wish for a key does not hold; the usual key works then."""
        if clashes := self.keys.clashes:
            more = f"   and {len(clashes) - 1} more: crisisroom keys" if clashes[1:] else ""
            self.call_after_refresh(self.say, f"{clashes[0]}{more}", "warn")

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
        looks_on = self.room.store.looks_on  # nothing is begun there
        if looks_on or self.room.config.sources or await reading.incidents(self.room):
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

    def _print_error_renderables(self) -> None:
        """Print why it ended where that stays: not on a first paint that nobody took over."""
        handover.put_back()
        super()._print_error_renderables()

    async def _mend(self, where: str) -> None:
        """Build the room's screen anew: a part of it that broke answers no more.

        The broken one stays below where it is the first: Textual replaces no first screen.
        """
        active = self.room_screen.active
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        self.room_screen = RoomScreen(self)
        self.room_screen.active = active
        await self.push_screen(self.room_screen)
        await self.room_screen.begin()
        self.look()
        self.say(f"something of ours broke, nothing was lost: {where}", "late")

    # What is seen.

    def tick(self) -> None:
        """Look again when the minute is over; also at how large the terminal really is."""
        if not (self.is_headless or self.is_web):  # a browser's window is told of, never asked
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
        if self.palette.name in theme.WITHOUT_COLOUR:
            filters.append(_NO_COLOUR)
        return [*filters, _GUARD]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer none of Textual's own: they write files and show themes that are not ours."""
        return ()

    def notify(self, message: str, *unused: Any, **ignored: Any) -> None:
        """Show no toasts: a message takes the line of keys, as literal words."""
        self.say(message)

    def turn_light(self) -> None:
        """Show the next look: dark, light, high contrast on dark and on light."""
        following = theme.after(self.palette.name, coloured=self._coloured)
        self.palette = theme.PALETTES[following]
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
            "jump": self.show_places,
        }
        if name in own:
            own[name]()
        else:
            super().perform(name, context)

    def action_how_to_leave(self) -> None:
        """Answer ctrl+c, which ends nothing here."""
        keys = self.keys
        leave = keys.first(BY_ID["leave"]) or keys.first(BY_ID["quit"])
        back = keys.first(BY_ID["screen.leave"])
        self.say(f"{leave} leaves the room, from everywhere but a text; {back} goes back")
