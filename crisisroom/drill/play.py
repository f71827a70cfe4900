"""Playing a script: by the drill's clock, with the outbox and the clocks working beside it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import datetime

from crisisroom.clock import Clock, ManualClock
from crisisroom.drill.script import Step
from crisisroom.drill.stage import SOURCES, Stage
from crisisroom.room import Room
from crisisroom.store import Tx, leases
from crisisroom.store import sources as rows
from crisisroom.watch.late import note_late
from crisisroom.watch.lease import LEASE as WATCH
from crisisroom.watch.outbox import Outbox

TICK = 15.0  # seconds of the story between two looks at clocks and sources
TTL = 600.0  # seconds of the story: the drill does the watcher's work itself


class Play:
    """One performance of a script in one room."""

    def __init__(self, room: Room, stage: Stage, outbox: Outbox, start: datetime) -> None:
        self._room = room
        self._stage = stage
        self._outbox = outbox
        self._start = start

    async def run(self, steps: list[Step], heard: Callable[[], None] | None = None) -> None:
        """Play to the end; `heard` is called after every step."""
        await self._take_the_watch()
        ticked = 0.0
        for step in steps:
            while ticked + TICK < step.second:
                ticked += TICK
                await self._until(ticked)
                await self._tick()
            await self._until(step.second)
            await self._stage.attempt(lambda step=step: step.act(self._stage))  # type: ignore[misc]
            await self._outbox.work()
            if heard:
                heard()
        await self._tick()

    async def _until(self, second: float) -> None:
        elapsed = (self._clock.now() - self._start).total_seconds()
        if second > elapsed:
            await self._clock.sleep(second - elapsed)
        elif not isinstance(self._clock, ManualClock):
            await asyncio.sleep(0)

    @property
    def _clock(self) -> Clock:
        return self._room.clock

    async def _take_the_watch(self) -> None:
        """Hold the watcher's lease, so that screens see who listens and start nobody else."""
        now, who = self._clock.now(), f"drill-{os.getpid()}"
        await self._room.store.write(
            lambda tx: leases.acquire(tx, WATCH, who, now, TTL), durable=False
        )

    async def _tick(self) -> None:
        await note_late(self._room)
        await self._outbox.work()
        await self._room.store.write(self._sources_are_well, durable=False)

    async def _sources_are_well(self, tx: Tx) -> None:
        now = self._clock.now()
        await leases.acquire(tx, WATCH, f"drill-{os.getpid()}", now, TTL)
        for name in SOURCES:
            row = rows.SourceRow(id=name, last_ok_at=now, last_try_at=now)
            await rows.put(tx, row)

    async def linger(self, over: Callable[[], bool]) -> None:
        """Keep clocks and outbox working after the script's end, until it is over."""
        while not over():
            await self._tick()
            await asyncio.sleep(0.5)
