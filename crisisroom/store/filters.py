"""Filters that somebody saved under a name, as they typed them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.tx import Tx


class SavedFilter(msgspec.Struct, frozen=True):
    """A filter by its name, and whose it is."""

    name: str
    typed: str
    actor: str
    at: datetime


async def save(tx: Tx, name: str, typed: str, actor: str, now: datetime) -> SavedFilter:
    """Keep a filter under a name, in place of what had that name."""
    await tx.run(
        "INSERT INTO saved_filter (name, typed, actor, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET typed = excluded.typed, actor = excluded.actor,"
        " at = excluded.at",
        (name, typed, actor, stamp(now)),
    )
    tx.tell("filter", name)
    return SavedFilter(name, typed, actor, now)


async def all(tx: Tx) -> tuple[SavedFilter, ...]:
    """Return the saved filters by name."""
    rows = await tx.rows("SELECT name, typed, actor, at FROM saved_filter ORDER BY name")
    return tuple(SavedFilter(row[0], row[1], row[2], unstamp(row[3])) for row in rows)


async def remove(tx: Tx, name: str) -> bool:
    """Forget a filter; returns whether there was one."""
    gone = await tx.run("DELETE FROM saved_filter WHERE name = ?", (name,))
    if gone:
        tx.tell("filter", name)
    return bool(gone)
