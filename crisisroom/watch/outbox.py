"""The outbox: sends what a person released, at most once.

Channels work side by side, each one text after the other. `sending` with its key, first try and
count is on disk before the first byte goes out. Whoever finds a `sending` that nobody works on
looks the thread up before any further try; what stays in doubt becomes `unknown`, and a person
decides. While words are stopped nothing begins; looking, and taking back, go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from crisisroom.channels import Channel, SendFailure
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.incident import Incident
from crisisroom.room import Room
from crisisroom.room.sending import owner
from crisisroom.room.waiting import (
    GRACE,
    PACE,
    Ability,
    able_in,
    ahead,
    held,
    paced_of,
    stopped_words,
)
from crisisroom.store import Tx, abilities, log
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.tasks import spawn
from crisisroom.watch.clerk import Clerk
from crisisroom.watch.deliver import Delivery
from crisisroom.watch.lanes import ability_of, in_a_row, moved
from crisisroom.watch.leased import under
from crisisroom.watch.recovery import Recovery
from crisisroom.watch.rests import Rests
from crisisroom.watch.retracting import Retracting
from crisisroom.watch.way import Way, ways_of

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

UNREACHED = timedelta(seconds=15)  # until a network that did not answer is asked again
FAULTY = timedelta(minutes=1)  # until a channel is used again after a fault of the program
REWORDED = timedelta(minutes=5)  # until another reason why words wait is worth an entry
SIDE_BY_SIDE = 8  # channels at work at once
ROUND = 20.0  # seconds after which `work` begins nothing new

Channels = Callable[[Incident, str], Channel | None]
OnFault = Callable[[str, BaseException], None]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done in the whole room, and what keeps it from being done."""

    ways: tuple[Way, ...]
    stopped: str
    able: dict[str, Ability]
    paced: dict[str, datetime]


