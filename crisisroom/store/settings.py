"""Small values of the room itself, and the outcomes of commands."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.timeline import stamp
from crisisroom.store.tx import Tx


async def get(tx: Tx, key: str) -> str:
    """Return a value of the room, empty where it was never set."""
    found = await tx.row("SELECT value FROM room WHERE key = ?", (key,))
    return str(found[0]) if found else ""


async def put(tx: Tx, key: str, value: str) -> None:
    """Set a value of the room."""
    await tx.run("INSERT OR REPLACE INTO room VALUES (?, ?)", (key, value))


class Outcome(msgspec.Struct, frozen=True):
    """What a command came to: the entries it wrote, and what it made."""

    chain: str
    first: int
    last: int
    thing: str = ""


async def outcome(tx: Tx, command_id: str) -> Outcome | None:
    """Return what the command with this id came to, None if it never happened."""
    found = await tx.row(
        "SELECT chain, first, last, thing FROM command WHERE id = ?", (command_id,)
    )
    return Outcome(*found) if found else None


async def remember(tx: Tx, command_id: str, now: datetime, came_to: Outcome) -> None:
    """Keep what a command came to, so that a repeat does nothing twice."""
    await tx.run(
        "INSERT INTO command VALUES (?, ?, ?, ?, ?, ?)",
        (command_id, stamp(now), came_to.chain, came_to.first, came_to.last, came_to.thing),
    )
