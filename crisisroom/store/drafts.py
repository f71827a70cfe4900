"""Unfinished words on disk: written within a second of a key press, never part of the log.

Earlier states of a draft are kept too, about one a minute, and its last one when it is thrown away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crisisroom.core.drafts import DraftVersion, SavedDraft
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.tx import Tx
from crisisroom.store.upserts import upsert

APART = timedelta(minutes=1)  # between two kept states of a draft
STOOD = timedelta(seconds=10)  # without a key press: somebody stopped to think
KEPT = 30  # states of one draft
FORGOTTEN = timedelta(days=30)  # after which the states of a draft go

_COLUMNS = (
    "id",
    "incident",
    "kind",
    "mention",
    "template",
    "actor",
    "text",
    "cursor",
    "updated_at",
)


async def save(tx: Tx, draft: SavedDraft, *, keep: bool = False) -> None:
    """Write a draft over its earlier self.

    That is kept where it stood for a while, where much of it goes at once, and if `keep` says so.
    """
    before = await tx.row("SELECT text, updated_at FROM draft WHERE id = ?", (draft.id,))
    if before is not None:
        cut = len(draft.text) * 2 < len(before[0])
        if keep or cut or draft.updated_at - unstamp(before[1]) >= STOOD:
            apart = timedelta(0) if keep or cut else APART
            await _keep(tx, draft.id, draft.updated_at, apart)
    await tx.run(
        upsert("draft", _COLUMNS, ("id",)),
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
        f"SELECT {', '.join(_COLUMNS)} FROM draft"
        " WHERE (?1 = '' OR actor = ?1) AND (?2 = '' OR mention = ?2) ORDER BY updated_at DESC",
        (actor, mention),
    )
    return tuple(_from_row(row) for row in rows)


async def _keep(tx: Tx, draft_id: str, now: datetime, apart: timedelta) -> None:
    """Keep what a draft says now as one of its earlier states."""
    row = await tx.row("SELECT actor, text, updated_at FROM draft WHERE id = ?", (draft_id,))
    if row is None or not row[1].strip():
        return
    last = await tx.row(
        "SELECT number, text, at FROM draft_version WHERE draft = ? ORDER BY number DESC LIMIT 1",
        (draft_id,),
    )
    if last is not None and (last[1] == row[1] or now - unstamp(last[2]) < apart):
        return
    number = last[0] + 1 if last else 1
    await tx.run(
        "INSERT INTO draft_version VALUES (?, ?, ?, ?, ?)",
        (draft_id, number, row[0], row[1], row[2]),
    )
    await tx.run(
        "DELETE FROM draft_version WHERE (draft = ? AND number <= ?) OR at < ?",
        (draft_id, number - KEPT, stamp(now - FORGOTTEN)),
    )


async def history(tx: Tx, draft_id: str) -> tuple[DraftVersion, ...]:
    """Return the earlier states of a draft, newest first; of one thrown away too."""
    rows = await tx.rows(
        "SELECT draft, number, actor, text, at FROM draft_version WHERE draft = ?"
        " ORDER BY number DESC",
        (draft_id,),
    )
    return tuple(DraftVersion(row[0], row[1], row[2], row[3], unstamp(row[4])) for row in rows)


async def thrown_away(tx: Tx, incident: str = "") -> tuple[DraftVersion, ...]:
    """Return the last state of each draft that is not there any more, newest first."""
    rows = await tx.rows(
        "SELECT draft, number, actor, text, at FROM draft_version AS v"
        " WHERE draft NOT IN (SELECT id FROM draft)"
        " AND number = (SELECT max(number) FROM draft_version WHERE draft = v.draft)"
        " AND (?1 = '' OR instr(draft, '/' || ?1 || '/') > 0) ORDER BY at DESC, draft LIMIT 50",
        (incident,),
    )
    return tuple(DraftVersion(row[0], row[1], row[2], row[3], unstamp(row[4])) for row in rows)


async def forget(tx: Tx, now: datetime) -> None:
    """Delete the earlier states of drafts that are older than a month."""
    await tx.run("DELETE FROM draft_version WHERE at < ?", (stamp(now - FORGOTTEN),))


async def discard(tx: Tx, draft_id: str, now: datetime) -> None:
    """Delete a draft; what it said last stays among its earlier states for a month."""
    await _keep(tx, draft_id, now, timedelta(0))
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
