"""Playing a script: by the drill's clock, with the outbox and the clocks working beside it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from crisisroom.clock import Clock
from crisisroom.core.playbook import Playbook
from crisisroom.room import Room
from crisisroom.store import Tx, leases
from crisisroom.store import sources as rows
from crisisroom.watch.analysis import Analysis
from crisisroom.watch.late import note_late
from crisisroom.watch.lease import LEASE as WATCH
from crisisroom.watch.outbox import Outbox

TICK = 15.0  # seconds of the story between two looks at clocks and sources
TTL = 60.0  # real seconds: the drill does the watcher's work itself, look after look


class Beat(msgspec.Struct, frozen=True):
    """Something that happens: at which second of the story, and what."""

    second: float
    act: Callable[[], Awaitable[object]]
    said: str = ""  # what a person hears of it, where the timeline does not say so


class Play:
    """One performance in one room: the script's beats, and the watcher's work between them.

    What comes in becomes stories and early warnings; `plans` say which words are a risk.

    Between two beats it looks at clocks and outbox every `tick` seconds of the story, and awaits
    `beside`, for what has to be done in a drill besides.
    """

    def __init__(
        self,
        room: Room,
        outbox: Outbox,
        start: datetime,
        sources: Sequence[str],
        tick: float = TICK,
        beside: Callable[[], Awaitable[object]] | None = None,
        plans: Sequence[Playbook] = (),
    ) -> None:
        self._room = room
        self._analysis = Analysis(room, None, lambda: plans)
        self._ready = False
        self._outbox = outbox
        self._start = start
        self._sources = sources
        self._tick_every = tick
        self._beside = beside

    async def run(
        self, beats: Sequence[Beat], heard: Callable[[Beat], Awaitable[object]] | None = None
    ) -> None:
        """Play all beats in their order; `heard` is awaited with every one that is over."""
        for beat in beats:
            await self.until(beat.second)
            await beat.act()
            await self._listen()
            await self._outbox.work()
            if heard:
                await heard(beat)

    async def until(self, second: float) -> None:
        """Go on to a second of the story, with clocks and outbox at work."""
        while self.second + self._tick_every < second:
            await self._sleep(self.second + self._tick_every)
            await self.tick()
        await self._sleep(second)
        await self.tick()

    @property
    def second(self) -> float:
        """Return how many seconds of the story are over."""
        return (self._clock.now() - self._start).total_seconds()

    async def _sleep(self, second: float) -> None:
        left = second - self.second
        if left > 0:
            await self._clock.sleep(left)
        else:
            await asyncio.sleep(0)

    @property
    def _clock(self) -> Clock:
        return self._room.clock

    async def tick(self) -> None:
        """Do the watcher's work once: what clocks leave behind, what waits to go out."""
        await note_late(self._room)
        await self._listen()
        if self._beside:
            await self._beside()
        await self._outbox.work()
        await self._room.store.write(self._all_is_well, durable=False)

    async def _listen(self) -> None:
        """Make stories and early warnings of what came in."""
        if not self._ready:
            await self._analysis.ready()
            self._ready = True
        await self._analysis.finish()

    async def _all_is_well(self, tx: Tx) -> None:
        """Hold the watcher's lease, so that screens see who listens and start nobody else."""
        now = self._clock.now()
        await leases.acquire(tx, WATCH, f"drill-{os.getpid()}", self._clock, TTL)
        for name in self._sources:
            row = rows.SourceRow(id=name, last_ok_at=now, last_try_at=now)
            await rows.put(tx, row)

    async def linger(self, over: Callable[[], bool]) -> None:
        """Keep clocks and outbox working after the script's end, until it is over."""
        while not over():
            await self.tick()
            await asyncio.sleep(0.5)
