"""Where the room's logs end, and where that was sent to."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.timeline import ROOM, stamp, unstamp
from crisisroom.store.tx import Tx

SENT, FAILED, UNKNOWN = "sent", "failed", "unknown"
_KEPT = 1000  # anchors of one place that are kept whole; the room's log has the sums of all


class End(msgspec.Struct, frozen=True):
    """Where a chain ends; `number` is the incident's, None for the room's own."""

    chain: str
    number: int | None
    seq: int
    head: str
    at: str  # when the newest entry was recorded
    open: bool


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """One anchor that was sent somewhere, or was to be."""

    id: int
    at: datetime
    place: str
    state: str  # sent, failed, unknown
    reason: str
    body: str


class Stands(msgspec.Struct, frozen=True):
    """Where an entry stands: in which chain, under which number, and the number of the newest."""

    chain: str
    number: int | None
    seq: int
    last: int


async def ends(tx: Tx) -> tuple[End, ...]:
    """Return where every chain ends, the room's own first."""
    rows = await tx.rows(
        "SELECT c.id, c.number, c.seq, c.head, coalesce(e.recorded_at, ''),"
        " CASE WHEN json_valid(p.body) THEN json_extract(p.body, '$.status') END"
        " FROM chain c LEFT JOIN entry e ON e.chain = c.id AND e.seq = c.seq"
        " LEFT JOIN projection p ON p.chain = c.id AND p.kind = 'incident'"
        " WHERE c.seq > 0 ORDER BY c.number IS NOT NULL, c.number"
    )
    return tuple(
        End(chain, number, seq, head, at, status == "open")
        for chain, number, seq, head, at, status in rows
    )


async def room_id(tx: Tx) -> str:
    """Return what tells this room from others, copies apart: the uid of its first entry."""
    found = await tx.row("SELECT uid FROM entry WHERE chain = ? AND seq = 1", (ROOM,))
    return str(found[0]) if found else ""


async def stands(tx: Tx, head: str) -> Stands | None:
    """Return where the entry with this hash stands, None where no log has it."""
    row = await tx.row(
        "SELECT e.chain, c.number, e.seq, c.seq FROM entry e JOIN chain c ON c.id = e.chain"
        " WHERE e.hash = ?",
        (head,),
    )
    return Stands(*row) if row else None


async def room_moved(tx: Tx, after: int) -> bool:
    """Tell whether the room's log has more after entry `after` than that anchors were sent."""
    found = await tx.row(
        "SELECT 1 FROM entry WHERE chain = ? AND seq > ? AND kind != 'anchor.sent' LIMIT 1",
        (ROOM, after),
    )
    return found is not None


_FIELDS = "SELECT id, at, place, state, reason, body FROM anchor"


def _sending(row: tuple[object, ...]) -> Sending:
    id_, at, place, state, reason, body = row
    return Sending(
        id=int(str(id_)),
        at=unstamp(str(at)),
        place=str(place),
        state=str(state),
        reason=str(reason),
        body=str(body),
    )


async def last(tx: Tx, place: str) -> Sending | None:
    """Return the newest anchor that a place was given, as far as anybody knows."""
    sql = f"{_FIELDS} WHERE place = ? AND state = ? ORDER BY id DESC LIMIT 1"
    row = await tx.row(sql, (place, SENT))
    return _sending(row) if row else None


async def trouble(tx: Tx, place: str) -> Sending | None:
    """Return the try that failed since then, None where the newest one arrived."""
    row = await tx.row(f"{_FIELDS} WHERE place = ? ORDER BY id DESC LIMIT 1", (place,))
    return _sending(row) if row and row[3] != SENT else None


async def newest(tx: Tx, limit: int) -> tuple[Sending, ...]:
    """Return the newest anchors of all places, newest first."""
    rows = await tx.rows(f"{_FIELDS} ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(map(_sending, rows))


async def add(tx: Tx, at: datetime, place: str, state: str, reason: str, body: str) -> None:
    """Note what came of sending an anchor; it takes the place of tries that failed before."""
    await tx.run("DELETE FROM anchor WHERE place = ? AND state != ?", (place, SENT))
    await tx.run(
        "INSERT INTO anchor (at, place, state, reason, body) VALUES (?, ?, ?, ?, ?)",
        (stamp(at), place, state, reason, body),
    )
    await tx.run(
        "DELETE FROM anchor WHERE place = ? AND id <= (SELECT id FROM anchor WHERE place = ?"
        " ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (place, place, _KEPT),
    )
    tx.tell("anchor", place)
