"""How live watchers share a room's sources: fairly, and each source with one of them at a time.

Nobody hands out the work. Each watcher looks at all leases at each of its heartbeats, in a
transaction, and takes what is free up to its share, or gives back what others should have.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from crisisroom.core.errors import Refused
from crisisroom.room import Room
from crisisroom.store import Tx, leases
from crisisroom.store.leases import Lease
from crisisroom.watch.lease import LEASE, MEMBER, SOURCE, Pace, pace_for

ATTENDED = "watch-"  # what the names of watchers begin with that somebody runs for good
BY_SCREENS = "screens-"  # and of those that a screen started


@dataclass(frozen=True, slots=True)
class Held:
    """What a watcher holds after a heartbeat: the room's single jobs, and sources, by id.

    `give` are the sources among them that it should let others have; `others` are the live
    watchers beside it.
    """

    lead: Lease | None
    sources: Mapping[str, Lease]
    give: tuple[str, ...]
    others: tuple[str, ...]


class Sharing:
    """One watcher's part in it; `idle` says which sources may be given back right now."""

    def __init__(
        self, room: Room, idle: Callable[[str], bool], *, with_screens: bool = False
    ) -> None:
        self._room = room
        self._idle = idle
        begins = BY_SCREENS if with_screens else ATTENDED
        self.who = f"{begins}{os.getpid()}-{secrets.token_hex(3)}"

    @property
    def pace(self) -> Pace:
        """Return how fast this room's watchers have to be."""
        real = self._room.clock.real
        return pace_for(real(float(one.every)) for one in self._room.config.sources)

    async def join(self, *, alone: bool) -> None:
        """Become one of the room's watchers; with `alone`, Refused beside any other."""

        async def work(tx: Tx) -> None:
            if alone:
                await self._refuse_beside(tx)
            await self._take(tx, MEMBER + self.who)
            lead = await self._take(tx, LEASE)
            if alone and lead is None:
                raise _watched()

        await self._room.store.write(work, durable=False)

    async def _refuse_beside(self, tx: Tx) -> None:
        if await leases.held(tx, self._room.clock, MEMBER):
            raise _watched()

    async def _take(self, tx: Tx, name: str) -> Lease | None:
        return await leases.acquire(tx, name, self.who, self._room.clock, self.pace.ttl)

    async def beat(self, rests: Collection[str] = ()) -> Held:
        """Say that this watcher works, and take what is free and its share; not what `rests`."""
        return await self._room.store.write(lambda tx: self._beat(tx, rests), durable=False)

    async def _beat(self, tx: Tx, rests: Collection[str]) -> Held:
        clock = self._room.clock
        await self._keep(tx)
        wanted = [one.id for one in self._room.config.sources]
        known = await leases.held(tx, clock, LEASE, MEMBER, SOURCE)
        loads = {self.who: 0} | {one.holder: 0 for one in known if one.name.startswith(MEMBER)}
        held = {one.name: one for one in known}
        for name in wanted:
            if lease := held.get(SOURCE + name):
                loads[lease.holder] = loads.get(lease.holder, 0) + 1
        free = [name for name in wanted if SOURCE + name not in held]
        fit = [name for name in free if name not in rests or len(loads) == 1]
        for name in fit[: may_take(self.who, loads, len(free))]:
            if lease := await self._take(tx, SOURCE + name):
                held[lease.name] = lease
        return self._held(held, wanted, 0 if free else surplus(self.who, loads), loads)

    async def _keep(self, tx: Tx) -> None:
        """Beat for what this watcher holds, and take up what every watcher should try to have."""
        clock = self._room.clock
        kept = await leases.keep(tx, self.who, clock, self.pace.ttl)
        wanted = {SOURCE + one.id for one in self._room.config.sources}
        for lease in kept:
            if lease.name.startswith(SOURCE) and lease.name not in wanted:
                await leases.release(tx, lease)
        for name in {MEMBER + self.who, LEASE} - {one.name for one in kept}:
            await self._take(tx, name)
        await leases.bury(tx, clock, MEMBER)

    def _held(
        self, held: Mapping[str, Lease], wanted: list[str], over: int, loads: Mapping[str, int]
    ) -> Held:
        mine = {name: one for name, one in held.items() if one.holder == self.who}
        own = {name: mine[SOURCE + name] for name in wanted if SOURCE + name in mine}
        give = [name for name in own if self._idle(name)][:over]
        others = sorted(who for who in loads if who != self.who)
        return Held(mine.get(LEASE), own, tuple(give), tuple(others))

    async def give_back(self, lease: Lease) -> None:
        """Let others have a source."""
        await self._room.store.write(lambda tx: leases.release(tx, lease), durable=False)

    async def leave(self) -> None:
        """Give everything back."""

        async def work(tx: Tx) -> None:
            await leases.release_all(tx, self.who)
            await leases.bury(tx, self._room.clock, MEMBER)

        await self._room.store.write(work, durable=False)


def may_take(who: str, loads: Mapping[str, int], free: int) -> int:
    """Return how many of the free sources one may take: what others lack of theirs stays free."""
    least = (sum(loads.values()) + free) // len(loads)
    lacks = {name: max(0, least - load) for name, load in loads.items()}
    over = free - sum(lacks.values())
    one_more = over > 0 and loads[who] <= least
    return min(free, lacks[who] + one_more)


def surplus(who: str, loads: Mapping[str, int]) -> int:
    """Return how many sources one has too many, beside the one that has least."""
    return (loads[who] - min(loads.values())) // 2


def _watched() -> Refused:
    return Refused("watched", "another watcher does this room's work already")
