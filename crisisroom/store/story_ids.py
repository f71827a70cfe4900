"""Stories by their ids: where one that was merged lives on, and what became part of it."""

from __future__ import annotations

from collections.abc import Iterable

from crisisroom.core.query import numbered
from crisisroom.store.mention_rows import as_texts
from crisisroom.store.tx import Tx


async def living(tx: Tx, narrative_id: str) -> str:
    """Return the uid of the story that `N-3` is, or became part of; empty for none."""
    found = await tx.row(
        "SELECT coalesce(o.uid, n.uid) FROM narrative AS n"
        " LEFT JOIN narrative AS o ON o.id = n.into_id WHERE n.id = ?",
        (numbered(narrative_id, "N-"),),
    )
    return str(found[0]) if found else ""


async def joined(tx: Tx, uid: str, among: Iterable[str]) -> tuple[str, ...]:
    """Return which of these stories (uids) became part of the one with this uid."""
    rows = await tx.rows(
        "SELECT n.uid FROM json_each(?1) AS j JOIN narrative AS n ON n.uid = j.value"
        " JOIN narrative AS o ON o.id = n.into_id WHERE o.uid = ?2",
        (as_texts(among), uid),
    )
    return tuple(row[0] for row in rows)
