"""Which version of the program each screen and watcher runs: told of by `doctor`."""

from __future__ import annotations

import contextlib

from crisisroom.core.errors import Refused
from crisisroom.room import Room
from crisisroom.store import programs
from crisisroom.store.processes import proven_dead
from crisisroom.store.programs import Running


async def begun(room: Room, part: str, version: str) -> None:
    """Note that this process works on the room, as `watch` or `screen`; not one that looks on."""
    if room.store.looks_on:
        return
    now = room.clock.now()
    await room.store.write(
        lambda tx: programs.begun(tx, part, version, now), durable=False, own=True
    )


async def ended(room: Room) -> None:
    """Note that this process ends; where that cannot be written, its death will show."""
    with contextlib.suppress(Refused):
        await room.store.write(programs.ended, durable=False, own=True)


async def running(room: Room) -> tuple[Running, ...]:
    """Return what runs as far as anybody knows, the longest running first."""
    known = await room.store.read(programs.running)
    return tuple(one for one in known if not proven_dead(one.host, one.pid, one.started))
