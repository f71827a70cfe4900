"""What a killed program left half done in a room is ended by the next that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisroom.cli.output import note
from crisisroom.cli.progress import steps
from crisisroom.core.errors import Refused
from crisisroom.store import erase_begun

if TYPE_CHECKING:
    from crisisroom.room import Room


async def end_erasure(room: Room) -> None:
    """End an erasure that was killed, before anybody reads what is left of those persons."""
    if not await room.store.read(lambda tx: erase_begun.interrupted(tx, room.clock)):
        return
    from crisisroom.room import erasing

    note("an erasure was interrupted: it is ended now")
    try:
        await erasing.resume(room, steps(quiet=False))
    except Refused as refused:
        note(f"the erasure was not ended: {refused.message}")
