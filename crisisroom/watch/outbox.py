"""The outbox: sends what a person released, at most once.

Channels work side by side, each one text after the other. `sending` with its key, first try and
count is on disk before the first byte goes out. Whoever finds a `sending` that nobody works on
looks the thread up before any further try; what stays in doubt becomes `unknown`, and a person
decides. While words are stopped nothing begins; looking, and taking back, go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from crisisroom.channels import Channel, Limits, SendFailure
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.incident import Incident
from crisisroom.room import Room
from crisisroom.room.sending import owner
from crisisroom.room.waiting import Ability, able_in, held, paced_of, stopped_words
from crisisroom.store import Tx, abilities, log
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.tasks import spawn
from crisisroom.watch.clerk import Clerk
from crisisroom.watch.deliver import Delivery
from crisisroom.watch.recovery import Recovery
from crisisroom.watch.retracting import Retracting
from crisisroom.watch.way import Way, ways_of

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

UNREACHED = timedelta(seconds=15)  # until a network that did not answer is asked again
FAULTY = timedelta(minutes=1)  # until a channel is used again after a fault of the program
SIDE_BY_SIDE = 8  # channels at work at once
IN_A_ROW = 25  # texts of one channel, until it is looked at anew which goes first
LOOK = 1.0  # seconds: how soon a channel with nothing to do hears of new words beside a slow one
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
        self._fetch = fetch
        self._channels = channels
        self._on_fault = on_fault
        self._rests: dict[str, datetime] = {}  # by key: until when this process leaves it alone
        self._closed: dict[str, datetime] = {}  # the same of whole channels
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
                moved, lanes = await _moved(lanes)
                steps += moved
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
            self._closed[name.removeprefix("outbox ")] = self._now() + FAULTY

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
        return {name: list(_in_a_row(ways)) for name, ways in due.items()}

    def _may(self, way: Way, seen: Seen) -> bool:
        """Tell whether anything can be done now for words on their way."""
        now, send = self._now(), way.send
        rests = (self._rests.get(send.key), self._closed.get(way.lane), send.not_before)
        if any(at is not None and at > now for at in rests):
            return False
        if send.state != "queued":
            return True
        if held(way.incident, way.words, seen.stopped):
            return False
        able = None if way.incident.drill else seen.able.get(send.channel)
        asked = able.wait_until if able else None
        paced = seen.paced.get(way.lane) if way.words.bulk else None
        return not any(at is not None and at > now for at in (asked, paced))

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
        steps = 0
        for way in ways:
            channel = await self._made(way, ways)
            if channel is None:
                break
            if way.send.state == "queued" and not await self._open(way, channel, ways):
                break
            steps += await self.step(way, channel)
        return steps

    async def step(self, way: Way, channel: Channel) -> int:
        """Take one step for one text; returns how many that came to."""
        if way.send.state == "retracting":
            return await self._retracting.take_back(way, channel)
        if way.send.state == "sending":
            return await self._recovery.go_on(way, channel)
        await self._delivery.attempt(way, channel)
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
            return await asyncio.to_thread(self._channels, way.incident, way.send.channel)
        except Refused as refusal:
            await self._shut(way, ways, refusal.message)
            if self._on_fault is None:
                raise
            return None

    async def _shut(self, way: Way, ways: Iterable[Way], why: str) -> None:
        """Leave a channel alone for a while, and say at each text that waits for it why it does."""
        self._closed[way.lane] = self._now() + UNREACHED
        for one in ways:
            if one.send.state == "queued" and one.send.reason != why:
                await self._clerk.note(one, "queued", f"{one.words.id} waits: {why}", why)

    async def _learn(self, way: Way, channel: Channel) -> None:
        """Keep what the network says it takes, and how long it wants to be left alone."""
        if way.incident.drill or channel.kind == "stand-in":
            return
        name, before = way.send.channel, self._learnt.get(way.send.channel)
        able = _ability(channel, before, self._now())
        if able != before:
            body, now = msgspec.json.encode(able), self._now()
            await self._room.store.write(
                lambda tx: abilities.save(tx, name, body, now), durable=False
            )
            self._learnt[name] = able

    def _now(self) -> datetime:
        return self._room.clock.now()


async def _moved(lanes: set[asyncio.Task[int]]) -> tuple[int, set[asyncio.Task[int]]]:
    """Wait until a channel took a step or failed, or a little; returns the steps, and the rest.

    A channel that ended without a step would only end so again.
    """
    steps = 0
    while lanes and not steps:
        done, lanes = await asyncio.wait(lanes, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        steps += sum(one.result() for one in done if one.exception() is None)
        if not done or any(one.exception() for one in done):
            break
    return steps, lanes


def _ability(channel: Channel, before: Ability | None, now: datetime) -> Ability:
    """Return what is known of a channel; a time to wait until that only drifts stays as it was."""
    until = now + timedelta(seconds=channel.wait) if channel.wait > 0 else None
    kept = before.wait_until if before else None
    if until is None or (kept and abs(until - kept) < timedelta(seconds=1)):
        until = kept
    limits = {name: getattr(channel.limits, name) for name in Limits.__struct_fields__}
    return Ability(**limits, repeats=channel.repeats, wait_until=until)


def _in_a_row(ways: Iterable[Way]) -> Iterator[Way]:
    """Yield what one turn takes: of an answer to many only one text, for those are paced."""
    many = 0
    for number, way in enumerate(ways):
        if number == IN_A_ROW:
            return
        if way.words.bulk and way.send.state == "queued":
            many += 1
        if many < 2:
            yield way


def _raise_final(faults: Iterable[tuple[str, BaseException]]) -> None:
    """Raise at once what makes it senseless to go on with the other channels."""
    for _, error in faults:
        if isinstance(error, LeaseLost | Unavailable) or not isinstance(error, Exception):
            raise error
