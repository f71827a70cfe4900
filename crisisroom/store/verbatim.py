"""Reading a chain that may have been changed from outside, without falling over it."""

from __future__ import annotations

import sqlite3

from crisisroom.core.timeline import Entry, personal_texts
from crisisroom.store import log
from crisisroom.store.log import UNREADABLE
from crisisroom.store.tx import Tx

_TORN = (*UNREADABLE, sqlite3.DatabaseError)  # the latter for bytes that are no text


async def readable(tx: Tx, chain: str) -> tuple[tuple[Entry, ...], tuple[int, ...]]:
    """Return what of a chain can be read, and the numbers of entries not as we wrote them."""
    found, broken = await _read(tx, chain)
    written = "SELECT seq, CAST(data AS BLOB) FROM entry WHERE chain = ?"
    bodies = dict(await tx.rows(written, (chain,)))
    broken += [entry.seq for entry in found if not _as_written(entry, bodies[entry.seq])]
    return tuple(found), tuple(sorted(broken))


async def _read(tx: Tx, chain: str) -> tuple[list[Entry], list[int]]:
    try:
        return [*await log.entries(tx, chain)], []
    except _TORN:
        return await _one_by_one(tx, chain)


async def _one_by_one(tx: Tx, chain: str) -> tuple[list[Entry], list[int]]:
    found: list[Entry] = []
    broken: list[int] = []
    for (seq,) in await tx.rows("SELECT seq FROM entry WHERE chain = ? ORDER BY seq", (chain,)):
        try:
            found += await log.entries(tx, chain, seq - 1, 1)
        except _TORN:
            broken.append(seq)
    return found, broken


def _as_written(entry: Entry, body: bytes) -> bool:
    """Tell whether a row holds an entry to the byte: hashes see what it says, not how."""
    sealed = {path for path, _ in personal_texts(entry)}
    return body == log.body_of(entry).encode() and sealed == entry.seals.keys()
