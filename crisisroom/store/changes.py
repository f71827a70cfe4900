"""What changed, as a table: followers read on from the last row they saw."""

from __future__ import annotations

import json

import msgspec

from crisisroom.store.tx import Tx

_RECORDED = (
    "INSERT INTO change (seq, topic, ref, chain)"
    " SELECT (SELECT coalesce(max(seq), 0) FROM change) + key + 1, json_extract(value, '$[0]'),"
    " json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?) RETURNING seq"
)

KEPT = 20_000  # rows; who fell further behind is told to read everything anew


class Change(msgspec.Struct, frozen=True):
    """One change: what it is about, and where to look.

    Topics: entry, mention, draft, presence, source, config, lease, and reset for "read anew".
    """

    seq: int
    topic: str
    ref: str = ""
    chain: str = ""


async def record(tx: Tx) -> None:
    """Write down the transaction's notes; part of every write."""
    if not tx.notes:
        return
    notes = list(dict.fromkeys(tx.notes))
    rows = await tx.rows(_RECORDED, (json.dumps(notes),))
    latest = max(row[0] for row in rows)
    if latest % 1000 < len(notes):
        await tx.run("DELETE FROM change WHERE seq <= ?", (latest - KEPT,))


async def head(tx: Tx) -> int:
    """Return the number of the newest change, 0 in a new room."""
    found = await tx.row("SELECT max(seq) FROM change")
    return int(found[0] or 0) if found else 0


async def since(tx: Tx, after: int, limit: int = 500) -> tuple[Change, ...]:
    """Return the changes after number `after`, oldest first."""
    rows = await tx.rows(
        "SELECT seq, topic, ref, chain FROM change WHERE seq > ? ORDER BY seq LIMIT ?",
        (after, limit),
    )
    found = tuple(Change(*row) for row in rows)
    if found and found[0].seq > after + 1 and after:
        return (Change(found[0].seq - 1, "reset"), *found)
    return found
