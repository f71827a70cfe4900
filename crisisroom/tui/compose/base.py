"""What the screens of words have in common: status above, keys below, acts that answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.terms import zone_of
from crisisroom.room import Room
from crisisroom.room.overtaking import Attention, Overtaken, Seen
from crisisroom.store import Change
from crisisroom.tui.beside import beside
from crisisroom.tui.compose.said import line
from crisisroom.tui.keys.keyed import Keyed
from crisisroom.tui.rows import Cell
from crisisroom.tui.screens.layout import layout_for
from crisisroom.tui.screens.overtaken import overtaken_by
from crisisroom.tui.shown import content, painter
from crisisroom.tui.situation import Placed, Sheeted, Undoing
from crisisroom.tui.widgets.hints import Hints
from crisisroom.tui.widgets.small import TooSmall
from crisisroom.tui.widgets.status import StatusLine

Then = Callable[[], Awaitable[None] | None]
"""What an act leaves to do on the screen, called in the screen's own turn."""

WIDE, TALL = 120, 36
ACTING = "words"  # the group of workers in which acts run
RETRY = 1.0  # seconds until a room that does not answer is asked again


class WordsScreen(Keyed[None]):
    """A screen on which words are worked on: two columns from 120x36, stacked below."""

    DEFAULT_CSS = """
    WordsScreen {
        background: $background; layout: vertical; overflow: hidden; scrollbar-size: 0 0;
        #columns { layout: vertical; height: 1fr; margin: 1 1 1 1; }
        #left { height: auto; width: 1fr; display: none; }
        #right { height: 1fr; width: 1fr; }
        .title { padding-left: 3; height: auto; }
        .text { padding-left: 3; }
        &.-wide {
            #columns { layout: horizontal; }
            #left { width: 41; height: 1fr; display: block; margin-right: 3; }
        }
        &.-widest #left { width: 53; }
        &.-low #columns { margin: 0 1; }
    }
    """
    AUTO_FOCUS = ""

    topics: ClassVar[frozenset[str]] = frozenset({"words", "entry"})
    pace: ClassVar[float] = 0.0  # seconds between two looks at the change feed

    class Done(Message):
        """An act came to its end: `then` changes the screen accordingly."""

        def __init__(self, then: Then) -> None:
            super().__init__()
            self.then = then

    class Failed(Message):
        """An act was refused, or broke off."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(self, room: Room, incident_id: str) -> None:
        super().__init__()
        self.room = room.attending(Attention(self._looked_at, self._still_means))
        self.incident_id = incident_id
        self.incident: Incident | None = None
        self._reading = self._again = False

    def _looked_at(self) -> Seen:
        """Return what is before this person's eyes, so that nothing newer is written over."""
        return Seen({self.incident.uid: self.incident.seq} if self.incident else {})

    async def _still_means(self, overtaken: Overtaken) -> bool:
        """Say what a colleague did meanwhile, and ask whether to do it all the same."""
        means_it: bool | None = await self.app.push_screen_wait(overtaken_by(overtaken))
        return means_it is True

    def compose(self) -> ComposeResult:
        """Lay the panes between the status and the keys."""
        yield TooSmall()
        yield StatusLine()
        yield from self.panes()
        yield Hints()

    def on_mount(self) -> None:
        """Load what is shown, and again whenever it changed."""
        self.reload()
        beside(self, self._follow, name="follow", group="follow")

    async def load(self) -> Then:
        """Read what is shown; what is returned puts it on the screen. Here: nothing."""
        return lambda: None

    def reload(self) -> None:
        """Read again what is shown; while a reading is under way, once more after it."""
        self.read_part(self.load)

    def read_part(self, part: Callable[[], Awaitable[Then]]) -> None:
        """Read a part of what is shown; while a reading is under way, everything after it.

        One at a time: an older reading that ends late would put back what it had found.
        """
        if self._reading:
            self._again = True
            return
        self._reading, self._again = True, False
        self.do(partial(self._read_once, part), name="load")

    async def _read_once(self, part: Callable[[], Awaitable[Then]]) -> Then:
        try:
            return await part()
        finally:
            self._reading = False
            if self._again:
                self.call_later(self.reload)

    async def _follow(self) -> None:
        while True:
            try:
                async for batch in self.room.changes():
                    self.take(batch)
                    await asyncio.sleep(self.pace)
            except Refused:  # the app says that the room does not answer
                await asyncio.sleep(RETRY)
                self.reload()

    def take(self, batch: Sequence[Change]) -> None:
        """Read again what is shown where changes concern it."""
        if any(map(self.concerns, batch)):
            self.reload()

    def concerns(self, change: Change) -> bool:
        """Tell whether a change can alter what is shown."""
        return change.topic in self.topics or change.topic == "reset"

    def panes(self) -> Iterable[Widget]:
        """Return what stands between the status and the keys."""
        return ()

    @property
    def wide(self) -> bool:
        """Whether there is room for two columns."""
        return self.app.size.width >= WIDE and self.app.size.height >= TALL

    @property
    def now(self) -> datetime:
        """The room's time."""
        return self.room.clock.now()

    @property
    def zone(self) -> tzinfo:
        """The case's time zone."""
        return zone_of(self.incident.zone if self.incident else self.room.config.zone)

    @property
    def restricted(self) -> bool:
        """Whether no other program may be started: in the restricted shell, and in a browser."""
        return self.room.actor.confined or self.app.is_web

    def on_screen_resume(self) -> None:
        """Let the others know what is done here, once it is on top."""
        if isinstance(self.app, Placed):
            self.app.moved(soon=True)

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout for the size."""
        for name, has in layout_for(event.size.width, event.size.height).classes.items():
            self.set_class(has, name)
        self.show_keys()

    def on_descendant_focus(self) -> None:
        """Show the keys of what has the focus."""
        self.show_keys()

    def show_keys(self) -> None:
        """Show the keys; a message that nobody read yet stays."""
        if self.is_mounted and not self.query_one(Hints).message:
            self.query_one(Hints).show_keys(self.hinted(self.keys()))

    def message_read(self) -> None:
        """Take a message off the line of keys: the next key was pressed."""
        if self.query_one(Hints).message:
            self.query_one(Hints).show_keys(self.hinted(self.keys()))

    def say(self, *parts: str | tuple[str, str] | Cell) -> None:
        """Put one message on the line of keys, until the next key."""
        self.query_one(Hints).say(content(line(*parts), painter(self.app)))

    def on_key(self) -> None:
        """Take a message away: it was read."""
        self.message_read()

    def do(self, job: Callable[[], Awaitable[Then]], *, name: str) -> None:
        """Run an act beside the screen; what it returns is called here when it is done.

        It belongs to the app: closing the screen does not undo half an act.
        """
        beside(self.app, partial(self._report, job), name=name, group=ACTING)

    async def _report(self, job: Callable[[], Awaitable[Then]]) -> None:
        try:
            self.post_message(self.Done(await job()))
        except Exception as error:  # shown, never silent: the screen stays usable
            self.post_message(self.Failed(error))

    async def on_words_screen_done(self, message: Done) -> None:
        """Change the screen as the act says."""
        waits = message.then()
        if waits is not None:
            await waits

    def on_words_screen_failed(self, message: Failed) -> None:
        """Say what was refused and how to go on."""
        error = message.error
        if isinstance(error, Refused):
            hint = "   " + error.hint if error.hint else ""
            self.say((error.message, "warn"), (hint, "quiet"))
            return
        told = "that did not work, a bug of ours: " + type(error).__name__
        self.say((told, "late"), "   the outbox and the timeline show what was done")

    def action_undo(self) -> None:
        """Take one's last act back, wherever it was done."""
        if isinstance(self.app, Undoing):
            self.app.take_back()

    def action_sheet(self) -> None:
        """Open the fact sheet above the words, and come back to them."""
        if isinstance(self.app, Sheeted) and self.app.screen is self:
            self.app.open_sheet()

    def action_leave(self) -> None:
        """Go back to where one came from."""
        self.dismiss(None)

    def close_with(self, *parts: str | tuple[str, str]) -> None:
        """Go back, and say there what became of it."""
        app, told = self.app, content(line(*parts), painter(self.app))

        def say() -> None:
            for hints in app.screen.query(Hints):
                hints.say(told)

        if self in app.screen_stack:
            self.pop_until_active()  # the act may end while a list or the palette is open above
            self.dismiss(None)
        app.call_later(say)
