"""Reading what may have been changed from outside, without falling over it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec

from crisisroom.core.timeline import (
    ROOM,
    Entry,
    EntrySource,
    Seal,
    always_sealed,
    personal_texts,
    unstamp,
)
from crisisroom.store import log
from crisisroom.store.log import UNREADABLE
from crisisroom.store.tx import Tx

TORN = (*UNREADABLE, RecursionError, sqlite3.DatabaseError)  # the last for bytes that are no text
_WINDOW = 500  # entries that are in memory as they are
_SOURCES = frozenset(get_args(EntrySource))
_NEVER = datetime(1, 1, 1, tzinfo=UTC)

Rows = dict[tuple[str, str], dict[str, Any] | None]


class Found(msgspec.Struct, frozen=True):
    """A row of a chain: its entry, or what stands for one that cannot be read.

    `broken` says that it is not as we wrote it.
    """

    entry: Entry
    broken: bool = False


class Chain(msgspec.Struct, frozen=True):
    """A row of the table of chains; `number` is None for the room's own."""

    id: str
    number: int | None
    seq: int
    head: str


async def chains(tx: Tx) -> tuple[Chain, ...]:
    """Return every row there is, the room's own first, then by number."""
    rows = await tx.rows(
        f"SELECT {_as_is(tx, 'id')}, number, seq, {_as_is(tx, 'head')} FROM chain"
        " ORDER BY id != ?, number IS NULL, number",
        (ROOM,),
    )
    return tuple(Chain(_text(row[0]), row[1], row[2], _text(row[3])) for row in rows)


async def entries(tx: Tx, chain: str) -> AsyncIterator[list[Found]]:
    """Yield all that stands in a chain, by number, a window at a time."""
    rows = await tx.rows("SELECT seq FROM entry WHERE chain = ? ORDER BY seq", (chain,))
    seqs = [int(seq) for (seq,) in rows]
    for start in range(0, len(seqs), _WINDOW):
        yield await _window(tx, chain, seqs[start : start + _WINDOW])


async def _window(tx: Tx, chain: str, seqs: list[int]) -> list[Found]:
    first, last = seqs[0], seqs[-1]
    try:
        read = await log.entries(tx, chain, first - 1, last - first + 1)
        bodies: dict[int, bytes | str] = dict(
            await tx.rows(
                f"SELECT seq, {_as_is(tx, 'data')} FROM entry"
                " WHERE chain = ? AND seq >= ? AND seq <= ?",
                (chain, first, last),
            )
        )
    except TORN:
        if len(seqs) > 1:
            return [one for seq in seqs for one in await _window(tx, chain, [seq])]
        return [await _stand_in(tx, chain, first)]
    return [
        Found(entry, not _as_written(entry, _bytes(bodies[entry.seq])))
        if entry.source in _SOURCES
        else await _stand_in(tx, chain, entry.seq)
        for entry in read
    ]


async def _stand_in(tx: Tx, chain: str, seq: int) -> Found:
    """Return what keeps the place of an entry that cannot be read, with its own links."""
    try:
        row = await tx.row(
            f"SELECT {_as_is(tx, 'kind', 'recorded_at', 'prev_hash', 'hash')} FROM entry"
            " WHERE chain = ? AND seq = ?",
            (chain, seq),
        )
    except sqlite3.DatabaseError:
        row = None
    kind, at, previous, hash_ = map(_text, row or (b"", b"", b"", b""))
    entry = Entry(
        chain=chain,
        seq=seq,
        uid="",
        kind=kind,
        at=_moment(at),
        recorded_at=_moment(at),
        actor="",
        text="",
        data={},
        prev_hash=previous,
        hash=hash_,
        seals={"text": Seal("")},
    )
    return Found(entry, True)


def _as_is(tx: Tx, *columns: str) -> str:
    """Return how columns of text are read that may hold bytes that are none; a server has none."""
    if tx.engine == "postgres":
        return ", ".join(columns)
    return ", ".join(f"CAST({one} AS BLOB)" for one in columns)


def _bytes(raw: bytes | str) -> bytes:
    return raw.encode() if isinstance(raw, str) else raw


def _text(raw: bytes | str | None) -> str:
    return raw if isinstance(raw, str) else (raw or b"").decode("utf-8", "replace")


def _moment(text: str) -> datetime:
    try:
        return unstamp(text)
    except (ValueError, OverflowError):
        return _NEVER


def _as_written(entry: Entry, body: bytes) -> bool:
    """Tell whether a row holds an entry to the byte: hashes see what it says, not how."""
    try:
        texts = {path for path, _ in personal_texts(entry)}
        owed = {path for path in texts if always_sealed(path)}
        return body == log.body_of(entry).encode() and owed <= entry.seals.keys() <= texts
    except (*UNREADABLE, RecursionError):
        return False


async def projection(tx: Tx, chain: str) -> Rows:
    """Return the rows kept of an incident, by kind and id; None for what is no row of ours."""
    rows = await tx.rows(
        f"SELECT {_as_is(tx, 'kind', 'id', 'body')} FROM projection WHERE chain = ?",
        (chain,),
    )
    return {(_text(kind), _text(key)): _object(body) for kind, key, body in rows}


def _object(body: bytes | str) -> dict[str, Any] | None:
    try:
        found = json.loads(_bytes(body).decode(), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands in it twice")
    return found


async def strays(tx: Tx) -> tuple[str, ...]:
    """Return what belongs to no log: rows of chains that are not there, texts of no entry."""
    found = []
    for what, sql in _STRAYS.items():
        rows = await tx.rows(sql)
        found += [what.format(*map(_shown, row)) for row in rows]
    return tuple(found)


def _shown(value: Any) -> str:
    return str(value)[:60]


_STRAYS = {
    "{1} entries are of a log {0} that the room does not have": (
        "SELECT chain, count(*) FROM entry WHERE chain NOT IN (SELECT id FROM chain) GROUP BY chain"
    ),
    "{0} entry {1} has texts, and is not there itself": (
        "SELECT DISTINCT s.chain, s.seq FROM sealed s LEFT JOIN entry e"
        " ON e.chain = s.chain AND e.seq = s.seq WHERE e.chain IS NULL LIMIT 20"
    ),
    "{1} rows are of an incident {0} that the room does not have": (
        "SELECT chain, count(*) FROM projection WHERE chain NOT IN (SELECT id FROM chain)"
        " GROUP BY chain"
    ),
}


async def imported(tx: Tx) -> frozenset[str]:
    """Return the chains that the room's log says came from elsewhere."""
    rows = await tx.rows(
        "SELECT CASE WHEN json_valid(data) THEN json_extract(data, '$.incident') END FROM entry"
        " WHERE chain = ? AND kind = 'import.made'",
        (ROOM,),
    )
    return frozenset(str(chain) for (chain,) in rows)


async def written_once(tx: Tx) -> dict[str, int]:
    """Return the highest number of an entry that anything beside the logs tells of, by chain."""
    rows = await tx.rows("SELECT chain, max(last) FROM command WHERE chain != '' GROUP BY chain")
    told = await tx.rows("SELECT chain, ref FROM change WHERE topic = 'entry'")
    found: dict[str, int] = {}
    for chain, seq in (*rows, *told):
        found[str(chain)] = max(found.get(str(chain), 0), _number(seq))
    return found


def _number(told: int | str) -> int:
    """Return the number that a row tells, 0 for what is none."""
    try:
        return int(told)
    except ValueError:
        return 0
