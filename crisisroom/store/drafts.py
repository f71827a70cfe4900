"""Unfinished words on disk: written within a second of a key press, never part of the log."""

from __future__ import annotations

from typing import Any

from crisisroom.core.drafts import SavedDraft
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.tx import Tx


async def save(tx: Tx, draft: SavedDraft) -> None:
    """Write a draft over its earlier self."""
    await tx.run(
        "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft.id,
            draft.incident,
            draft.kind,
            draft.mention,
            draft.template,
            draft.actor,
            draft.text,
            draft.cursor,
            stamp(draft.updated_at),
        ),
    )
    tx.tell("draft", draft.id)


async def find(tx: Tx, *, actor: str = "", mention: str = "") -> tuple[SavedDraft, ...]:
    """Return drafts, newest first, of one person or to one mention where asked."""
    rows = await tx.rows(
        "SELECT id, incident, kind, mention, template, actor, text, cursor, updated_at FROM draft"
        " WHERE (?1 = '' OR actor = ?1) AND (?2 = '' OR mention = ?2) ORDER BY updated_at DESC",
        (actor, mention),
    )
    return tuple(_from_row(row) for row in rows)


async def discard(tx: Tx, draft_id: str) -> None:
    """Delete a draft."""
    await tx.run("DELETE FROM draft WHERE id = ?", (draft_id,))
    tx.tell("draft", draft_id)


def _from_row(row: tuple[Any, ...]) -> SavedDraft:
    return SavedDraft(
        id=row[0],
        incident=row[1],
        kind=row[2],
        mention=row[3],
        template=row[4],
        actor=row[5],
        text=row[6],
        cursor=row[7],
        updated_at=unstamp(row[8]),
    )
