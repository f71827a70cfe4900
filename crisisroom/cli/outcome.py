"""Waiting for what a released text comes to, sending it ourselves where no watcher does."""

from __future__ import annotations

import asyncio

from crisisroom.core.incident import Send
from crisisroom.room import Room, reading
from crisisroom.room.words import words_of

PATIENCE = 60.0  # seconds until a person is told that it is still on its way
LOOK = 1.0  # seconds between looks, in case a wake-up was missed


async def followed(room: Room, inc: str, words_id: str, channel: str) -> Send:
    """Return the way of a text once it has an outcome, or as it stands after PATIENCE."""

    async def settled() -> bool:
        return (await _way(room, inc, words_id, channel)).state not in ("queued", "sending")

    until = room.clock.monotonic() + PATIENCE
    while not await settled() and (left := until - room.clock.monotonic()) > 0:
        if (await reading.status(room)).watcher is None:
            from crisisroom.watch.now import sending_now

            await sending_now(room, settled, left)
        else:
            await _changed(room)
    return await _way(room, inc, words_id, channel)


async def _way(room: Room, inc: str, words_id: str, channel: str) -> Send:
    incident = await reading.incident(room, inc)
    return words_of(incident, words_id).sends[channel]


async def _changed(room: Room) -> None:
    """Wait for the next change, or a moment."""
    try:
        async with asyncio.timeout(LOOK):
            async for _ in room.changes():
                return
    except TimeoutError:
        return
