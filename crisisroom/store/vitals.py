"""Counts that say how a room does, each one query; nothing here reads what people wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from crisisroom.core.timeline import ROOM, unstamp
from crisisroom.store.tx import Tx


class _Way(msgspec.Struct, frozen=True):
    state: str = ""


class _Words(msgspec.Struct, frozen=True):
    state: str = ""
    sends: dict[str, _Way] = {}


async def outgoing(tx: Tx) -> Mapping[str, int]:
    """Return how many ways of texts stand in which state, those of withdrawn texts apart."""
    counted: dict[str, int] = {}
    rows = await tx.rows(
        "SELECT body FROM projection WHERE kind = ? OR kind = ?", ("statement", "reply")
    )
    for (body,) in rows:
        try:
            words = msgspec.json.decode(body, type=_Words)
        except msgspec.DecodeError:  # changed by another hand: `verify` says so
            continue
        for way in () if words.state == "withdrawn" else words.sends.values():
            counted[way.state] = counted.get(way.state, 0) + 1
    return counted


async def by_source(tx: Tx) -> Mapping[str, int]:
    """Return how many mentions of each source are kept."""
    rows = await tx.rows("SELECT source, count(*) FROM mention GROUP BY source ORDER BY source")
    return {row[0]: row[1] for row in rows}


async def entries(tx: Tx) -> Mapping[str, int]:
    """Return how many entries each chain has: the room's own by that name, the others as INC-n."""
    rows = await tx.rows("SELECT id, number, seq FROM chain ORDER BY number")
    return {ROOM if row[1] is None else f"INC-{row[1]}": row[2] for row in rows}


async def newest_of(tx: Tx, kind: str) -> datetime | None:
    """Return when the room's own log last had an entry of a kind."""
    row = await tx.row(
        "SELECT max(recorded_at) FROM entry WHERE chain = ? AND kind = ?", (ROOM, kind)
    )
    return unstamp(row[0]) if row and row[0] else None
