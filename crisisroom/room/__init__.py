"""The room: the one way in for the screen, the command line and the watcher.

Every act is decided inside one transaction, on the incident as it then stands, and leaves timeline
entries; what an incident is follows from them. Use cases are functions in this package's modules.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.clock import Clock
from crisisroom.config import RoomConfig, room_from
from crisisroom.core.apply import apply
from crisisroom.core.engine import next_fire
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.query import numbered
from crisisroom.core.rules import MACHINE, consequences
from crisisroom.core.timeline import ROOM, Draft, Entry
from crisisroom.room import overtaking
from crisisroom.room.access import Reader, refuse_unseen
from crisisroom.room.overtaking import Attention
from crisisroom.store import Change, Store, Tx, log
from crisisroom.store import settings as kept
from crisisroom.store.seeing import Seeing

if TYPE_CHECKING:
    from crisisroom.room.hearing import Ear

SHELL = "shell"  # how somebody came whom an SSH key names
AHEAD = timedelta(minutes=1)  # how far an event time may lie in the future: clocks differ


class Actor(msgspec.Struct, frozen=True):
    """Who acts: the name shown, the UNIX user behind it, and the fingerprint of an SSH key."""

    name: str
    uid: int | None = None
    via: str = ""
    key: str = ""

    @property
    def confined(self) -> bool:
        """Whether they came by an SSH key of the team: the room is theirs, its host is not."""
        return self.via == SHELL


CLAIM = timedelta(minutes=15)  # real time: in a drill a claim holds as long as it would at night
FASTEST = 1e-3  # real seconds a second of the room takes at least, where claims are concerned


class Scene(msgspec.Struct, frozen=True):
    """What a decision may look at besides the incident: when, who, and under which settings."""

    now: datetime
    actor: str
    config: RoomConfig
    claim: timedelta = CLAIM  # how long a claim holds, on the room's clock

    @property
    def solo(self) -> bool:
        """Whether the room has no team: then its one person may approve, and is shown to."""
        return not self.config.team


class Acted(msgspec.Struct, frozen=True):
    """What an act came to: the incident after it, the entries it left, and what it made.

    Where there was nothing to do, `changed` is false and the entry is the newest there was.
    """

    incident: Incident
    entries: tuple[Entry, ...]
    thing: Any = None
    changed: bool = True
    followed: tuple[Entry, ...] = ()  # what the plan's rules and clocks made of it
    replaced: tuple[Entry, ...] = ()  # what a colleague had just done to the same thing

    @property
    def entry(self) -> Entry:
        """Return the last entry the act left."""
        return self.entries[-1]


Decide = Callable[[Tx, Incident, Scene], Awaitable[Sequence[Draft]]]
PureDecide = Callable[[Incident, Scene], Sequence[Draft]]


class Room:
    """One open room, seen by one person."""

    def __init__(self, store: Store, actor: Actor, config: RoomConfig) -> None:
        self.store = Seeing(store, Reader(self))
        self.actor = actor
        self.config = config
        self._read_from: str | None = None  # what `config` was made of
        self._ear: Ear | None = None
        self.attention: Attention | None = None  # what the person saw, where a screen says so

    @classmethod
    async def open(cls, address: str, *, actor: Actor, clock: Clock, create: bool = True) -> Room:
        """Open the room at a file or on a server; Refused or Unavailable says why it cannot be."""
        store = await Store.open(address, clock, create=create)
        room = cls(store, actor, RoomConfig())
        try:
            await room._settle(create=create)
        except BaseException:
            await store.close()
            raise
        return room

    async def _settle(self, *, create: bool) -> None:
        known = await self.store.read(lambda tx: kept.get(tx, "opened"))
        if not known:
            if not create:
                hint = "crisisroom declare TITLE begins one; crisisroom room move brings one"
                raise Refused("no-room", f"no room was begun at {self.address} yet", hint)
            await self.store.write(self._found)
        await self.reload()

    async def _found(self, tx: Tx) -> None:
        if await kept.get(tx, "opened"):
            return
        await log.open_room_chain(tx)
        opened = Draft(kind="room.opened", text="opened the room", data={"schema": 1})
        await log.append(tx, ROOM, [opened], self.author(), self.clock.now())
        await kept.put(tx, "opened", "1")

    @property
    def clock(self) -> Clock:
        """Return the clock that all of the room's times come from."""
        return self.store.clock

    @property
    def ear(self) -> Ear:
        """Return the watched terms of the settings in force."""
        if self._ear is None or not self._ear.of(self.config):
            from crisisroom.room.hearing import Ear  # for who takes posts in

            self._ear = Ear(self.config)
        return self._ear

    @property
    def address(self) -> str:
        """Return where the room lies, a password left out."""
        return self.store.label

    def as_actor(self, actor: Actor) -> Room:
        """Return the same room seen by somebody else."""
        other = Room(self.store.under, actor, self.config)
        other._read_from = self._read_from
        if self.store.machine:
            other.store = self.store
        return other

    def attending(self, attention: Attention) -> Room:
        """Return the same room for acts of which it is known what the person saw."""
        other = self.as_actor(self.actor)
        other.store, other.attention = self.store, attention
        return other

    def for_machine(self) -> Room:
        """Return the same room as what works by itself has it: it sees and may everything."""
        other = self.as_actor(self.actor)
        other.store = Seeing(self.store.under, None)
        return other

    def whole(self) -> Room:
        """Return the same room with nothing kept back, for what has to hold for all that is in it.

        Who may only read may still change nothing. What is told of it is for `kept_back` to check.
        """
        other = self.as_actor(self.actor)
        if not self.store.machine:
            other.store = Seeing(self.store.under, Reader(other), whole=True)
        return other

    async def kept_back(self) -> frozenset[str]:
        """Return the ids of the incidents that are not for this person: `INC-7`."""
        return await self.store.kept_back()

    async def reload(self) -> None:
        """Read the room's settings anew."""
        await self.store.read(self.refresh)

    async def refresh(self, tx: Tx) -> None:
        """Read the settings anew if they changed: decisions go by those of this transaction."""
        text = await kept.get(tx, "config")
        if text != self._read_from:
            self.config = room_from(msgspec.json.decode(text)) if text else RoomConfig()
            self._read_from = text

    @property
    def told(self) -> int:
        """Return how many entries this person wrote through this room since it was opened."""
        return self.store.under.written[self.actor.name]

    async def close(self) -> None:
        """Close the room."""
        await self.store.close()

    async def __aenter__(self) -> Room:
        return self

    async def __aexit__(self, *unused: object) -> None:
        await self.close()

    def changes(self, after: int | None = None) -> AsyncIterator[tuple[Change, ...]]:
        """Yield what changes in the room, one's own acts included, in batches."""
        return self.store.changes(after)

    def author(self, state: Incident | None = None) -> log.Author:
        """Return how this person signs entries: with the role held in the incident, if any."""
        held = state.holds(self.actor.name) if state else ()
        lent = self.actor.uid if self.actor.via == "as" else None
        return log.Author(self.actor.name, held[0] if held else "", uid=lent, key=self.actor.key)

    def scene(self) -> Scene:
        """Return what decisions look at."""
        pace = max(self.clock.real(1.0), FASTEST)
        return Scene(self.clock.now(), self.actor.name, self.config, CLAIM / pace)

    async def act(self, inc: str, decide: PureDecide, *, command_id: str = "") -> Acted:
        """Act on an incident by what `decide` says of its state at that moment."""

        async def deciding(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            return decide(state, scene)

        return await self.act_in(inc, deciding, command_id=command_id)

    async def act_in(self, inc: str, decide: Decide, *, command_id: str = "") -> Acted:
        """Act on an incident, with the transaction at hand for what lies outside the log."""
        return await overtaking.meant(self, lambda: self._act_in(inc, decide, command_id))

    async def _act_in(self, inc: str, decide: Decide, command_id: str) -> Acted:
        async def work(tx: Tx) -> Acted:
            if command_id and (before := await kept.outcome(tx, command_id)):
                return await self._again(tx, before)
            chain = await self.chain_of(tx, inc, self.store.states)
            state = await log.state(tx, chain, self.store.states)
            assert state is not None
            await self.refresh(tx)
            await self.catch_up(tx, state)
            state = self.store.states[chain]
            drafts = await self._decided(tx, state, decide)
            replaced = await overtaking.check(tx, self, state, drafts)
            acted = await self._record(tx, state, drafts, command_id)
            incident = await log.as_seen(tx, acted.incident)
            return msgspec.structs.replace(acted, incident=incident, replaced=replaced)

        return await self.store.write(work)

    async def _decided(self, tx: Tx, state: Incident, decide: Decide) -> Sequence[Draft]:
        """Return what an act comes to; a refusal says which colleague was first, if one was."""
        seen, scene = await log.as_seen(tx, state, bare=False), self.scene()
        try:
            await refuse_unseen(tx, state, seen, lambda bare: decide(tx, bare, scene))
            return await decide(tx, seen, scene)
        except Refused as refused:
            told = await overtaking.explained(tx, self, state, decide, scene, refused)
            if told is refused:
                raise
            raise told from refused

    async def catch_up(self, tx: Tx, state: Incident) -> tuple[Entry, ...]:
        """Write down what the incident's clocks owe by now, each at the second it was due."""
        written = await self.follow(tx, state, state)
        self.store.states.setdefault(state.uid, state)
        return written

    async def follow(self, tx: Tx, before: Incident | None, state: Incident) -> tuple[Entry, ...]:
        """Write what the plan's rules and clocks make of a change, until nothing more follows.

        Refused for a plan that nobody can follow: no check of ours let it through.
        """
        now, start, written = self.clock.now(), state, list[Entry]()
        while True:
            drafts = _next_of(before, state, now)
            before = state
            if not drafts:
                break
            for entry in await log.append(tx, state.uid, drafts, log.Author(MACHINE), now):
                state = apply(state, entry)
                written.append(entry)
        if written:
            await log.project(tx, start, state)
            self.store.states[state.uid] = state
        return tuple(written)

    async def _again(self, tx: Tx, before: kept.Outcome) -> Acted:
        state = await log.state(tx, before.chain, self.store.states)
        if state is None:
            raise Refused("used-id", "this command id was used for another act of the room")
        count = before.last - before.first + 1
        return Acted(state, await log.entries(tx, before.chain, before.first - 1, count))

    async def _record(
        self, tx: Tx, state: Incident, drafts: Sequence[Draft], command_id: str
    ) -> Acted:
        now = self.clock.now()
        for draft in drafts:
            if draft.at is not None and draft.at > now + AHEAD:
                raise Refused(
                    "future", "that time lies in the future", "times are when it happened"
                )
        if not drafts:
            newest = await log.entries(tx, state.uid, state.seq - 1)
            return Acted(state, newest, changed=False)
        written = await log.append(tx, state.uid, drafts, self.author(state), now)
        after = state
        for entry in written:
            after = apply(after, entry)
        await log.project(tx, state, after)
        self.store.states[state.uid] = after
        if command_id:
            came_to = kept.Outcome(state.uid, written[0].seq, written[-1].seq)
            await kept.remember(tx, command_id, now, came_to)
        followed = await self.follow(tx, state, after)
        return Acted(self.store.states[state.uid], written, followed=followed)

    async def chain_of(self, tx: Tx, inc: str, cache: dict[str, Incident]) -> str:
        """Return the chain of `INC-7`, or of the only open incident; Usage where that fails."""
        if inc:
            return await self._named(tx, inc)
        known = [await log.state(tx, chain, cache) for chain, _ in await log.chains(tx)]
        open_ones = [state for state in known if state and state.status == "open"]
        if len(open_ones) == 1:
            return open_ones[0].uid
        if not open_ones:
            raise Usage("no-incident", "no incident is open", "crisisroom declare TITLE opens one")
        names = ", ".join(f"{state.id} {state.title}" for state in open_ones)
        raise Usage("which-incident", f"several incidents are open: {names}", "name one: INC-n")

    async def _named(self, tx: Tx, inc: str) -> str:
        number = numbered(inc, "INC-")
        chain = await log.chain_of(tx, number) if number is not None else None
        if chain is None:
            raise Usage("unknown-incident", f"there is no incident {inc}", "crisisroom incidents")
        return chain


def _next_of(before: Incident | None, state: Incident, now: datetime) -> Sequence[Draft]:
    """Return what rules make of a change, else the first entry that clocks owe, else nothing."""
    try:
        drafts = consequences(before, state) if before is not state else ()
        owed = None if drafts else next_fire(state, now)
    except log.UNREADABLE as error:
        message = f"the plan of {state.id} cannot be followed: it was not made by this program"
        raise Refused("damaged", message, "playbook check names what is wrong in a file") from error
    return (owed,) if owed else drafts


__all__ = ["Acted", "Actor", "Change", "Room", "Scene"]
