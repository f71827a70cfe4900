"""Telling people at once, where nobody watches: the notifier's work for as long as it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crisisroom.fetch import Fetcher
from crisisroom.room import Room
from crisisroom.watch.notifying import Notifier
from crisisroom.watch.turn import turn

PAUSE = 0.25  # seconds between two looks


async def telling_now(room: Room, settled: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Tell what is due until `settled`, or for so many seconds; false where that did not come.

    Where a watcher lives it does the work, and this waits for it.
    """
    until = room.clock.monotonic() + seconds
    machine = room.for_machine()
    async with turn(machine, "notify") as lease, Fetcher() as fetch:
        notifier = Notifier(machine, fetch, lease) if lease else None
        while not await settled():
            if room.clock.monotonic() >= until:
                return False
            if notifier is not None:
                await notifier.work()
            await room.clock.sleep(PAUSE)
    return True
