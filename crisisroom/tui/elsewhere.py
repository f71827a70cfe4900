"""What happens in incidents that are not in view, as far as this person has to be told of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial

from crisisroom.core.timeline import ROOM
from crisisroom.room import Room, meanwhile, reading
from crisisroom.tui.acted import Said
from crisisroom.tui.actions import BY_ID, Keys
from crisisroom.tui.away import AwayApp
from crisisroom.tui.heard import Told
from crisisroom.tui.news import elsewhere

JUST = timedelta(minutes=1)  # of an incident that was never looked at only what is this new is news


class Elsewhere:
    """Reads what is new of the incidents that are not on the screen."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._known: dict[str, int] = {}  # the newest entry seen, by chain

    async def news(self, chains: Collection[str], here: str) -> tuple[str, ...]:
        """Return what to say of these chains but `here`, whose news the screen tells by itself."""
        wanted = set(chains) - {here}
        if not wanted:
            return ()
        told: list[str] = []
        for state in await reading.incidents(self._room):
            if state.uid in wanted:
                after = self._known.get(state.uid)
                newest = await reading.timeline(
                    self._room, state.id, max(0, state.seq - 50) if after is None else after
                )
                self._known[state.uid] = state.seq
                since = self._room.clock.now() - JUST
                fresh = [one for one in newest if after is not None or one.recorded_at >= since]
                told += elsewhere(self._room.actor.name, state, fresh)
        return tuple(told)


class ElsewhereApp(AwayApp, inherit_bindings=False):
    """Tells what happened while this person looked elsewhere, or was not here at all."""

    keys: Keys

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room
        self._elsewhere = Elsewhere(room)

    @property
    def _chain(self) -> str:
        return self.situation.incident.uid if self.situation.incident else ""

    def look_elsewhere(self, chains: frozenset[str]) -> None:
        """Read of incidents that are not in view what this person has to be told."""
        if others := chains - {self._chain, ROOM}:
            self.beside(partial(self._look_elsewhere, others), "elsewhere")

    async def _look_elsewhere(self, chains: frozenset[str]) -> None:
        if told := await self._elsewhere.news(chains, self._chain):
            self.post_message(Told(told))

    def on_told(self, message: Told) -> None:
        """Ring, and say what happened elsewhere."""
        self.bell()
        self.tell("   ".join(message.words))

    async def tell_meanwhile(self) -> None:
        """Tell who comes back after a while how much happened."""
        state, left = self.situation.incident, self.away_since
        told = await meanwhile.told_back(self.room, left, state.id) if state and left else ""
        if told:
            key = self.keys.first(BY_ID["since"])
            self.post_message(Said(f"{told}   {key} shows it", "text"))
