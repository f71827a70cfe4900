"""What the machine has learnt, as bytes by name: the early warning's state, for one."""

from __future__ import annotations

from datetime import datetime

from crisisroom.core.timeline import stamp
from crisisroom.store.tx import Tx


async def get(tx: Tx, name: str) -> bytes:
    """Return what was kept under a name, nothing where nothing was."""
    found = await tx.row("SELECT body FROM model WHERE name = ?", (name,))
    return bytes(found[0]) if found else b""


async def put(tx: Tx, name: str, body: bytes, now: datetime) -> None:
    """Keep bytes under a name, in place of what was there."""
    await tx.run(
        "INSERT INTO model VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body,"
        " at = excluded.at",
        (name, body, stamp(now)),
    )
