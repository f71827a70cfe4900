"""Small values of the room itself, and the outcomes of commands."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.timeline import stamp
from crisisroom.store.tx import Tx
from crisisroom.store.upserts import upsert

_DIGEST = "\x1f"  # stands before the digest of an act's arguments


async def get(tx: Tx, key: str) -> str:
    """Return a value of the room, empty where it was never set."""
    found = await tx.row("SELECT value FROM room WHERE key = ?", (key,))
    return str(found[0]) if found else ""


async def put(tx: Tx, key: str, value: str) -> None:
    """Set a value of the room."""
    await tx.run(upsert("room", ("key", "value"), ("key",)), (key, value))


class Outcome(msgspec.Struct, frozen=True):
    """What a command came to: the entries it wrote, and what it made."""

    chain: str
    first: int
    last: int
    thing: str = ""


async def outcome(tx: Tx, command_id: str) -> Outcome | None:
    """Return what the command with this id came to, None if it never happened.

    Refused where this id stands for another act than the one under way.
    """
    found = await tx.row(
        "SELECT chain, first, last, thing, act FROM command WHERE id = ?", (command_id,)
    )
    if not found:
        return None
    *came_to, act = found
    if act and tx.doing and act != tx.doing:
        raise _used(command_id, act, tx.doing)
    return Outcome(*came_to)


def act_of(words: str, digest: str) -> str:
    """Return what a command id remembers: the act in plain words, and its arguments as a digest."""
    return f"{words}{_DIGEST}{digest}"


def _used(command_id: str, act: str, now: str) -> Refused:
    before, said = act.partition(_DIGEST)[0], now.partition(_DIGEST)[0]
    other = ", with other words" if before == said else ""
    message = f"the command id {command_id[:80]} was used for another act: {before}{other}"
    return Refused(
        "used-id", message, "a new act takes a new id; the same one takes the same words"
    )


async def remember(tx: Tx, command_id: str, now: datetime, came_to: Outcome) -> None:
    """Keep what a command came to, so that a repeat does nothing twice."""
    await tx.run(
        "INSERT INTO command (id, at, chain, first, last, thing, act) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(command_id, stamp(now)),
            *(came_to.chain, came_to.first, came_to.last, came_to.thing, tx.doing),
        ),
    )
