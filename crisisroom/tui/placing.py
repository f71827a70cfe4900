"""Where this person is, for the others and for coming back; and a sign of life now and then."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace
from textual.timer import Timer

from crisisroom.room import places, who
from crisisroom.store.places import Doing, Presence
from crisisroom.tui.feed_bridge import DraftsChanged, PeopleChanged
from crisisroom.tui.heard import Gathered
from crisisroom.tui.situation import Engaged, Situation
from crisisroom.tui.telling import TellingApp
from crisisroom.tui.widgets.status import StatusLine

SETTLE = 2.0  # seconds without a move after which the place is remembered
SOON = 0.05  # the same where somebody begins to write


class PlacingApp(TellingApp, inherit_bindings=False):
    """Tells the room where this screen is."""

    situation: Situation
    is_placed = False  # whether the room is told where this screen is

    def __init__(self) -> None:
        super().__init__()
        self._session = uuid.uuid4().hex
        self._place_soon: Timer | None = None
        self._told_at = float("-inf")
        self._told: tuple[object, ...] = ()  # the place that the room knows
        self.away_since: datetime | None = None  # when this person was here last

    def keep_here(self) -> None:
        """Give signs of life from now on: a screen without them is taken to be gone."""
        self.set_interval(places.BEAT, self._beat)
        self.is_placed = True
        self.moved(soon=True)

    def moved(self, *, soon: bool = False) -> None:
        """Remember the place once nobody has moved for a while, or at once."""
        if self._place_soon is not None:
            self._place_soon.stop()
        self._place_soon = self.set_timer(SOON if soon else SETTLE, self._remember)

    def _remember(self) -> None:
        self._place_soon = None
        self.beside(self._here, "place")

    def _beat(self) -> None:
        """Give a sign of life, unless a move has just been one."""
        linked = self.room.store.link.state == "ok"
        if linked and self.room.clock.monotonic() - self._told_at >= places.BEAT * 0.8:
            self.beside(self._alive, "beat")

    async def _alive(self) -> None:
        self._told_at = self.room.clock.monotonic()
        if not await places.beat(self.room, self._session):
            self._told = ()
            await self._here()

    async def _here(self) -> None:
        screen, state = self.room_screen, self.situation.incident
        post = screen.feed.mention
        doing, mention, at = self._engaged()
        mention = mention or (post.id if post else "")
        kept = screen.feed.kept()
        where = (state.id if state else "", str(screen.active), mention)
        if self._told == (told := (*where, kept, at, doing)):
            return
        self._told, self._told_at = told, self.room.clock.monotonic()
        cursor = screen.pane.cursor
        await places.here(self.room, self._session, *where, cursor, kept, at=at, doing=doing)

    def _engaged(self) -> tuple[Doing, str, str]:
        """Return what is done on the screen on top, else the row that the cursor stands on."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Engaged):
                return screen.engaged()
        context = self.room_screen.context()
        return "", "", context.at if ":" in context.at else ""

    # Who else is here.

    def on_people_changed(self, message: PeopleChanged) -> None:
        """Read who is here, and nothing else."""
        self.beside(self._read_people, "people")

    async def _read_people(self) -> None:
        self.post_message(Gathered(await who.people(self.room)))

    def on_gathered(self, message: Gathered) -> None:
        """Show who is here, where anything of it shows."""
        status = self.situation.status
        if status is not None and _seen_of(message.people) != _seen_of(status.people):
            status = msgspec.structs.replace(status, people=message.people)
            self.situation = replace(self.situation, status=status)
            self.room_screen.take_situation(self.situation)
            self.show_status()

    def on_drafts_changed(self, message: DraftsChanged) -> None:
        """Read the thread again where somebody begins to write to it."""
        talk = self.room_screen.thread.talk
        known = {draft.id for draft in talk.drafts} if talk else set()
        if talk and any(talk.mention.id in one.split("/") for one in message.drafts - known):
            self.room_screen.read_thread()

    def show_status(self) -> None:
        """Show the situation at the top of whatever lies above the room's screen."""
        for screen in self.screen_stack:
            if screen is not self.room_screen:
                for line in screen.query(StatusLine):
                    line.show(self.situation)

    async def gone(self) -> None:
        """Remember a move that just happened, and tell the others that this screen is closed."""
        if self._place_soon is not None:
            await self._here()
        await places.gone(self.room, self._session)


def _seen_of(people: Sequence[Presence]) -> list[tuple[str, ...]]:
    """Return what anybody sees of who is here: all but the signs of life."""
    return [
        (one.actor, one.incident, one.view, one.mention, one.at, one.doing, one.access)
        for one in people
    ]
