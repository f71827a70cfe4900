"""Sending at once, where nobody watches: the outbox's work for as long as one text needs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from crisisroom.fetch import Fetcher
from crisisroom.room import Room
from crisisroom.store import leases
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.tasks import spawn
from crisisroom.watch.lease import BEAT, LEASE, TTL
from crisisroom.watch.outbox import Outbox
from crisisroom.watch.ways import Ways

PAUSE = 0.25  # seconds between two looks at what is on its way


async def sending_now(room: Room, settled: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Work the outbox until `settled` or for so many seconds; false where a watcher does it.

    Raises Refused when an account's token cannot be had; what was released stays released.
    """
    until = room.clock.monotonic() + seconds
    async with _turn(room) as lease, Fetcher() as fetch:
        if lease is None:
            return False
        outbox = Outbox(room, fetch, Ways(room).channel, lease)
        try:
            while not await settled() and room.clock.monotonic() < until:
                if not await outbox.work():
                    await room.clock.sleep(PAUSE)
        except LeaseLost:
            return False
    return True


@asynccontextmanager
async def _turn(room: Room) -> AsyncIterator[Lease | None]:
    """Hold the watcher's lease, with its heartbeat; None while somebody else does."""
    who = f"send-{os.getpid()}"
    lease = await room.store.write(
        lambda tx: leases.acquire(tx, LEASE, who, room.clock, TTL), durable=False
    )
    if lease is None:
        yield None
        return
    beating = spawn(_beat(room, lease), name="send-beat", on_error=_stop_beating)
    try:
        yield lease
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        await room.store.write(lambda tx: leases.release(tx, lease), durable=False)


async def _beat(room: Room, lease: Lease) -> None:
    while True:
        await asyncio.sleep(BEAT)
        await room.store.write(lambda tx: leases.beat(tx, lease, room.clock), durable=False)


def _stop_beating(name: str, error: BaseException) -> None:
    """Leave it at that: the next step of the outbox checks the lease and sees that it is lost."""
