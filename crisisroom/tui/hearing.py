"""What the app hears and does: the change feed, the minute, acts and their outcome, the place."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from textual.timer import Timer

from crisisroom.notifiers import desktop
from crisisroom.room import Room, places
from crisisroom.tui.actions import BY_ID, Keys
from crisisroom.tui.acts import Desk, Given, Go, Hooks, Opened, Said, Undo
from crisisroom.tui.acts.stopping import bind_stop
from crisisroom.tui.acts.table import ACTS
from crisisroom.tui.beside import beside
from crisisroom.tui.feed_bridge import (
    Bridge,
    CaseChanged,
    ListenFailed,
    MentionsChanged,
    RoomChanged,
    StoriesChanged,
)
from crisisroom.tui.heard import Failed, Looked, Talked
from crisisroom.tui.looking import Look, Threads, look
from crisisroom.tui.news import Warned, news
from crisisroom.tui.reasons import FEED, Context, needs_incident
from crisisroom.tui.rows import urgent, warning
from crisisroom.tui.screens.room import RoomScreen
from crisisroom.tui.situation import Situation
from crisisroom.tui.telling import TellingApp
from crisisroom.tui.widgets.status import StatusLine

MOST_UNDO = 50
NOTICE = "an early warning waits"  # fixed words: a desktop may interpret what it is given
SETTLE = 2.0  # seconds without a move after which the place is remembered


class HearingApp(TellingApp, inherit_bindings=False):
    """What hears and acts of the app; its workers only post messages."""

    def __init__(
        self,
        room: Room,
        incident: str,
        *,
        drill_note: str,
        hooks: Hooks,
        keys: Keys,
        remote: bool,
    ) -> None:
        super().__init__()
        self.room = room
        self.hooks = hooks
        self.keys = keys
        self.remote = remote
        self.drill_note = drill_note
        self.incident_id = incident
        self.situation = Situation(
            room.clock.now(), room.actor.name, zone_name=room.config.zone, drill_note=drill_note
        )
        self.undo: list[Undo] = []
        self.notice: Callable[[str], None] = desktop
        self._warned = Warned()
        self.come_back_to = ""
        self._session = uuid.uuid4().hex
        self._threads = Threads(room)
        self._looking = self._look_again = False
        self._minute = ""
        self._place_soon: Timer | None = None
        self.room_screen = RoomScreen(self)

    def listen(self) -> None:
        """Follow the change feed and the minute from now on."""
        bridge = Bridge(self.room, self.post_message, remote=self.remote)
        self.beside(bridge.listen, "changes")
        self.beside(bridge.tell, "telling")
        bind_stop(self._bindings, self.keys)
        self.set_interval(1.0, self.tick)
        self.moved()

    def beside(self, work: Callable[[], Awaitable[None]], name: str) -> None:
        """Run work beside the screen; whatever ends it is shown."""

        async def run() -> None:
            try:
                await work()
            except Given:
                return
            except Exception as error:  # every failure is shown, none ends the room
                self.post_message(Failed(error))

        beside(self, run, name=name, group=name)

    def tick(self) -> None:
        """Look again when the clock shows another minute."""
        minute = f"{self.room.clock.now():%H:%M}"
        if minute != self._minute:
            self._minute = minute
            self.look()

    # Reading the room.

    def look(self) -> None:
        """Read the room; while a reading is under way, once more after it."""
        if self._looking:
            self._look_again = True
            return
        self._looking = True
        self.beside(self._look, "look")

    async def _look(self) -> None:
        try:
            state = self.situation.incident
            target = self.incident_id or (state.id if state else "")
            known = (state.id, state.seq) if state else ("", 0)
            seen = await look(self.room, target, known=known, drill_note=self.drill_note)
            self.post_message(Looked(seen))
        finally:
            self._looking = False

    def on_looked(self, message: Looked) -> None:
        """Show what was read."""
        self.take_look(message.seen)
        if self._look_again:
            self._look_again = False
            self.look()

    def take_look(self, seen: Look) -> None:
        """Hold the situation and show it on every screen."""
        came = news(self.situation, seen)
        if came.rings:
            self.bell()
        self.situation = seen.situation
        if seen.situation.incident is not None:
            self.incident_id = seen.situation.incident.id
        self.room_screen.take_look(seen)
        for screen in self.screen_stack:
            if screen is not self.room_screen:
                for line in screen.query(StatusLine):
                    line.show(seen.situation)
        if came.tasks:
            self.room_screen.tasks.came(came.tasks)
        if came.told:
            self.tell(came.told)
        self._tell_warnings(seen.situation)

    def _tell_warnings(self, know: Situation) -> None:
        """Ring, and say on the line of keys and on the desktop what early warnings have come."""
        came = self._warned.fresh(know)
        if came:
            self.bell()
            self.beside(partial(asyncio.to_thread, self.notice, NOTICE), "notice")
            here = self.screen is self.room_screen
            self.tell(warning.told(came, self.keys.first(BY_ID["warnings"]) if here else ""))

    def read_talk(self) -> None:
        """Read the thread of the post the cursor stands on."""
        post, incident = self.room_screen.feed.mention, self.situation.incident
        if post is None:
            return

        async def read() -> None:
            self.post_message(Talked(await self._threads.talk(post, incident)))

        self.beside(read, "talk")

    def on_talked(self, message: Talked) -> None:
        """Show a conversation."""
        self.room_screen.take_talk(message.talk)

    # The change feed.

    def on_mentions_changed(self, message: MentionsChanged) -> None:
        """Let the feed take in what changed."""
        self.room_screen.take_mentions(message)

    def on_stories_changed(self, message: StoriesChanged) -> None:
        """Let the feed by story read its heads again."""
        self.room_screen.feed.stir()

    def on_case_changed(self, message: CaseChanged) -> None:
        """Read the incident again."""
        self.look()

    def on_room_changed(self, message: RoomChanged) -> None:
        """Read the room again, its settings too where they changed."""
        if message.settings:
            self.beside(self._read_settings, "settings")
        self.look()

    async def _read_settings(self) -> None:
        await self.room.reload()
        self.post_message(RoomChanged())

    def on_listen_failed(self, message: ListenFailed) -> None:
        """Say that the room does not answer; it is tried again every second."""
        self.failed(message.error)

    # Acts.

    def perform(self, name: str, context: Context) -> None:
        """Do what a key stands for, beside the screen."""
        act = ACTS.get(name)
        if act is not None:
            self.beside(partial(act, Desk(self, context)), f"act-{name}")

    def action_stop_words(self) -> None:
        """Stop all outgoing words, whatever is on the screen."""
        self.perform("stop", self.room_screen.context())

    def open_sheet(self) -> None:
        """Open the whole fact sheet above whatever is on the screen."""
        context = replace(self.room_screen.context(), fact=None, task=None, at="")
        if reason := needs_incident(context):
            self.say(reason, "warn")
        else:
            self.perform("facts", context)

    def on_said(self, message: Said) -> None:
        """Show what an act came to, and remember how to take it back."""
        if message.undo is not None:
            self.undo = [*self.undo[-MOST_UNDO:], message.undo]
            self.room_screen.feed.unmark()
        self.say(message.words, message.role)

    def on_go(self, message: Go) -> None:
        """Show another view, post or incident."""
        if message.incident is not None:
            self.incident_id = message.incident
            self.look()
        if message.view:
            self.room_screen.show_view(message.view)
        if message.row:
            self.room_screen.seek(message.view, message.row)
        if message.typed is not None:
            self.room_screen.show_only(message.typed, message.view)
        if message.mention:
            self.room_screen.feed.reload(message.mention)

    def show_posts(self, typed: str) -> None:
        """Go back to the feed, narrowed to what fits."""
        self.room_screen.show_only(typed, FEED)

    def show_incident(self, incident: str) -> None:
        """Go back to the room and look at an incident."""
        self.room_screen.pop_until_active()
        self.incident_id = incident
        self.look()

    def on_status_line_pressed(self) -> None:
        """Open what has the corner: it was clicked."""
        if self.screen is self.room_screen and (name := urgent.opens(self.situation)):
            self.perform(name, self.room_screen.context())

    def on_opened(self, message: Opened) -> None:
        """Open a screen of words."""
        self.push_screen(message.screen)

    def on_failed(self, message: Failed) -> None:
        """Show a failure."""
        self.failed(message.error)

    # The place.

    def moved(self) -> None:
        """Remember the place once nobody has moved for a while."""
        if self._place_soon is not None:
            self._place_soon.stop()
        self._place_soon = self.set_timer(SETTLE, self._remember)

    def _remember(self) -> None:
        self._place_soon = None
        self.beside(self._here, "place")

    def _here(self) -> Awaitable[None]:
        screen = self.room_screen
        post = screen.feed.mention
        state = self.situation.incident
        return places.here(
            self.room,
            self._session,
            state.id if state else "",
            str(screen.active),
            post.id if post else "",
            screen.pane.cursor,
            screen.feed.kept(),
        )

    async def gone(self) -> None:
        """Remember a move that just happened, and tell the others that this screen is closed."""
        if self._place_soon is not None:
            await self._here()
        await places.gone(self.room, self._session)
