"""Entries that point to others."""

from __future__ import annotations

from crisisroom.store.tx import Tx


async def corrections(tx: Tx, chain: str, seq: int) -> tuple[int, ...]:
    """Return the numbers of an entry's corrections and of theirs, the oldest first."""
    rows = await tx.rows(
        "WITH RECURSIVE later(seq) AS ("
        " SELECT seq FROM entry WHERE chain = ?1 AND corrects = ?2 UNION"
        " SELECT e.seq FROM later JOIN entry AS e ON e.chain = ?1 AND e.corrects = later.seq"
        ") SELECT seq FROM later ORDER BY seq",
        (chain, seq),
    )
    return tuple(row[0] for row in rows)
