"""A watcher for tests, and waiting for what it does."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from room.people import as_
from watch.fakes import until

from crisisroom.clock import ManualClock
from crisisroom.logbook import Logbook
from crisisroom.room import Room, reading
from crisisroom.store import Tx, leases
from crisisroom.watch.lease import LEASE, MEMBER, TTL
from crisisroom.watch.watcher import Watcher


def watcher(room: Room, clock: ManualClock, *, with_screens: bool = False) -> Watcher:
    """Return a watcher of this room."""
    log = Logbook.usual(clock, "watch")
    return Watcher(as_(room, "watch"), log, with_screens=with_screens)


def log() -> str:
    """Return what the watcher wrote into its log."""
    file = Path(os.environ["XDG_STATE_HOME"]) / "crisisroom" / "watch.log"
    return file.read_text() if file.exists() else ""


async def count_is(room: Room, number: int) -> None:
    """Wait until so many mentions are in the room."""

    async def reached() -> bool:
        return await reading.count(room) >= number

    await until(reached)


async def source_is(room: Room, id_: str, state: str) -> None:
    """Wait until a source is in a state."""

    async def reached() -> bool:
        known = (await reading.status(room)).sources
        return any(one.id == id_ and one.state == state for one in known)

    await until(reached)


def watched(room: Room) -> Callable[[], Awaitable[bool]]:
    """Return what tells whether anybody watches."""

    async def known() -> bool:
        return (await reading.status(room)).watcher is not None

    return known


async def passes(room: Room, clock: ManualClock, seconds: float) -> None:
    """Let time pass, and the watcher look around whole before and after it."""
    for advance in (0.001, seconds, 0.001):
        clock.advance(advance)
        await until(lambda: beaten(room, clock))


async def beaten(room: Room, clock: ManualClock) -> bool:
    known = (await reading.status(room)).watcher
    return known is not None and known.since == clock.now()


async def held_elsewhere(room: Room, clock: ManualClock) -> None:
    """Let somebody on another host hold the job."""

    async def work(tx: Tx) -> None:
        await leases.acquire(tx, LEASE, "other", clock, TTL)
        await tx.run("UPDATE lease SET host = 'elsewhere', boot = boot || 'elsewhere'")

    await room.store.write(work)


async def passes_held(room: Room, clock: ManualClock) -> None:
    """Let whoever holds the job elsewhere give a sign of life now."""
    beat = clock.monotonic()
    await room.store.write(lambda tx: tx.run("UPDATE lease SET beat = ?", (beat,)))


def member(room: Room) -> Callable[[], Awaitable[bool]]:
    """Return what tells whether any watcher lives, the leader or not."""

    async def known() -> bool:
        return bool(await room.store.read(lambda tx: leases.held(tx, room.clock, MEMBER)))

    return known