class Outbox:
    """Works through what is queued, and through what a crash left half done.

    A fault in a channel's own code goes to `on_fault`, and rests that channel alone; without it,
    the fault is raised once the other channels had their turn.
    """

    def __init__(
        self,
        room: Room,
        fetch: Fetcher,
        channels: Channels,
        lease: Lease | None = None,
        on_fault: OnFault | None = None,
    ) -> None:
        self._room = room
        self._fetch = fetch = under(fetch, room, lease)
        self._channels = channels
        self._on_fault = on_fault
        self._rests = Rests(room.clock)  # by key
        self._closed = Rests(room.clock)  # whole channels
        self._busy: set[str] = set()
        self._learnt: dict[str, Ability] = {}
        self._clerk = Clerk(room, lease, owner())
        self._delivery = Delivery(self._clerk, fetch, self._rests)
        self._recovery = Recovery(self._clerk, fetch, self._rests)
        self._retracting = Retracting(self._clerk, fetch, self._rests)

    async def work(self) -> int:
        """Take every step that can be taken now, a few in a row; returns how many were.

        Each channel gets one turn, and more of them while another one is still at work.
        """
        steps, faults = 0, list[tuple[str, BaseException]]()
        lanes: set[asyncio.Task[int]] = set()
        until = self._room.clock.monotonic() + ROUND
        try:
            while True:
                if self._room.clock.monotonic() <= until:
                    lanes |= await self._lanes(SIDE_BY_SIDE - len(lanes), faults)
                taken, lanes = await moved(lanes)
                steps += taken
                _raise_final(faults)
                if not lanes:
                    break
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)
        self._report(faults)
        return steps

    async def _lanes(
        self, most: int, faults: list[tuple[str, BaseException]]
    ) -> set[asyncio.Task[int]]:
        def failed(name: str, error: BaseException) -> None:
            faults.append((name, error))
            self._closed.leave(name.removeprefix("outbox "), FAULTY)

        due = await self._due() if most > 0 else {}
        begun = set()
        for name, ways in list(due.items())[:most]:
            self._busy.add(name)
            lane = spawn(self._lane(ways), name=f"outbox {name}", on_error=failed)
            lane.add_done_callback(partial(self._idle, name))
            begun.add(lane)
        return begun

    def _idle(self, name: str, lane: asyncio.Task[int]) -> None:
        self._busy.discard(name)

    def _report(self, faults: list[tuple[str, BaseException]]) -> None:
        for name, error in faults:
            if self._on_fault is None:
                raise error
            self._on_fault(name, error)

    async def _due(self) -> dict[str, list[Way]]:
        """Return, by idle channel, what can be done there now, in its order."""
        seen = await self.look()
        due: dict[str, list[Way]] = {}
        for way in sorted(seen.ways, key=lambda one: one.rank):
            if way.lane not in self._busy and self._may(way, seen):
                due.setdefault(way.lane, []).append(way)
        return {name: list(in_a_row(ways)) for name, ways in due.items()}

    def _may(self, way: Way, seen: Seen) -> bool:
        """Tell whether anything can be done now for words on their way."""
        now, send = self._now(), way.send
        rests = self._rests.rests(send.key) or self._closed.rests(way.lane)
        if rests or ahead(send.not_before, now, send.at):
            return False
        if send.state != "queued":
            return True
        if held(way.incident, way.words, seen.stopped):
            return False
        able = None if way.incident.drill else seen.able.get(send.channel)
        if able and ahead(able.wait_until, now, able.heard_at):
            return False
        paced = seen.paced.get(way.lane) if way.words.bulk else None
        return not ahead(paced, now, paced and paced - PACE)

    async def look(self) -> Seen:
        """Read what is to be done, as of one moment."""

        async def work(tx: Tx) -> Seen:
            found = [
                await log.state(tx, chain, self._room.store.seen)
                for chain, _ in await log.chains(tx)
            ]
            states = [state for state in found if state is not None]
            return Seen(
                ways=tuple(way for state in states for way in ways_of(state)),
                stopped=await stopped_words(tx),
                able=await able_in(tx),
                paced=paced_of(states),
            )

        return await self._room.store.read(work)

    async def _lane(self, ways: list[Way]) -> int:
        """Take one channel's texts one after the other, until it wants to be left alone."""
        steps, until = 0, self._room.clock.monotonic() + ROUND
        for way in ways:
            channel = await self._made(way, ways)
            if channel is None:
                break
            if way.send.state == "queued" and not await self._open(way, channel, ways):
                break
            steps += await self.step(way, channel)
            if self._closed.rests(way.lane) or self._room.clock.monotonic() > until:
                break
        return steps

    async def step(self, way: Way, channel: Channel) -> int:
        """Take one step for one text; returns how many that came to."""
        if way.send.state == "retracting":
            return await self._retracting.take_back(way, channel)
        if way.send.state == "sending":
            return await self._recovery.go_on(way, channel)
        await self._delivery.attempt(way, channel)
        if self._rests.rests(way.send.key):  # in doubt: the next one would hardly fare better
            self._closed.leave(way.lane, GRACE)
        await self._learn(way, channel)
        return 1

    async def _open(self, way: Way, channel: Channel, ways: Iterable[Way]) -> bool:
        """Ask the network for its limits, once; where it cannot be reached, wait and say why."""
        try:
            await channel.prepare(self._fetch)
        except SendFailure as failure:
            await self._shut(way, ways, failure.message)
            return False
        await self._learn(way, channel)
        return channel.wait <= 0

    async def _made(self, way: Way, ways: Iterable[Way]) -> Channel | None:
        """Return a text's channel; where its token cannot be had, wait and say why."""
        try:  # beside the loop: a token may come from a command, which takes its time
            made = await asyncio.to_thread(self._channels, way.incident, way.send.channel)
        except Refused as refusal:
            await self._shut(way, ways, refusal.message)
            if self._on_fault is None:
                raise
            await self._strand(ways, refusal.message)
            return None
        if made is None:
            await self._strand(ways, f"no account is called {way.send.channel} any more")
        return made

    async def _strand(self, ways: Iterable[Way], why: str) -> None:
        """Say of what is half done that nobody can see to it any more; a person has to."""
        for one in ways:
            if one.send.state == "sending":
                await self._recovery.unreachable(one, why)
            elif one.send.state == "retracting":
                await self._retracting.unreachable(one, why)

    async def _shut(self, way: Way, ways: Iterable[Way], why: str) -> None:
        """Leave a channel alone for a while, and say at each text that waits for it why it does."""
        self._closed.leave(way.lane, UNREACHED)
        for one in ways:
            send = one.send
            told = send.reason and send.at and self._now() - send.at < REWORDED
            if send.state == "queued" and send.reason != why and not told:
                await self._clerk.note(one, "queued", f"{one.words.id} waits: {why}", why)

    async def _learn(self, way: Way, channel: Channel) -> None:
        """Keep what the network says it takes, and how long it wants to be left alone."""
        if way.incident.drill or channel.kind == "stand-in":
            return
        name, before = way.send.channel, self._learnt.get(way.send.channel)
        able = ability_of(channel, before, self._now())
        if able != before:
            body, now = msgspec.json.encode(able), self._now()
            await self._room.store.write(
                lambda tx: abilities.save(tx, name, body, now), durable=False
            )
            self._learnt[name] = able

    def _now(self) -> datetime:
        return self._room.clock.now()


def _raise_final(faults: Iterable[tuple[str, BaseException]]) -> None:
    """Raise at once what makes it senseless to go on with the other channels."""
    for _, error in faults:
        if isinstance(error, LeaseLost | Unavailable) or not isinstance(error, Exception):
            raise error
