"""What the machine has learnt, as bytes by name: the early warning's state, for one."""

from __future__ import annotations

import json
from datetime import datetime

from crisisroom.core.timeline import stamp
from crisisroom.store.tx import Tx
from crisisroom.store.upserts import upsert


async def get(tx: Tx, name: str) -> bytes:
    """Return what was kept under a name, nothing where nothing was."""
    found = await tx.row("SELECT body FROM model WHERE name = ?", (name,))
    return bytes(found[0]) if found else b""


async def put(tx: Tx, name: str, body: bytes, now: datetime) -> None:
    """Keep bytes under a name, in place of what was there."""
    await tx.run(upsert("model", ("name", "body", "at"), ("name",)), (name, body, stamp(now)))


ANALYSIS = "analysis"  # where the analysis keeps its place


async def analysed_up_to(tx: Tx) -> int:
    """Return the number of the last mention that was analysed, 0 where none was."""
    try:
        return int(json.loads(await get(tx, ANALYSIS))["done"] or 0)
    except (ValueError, LookupError, TypeError):
        return 0
