"""Sending at once, where nobody watches: the outbox's work for as long as one text needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crisisroom.fetch import Fetcher
from crisisroom.room import Room
from crisisroom.store.leases import LeaseLost
from crisisroom.watch.outbox import Outbox
from crisisroom.watch.turn import turn
from crisisroom.watch.ways import Ways

PAUSE = 0.25  # seconds between two looks at what is on its way


async def sending_now(room: Room, settled: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Work the outbox until `settled` or for so many seconds; false where a watcher does it.

    Raises Refused when an account's token cannot be had; what was released stays released.
    """
    until = room.clock.monotonic() + seconds
    async with turn(room, "send") as lease, Fetcher() as fetch:
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
