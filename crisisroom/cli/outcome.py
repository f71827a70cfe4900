"""Waiting for what a released text comes to, sending it ourselves where no watcher does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Send
from crisisroom.room import Room, reading
from crisisroom.room.words import words_of

Settled = Callable[[], Awaitable[bool]]

PATIENCE = 90.0  # seconds until a person is told that it is still on its way
LOOK = 0.25  # seconds between looks at what the watcher does with it


async def followed(room: Room, inc: str, words_id: str, channel: str) -> Send:
    """Return the way of a text once it has an outcome, or as it stands after PATIENCE.

    Raises Refused when there is no token to send it with; it stays released then.
    """

    async def settled() -> bool:
        return (await _way(room, inc, words_id, channel)).state not in ("queued", "sending")

    until = room.clock.monotonic() + PATIENCE
    while not await settled() and (left := until - room.clock.monotonic()) > 0:
        if (await reading.status(room)).watcher is None:
            await _send(room, words_id, settled, left)
        else:
            await room.clock.sleep(LOOK)
    return await _way(room, inc, words_id, channel)


async def _send(room: Room, words_id: str, settled: Settled, seconds: float) -> None:
    from crisisroom.watch.now import sending_now

    try:
        await sending_now(room, settled, seconds)
    except Refused as refusal:
        message = f"{words_id} waits in the outbox: {refusal.message}"
        raise Refused(refusal.code, message, refusal.hint) from refusal


async def _way(room: Room, inc: str, words_id: str, channel: str) -> Send:
    incident = await reading.incident(room, inc)
    return words_of(incident, words_id).sends[channel]
