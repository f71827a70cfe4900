"""What the app hears and does: the change feed, the minute, acts and their outcome, the place."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from crisisroom.config.notifying import Notices
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.timeline import ROOM
from crisisroom.notifiers import desktop, terminal
from crisisroom.room import Room
from crisisroom.tui.act_table import ACTS, act_of
from crisisroom.tui.acted import Go, Opened, Said, Undo
from crisisroom.tui.actions import BY_ID, Keys
from crisisroom.tui.drawing import RoomDriver
from crisisroom.tui.elsewhere import ElsewhereApp
from crisisroom.tui.feed_bridge import (
    Bridge,
    CaseChanged,
    Heard,
    MentionsChanged,
    RoomChanged,
    StoriesChanged,
)
from crisisroom.tui.heard import Failed, Looked, Talked
from crisisroom.tui.hooks import Hooks
from crisisroom.tui.looking import Look, Threads, look
from crisisroom.tui.news import Paged, Warned, news
from crisisroom.tui.reasons import FEED, Context, needs_incident
from crisisroom.tui.rows import urgent, warning
from crisisroom.tui.screens.room import RoomScreen
from crisisroom.tui.situation import Situation

MOST_UNDO = 50
# Fixed words: a desktop and a terminal may interpret what they are given.
NOTICE = "an early warning waits"
URGENT = "the room needs you"
PAGED = "a page waits for your answer"


class HearingApp(ElsewhereApp, inherit_bindings=False):
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
        super().__init__(room)
        self.hooks = hooks
        self.keys = keys
        self.remote = remote
        self.drill_note = drill_note
        self.incident_id = incident
        self.situation = Situation(
            room.clock.now(), room.actor.name, zone_name=room.config.zone, drill_note=drill_note
        )
        self.undo: list[Undo] = []
        self._written = room.told  # entries, by the last act that can be taken back
        self.unsent: dict[str, str] = {}  # what was typed in vain, by the question
        self.notice: Callable[[str], None] = desktop
        self.notices = Notices()
        self._paged = Paged()
        self._warned = Warned()
        self.come_back_to = ""
        self._threads = Threads(room)
        self._looking = self._look_again = False
        self._minute = ""
        self.room_screen = RoomScreen(self)

    def listen(self) -> None:
        """Follow the change feed and the minute from now on."""
        slow = self.remote and not isinstance(self._driver, RoomDriver)
        bridge = Bridge(self.room, self.post_message, slow=slow)
        self.beside(bridge.listen, "changes")
        self.beside(bridge.tell, "telling")
        self.set_interval(1.0, self.tick)
        self.keep_here()

    def tick(self) -> None:
        """Look again when the clock shows another minute; count while the room is away."""
        self.look_at_link()
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
            try:
                seen = await look(self.room, target, known=known, drill_note=self.drill_note)
                self.post_message(Looked(seen))
            except Usage as refused:
                if refused.code != "unknown-incident" or not target:
                    raise
                # it was kept for others meanwhile: nothing of it stays here
                self.post_message(Looked(await look(self.room, ""), gone=target))
        finally:
            self._looking = False

    def on_looked(self, message: Looked) -> None:
        """Show what was read."""
        if message.gone:
            self._leave(message.gone)
        self.take_look(message.seen)
        if self._look_again:
            self._look_again = False
            self.look()

    def _leave(self, gone: str) -> None:
        """Close what was open on an incident that this person may not see any more."""
        while self.screen is not self.room_screen and len(self.screen_stack) > 1:
            self.pop_screen()
        self.incident_id = ""
        self.tell(f"{gone} is not shown to you any more")

    def take_look(self, seen: Look) -> None:
        """Hold the situation and show it on every screen."""
        came = news(self.situation, seen)
        if came.rings:
            self.call(URGENT)
        self.situation = self.with_link(seen.situation)
        seen = replace(seen, situation=self.situation)
        if seen.situation.incident is not None:
            self.incident_id = seen.situation.incident.id
        self.room_screen.take_look(seen)
        self.show_status()
        if came.tasks:
            self.room_screen.tasks.came(came.tasks)
        if came.told:
            self.tell(came.told)
        self._tell_warnings(seen.situation)
        self._tell_pages(seen.situation)

    def call(self, words: str) -> None:
        """Call a person who looks elsewhere, in fixed words of ours."""
        if self.notices.bell:
            self.bell()
        self.beside(partial(self._call, words), "call")

    async def _call(self, words: str) -> None:
        if self.notices.desktop:
            await asyncio.to_thread(self.notice, words)
        said = await asyncio.to_thread(terminal.sequence, self.notices.osc, words, os.environ)
        if said and self._driver is not None:  # in the screen's own thread, between two paints
            self._driver.write(said)
            self._driver.flush()

    def _tell_pages(self, know: Situation) -> None:
        """Call, and say on the line of keys, what waits for this person's answer."""
        if came := self._paged.fresh(know):
            self.call(PAGED)
            here = self.screen is self.room_screen
            key = self.keys.first(BY_ID["pages"]) if here else ""
            self.tell(f"{', '.join(came)} for you" + (f", {key} answers" if key else ""))

    def _tell_warnings(self, know: Situation) -> None:
        """Ring, and say on the line of keys and on the desktop what early warnings have come."""
        came = self._warned.fresh(know)
        if came:
            self.call(NOTICE)
            here = self.screen is self.room_screen
            self.tell(warning.told(came, self.keys.first(BY_ID["warnings"]) if here else ""))

    def read_talk(self) -> None:
        """Read the thread of the post the cursor stands on."""
        post, incident = self.room_screen.feed.mention, self.situation.incident
        if post is None:
            return

        async def read() -> None:
            async for talk in self._threads.talks(post, incident):
                self.post_message(Talked(talk))

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
        """Read the incident again; of others, what this person has to be told."""
        if ROOM in message.chains or not message.chains:
            self.look_whether_moved()
        self.look()
        self.look_elsewhere(message.chains)

    def on_room_changed(self, message: RoomChanged) -> None:
        """Read the room again, its settings too where they changed."""
        if message.settings:
            self.beside(self._read_settings, "settings")
        self.look()

    async def _read_settings(self) -> None:
        await self.room.reload()
        self.post_message(RoomChanged())

    def on_heard(self, message: Heard) -> None:
        """Go on: what was missed is read again by the messages that follow."""
        self.heard_again()

    # Acts.

    def perform(self, name: str, context: Context) -> None:
        """Do what a key stands for, beside the screen."""
        if name in ACTS:
            from crisisroom.tui.acts import Desk  # loaded with the first act

            self.waits()
            self.beside(partial(Desk(self, context).run, act_of(name)), f"act-{name}")

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
            self._written = self.room.told
            self.room_screen.feed.unmark()
        self.say(message.words, message.role)

    def last_act(self) -> Undo | None:
        """Return how to take the last act back, once; Refused where it was one of another kind.

        Of those no screen has to tell: they left an entry of this person's behind.
        """
        if self._written != self.room.told:
            self.undo, self._written = [], self.room.told
            what = "what you did last cannot be taken back from here"
            raise Refused("final", what, "m notes what was wrong")
        return self.undo.pop() if self.undo else None

    def taken_back(self) -> None:
        """Take note that an act was: its opposite is on the timeline, and no act to be undone."""
        self._written = self.room.told

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

    def show_place(self, incident: str, view: str, mention: str) -> None:
        """Go back to the room and look where somebody else looks."""
        self.room_screen.pop_until_active()
        number = int(view) if view in ("1", "2", "3", "4", "5") else 0
        self.on_go(Go(view=number, incident=incident or None, mention=mention))

    def on_status_line_pressed(self) -> None:
        """Open what has the corner: it was clicked."""
        if self.screen is self.room_screen and (name := urgent.opens(self.situation)):
            self.perform(name, self.room_screen.context())

    def on_opened(self, message: Opened) -> None:
        """Open a screen of words."""
        self.push_screen(message.screen)

    def on_failed(self, message: Failed) -> None:
        """Show a failure, unless the status says it already."""
        if not self.is_known(message.error, asked=message.asked):
            self.failed(message.error)
