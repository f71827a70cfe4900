"""Commands that are given twice: what they came to, instead of doing it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from crisisroom.core.errors import Refused
from crisisroom.room import Room
from crisisroom.store import Tx, settings

Made = TypeVar("Made")


async def once(
    room: Room,
    command_id: str,
    work: Callable[[Tx], Awaitable[Made]],
    *,
    again: Callable[[Tx, str], Awaitable[Made]],
    thing: Callable[[Made], str],
) -> Made:
    """Do work outside an incident's chain in one transaction, once for a command id.

    `thing` names what was made; a repeat gets that name back, by `again`.
    """

    async def working(tx: Tx) -> Made:
        if command_id and (before := await settings.outcome(tx, command_id)):
            if before.chain:
                raise Refused("used-id", "this command id was used for another act of the room")
            return await again(tx, before.thing)
        made = await work(tx)
        if command_id:
            came_to = settings.Outcome("", 0, 0, thing(made))
            await settings.remember(tx, command_id, room.clock.now(), came_to)
        return made

    return await room.store.write(working)
