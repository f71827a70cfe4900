"""How each source does: its cursor, its failures, when it is next asked."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.tx import Tx
from crisisroom.store.upserts import upsert


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a source between polls."""

    id: str
    cursor: dict[str, Any] = {}
    reason: str = ""
    fails: int = 0
    last_try_at: datetime | None = None
    last_ok_at: datetime | None = None
    next_at: datetime | None = None


_WRITTEN = (
    "id",
    "cursor",
    "state",
    "reason",
    "fails",
    "last_try_at",
    "last_ok_at",
    "next_at",
)
_COLUMNS = "id, cursor, reason, fails, last_try_at, last_ok_at, next_at"


async def get(tx: Tx, source_id: str) -> SourceRow:
    """Return what is remembered of a source, blank for a new one."""
    row = await tx.row(f"SELECT {_COLUMNS} FROM source WHERE id = ?", (source_id,))
    return _from_row(row) if row else SourceRow(id=source_id)


async def all_rows(tx: Tx) -> tuple[SourceRow, ...]:
    """Return what is remembered of every source."""
    return tuple(_from_row(row) for row in await tx.rows(f"SELECT {_COLUMNS} FROM source"))


async def put(tx: Tx, row: SourceRow) -> None:
    """Remember how a source does."""
    state = "failing" if row.fails else "ok"
    await tx.run(
        upsert("source", _WRITTEN, ("id",)),
        (
            row.id,
            json.dumps(row.cursor),
            state,
            row.reason,
            row.fails,
            _optional(row.last_try_at),
            _optional(row.last_ok_at),
            _optional(row.next_at),
        ),
    )
    tx.tell("source", row.id)


async def claim(tx: Tx, source_id: str, until: datetime) -> None:
    """Take a source's turn: nobody asks it again before `until`, whatever becomes of this one."""
    await tx.run(
        "INSERT INTO source (id, next_at) VALUES (?,?)"
        " ON CONFLICT (id) DO UPDATE SET next_at = excluded.next_at",
        (source_id, stamp(until)),
    )


def _optional(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None


def _moment(text: str | None) -> datetime | None:
    return unstamp(text) if text else None


def _from_row(row: tuple[Any, ...]) -> SourceRow:
    return SourceRow(
        id=row[0],
        cursor=json.loads(row[1]),
        reason=row[2],
        fails=row[3],
        last_try_at=_moment(row[4]),
        last_ok_at=_moment(row[5]),
        next_at=_moment(row[6]),
    )
