"""A turn at the watcher's job, for a verb that cannot wait for a watcher."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from crisisroom.room import Room
from crisisroom.store import leases
from crisisroom.store.leases import Lease
from crisisroom.tasks import spawn
from crisisroom.watch.lease import BEAT, LEASE, TTL


@asynccontextmanager
async def turn(room: Room, what: str) -> AsyncIterator[Lease | None]:
    """Hold the watcher's lease, with its heartbeat; None while somebody else does."""
    who = f"{what}-{os.getpid()}"
    lease = await room.store.write(
        lambda tx: leases.acquire(tx, LEASE, who, room.clock, TTL), durable=False
    )
    if lease is None:
        yield None
        return
    beating = spawn(_beat(room, lease), name=f"{what}-beat", on_error=_stop_beating)
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
    """Leave it at that: the next step checks the lease and sees that it is lost."""
