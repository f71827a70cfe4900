"""What listening makes us do without any incident: owned actions, and how campaigns came out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.ids import uuid7
from crisisroom.store.tx import Tx

ImprovementState = Literal["open", "done"]


class Improvement(msgspec.Struct, frozen=True, kw_only=True):
    """An action of the room's: whose it is, by when (a date, or empty), and what came of it."""

    id: str  # ACT-3
    uid: str
    title: str
    owner: str
    due: str
    state: ImprovementState = "open"
    narrative: str = ""  # N-3, the story that it answers
    actor: str
    at: datetime
    done_at: datetime | None = None
    outcome: str = ""


class CampaignResult(msgspec.Struct, frozen=True):
    """What was said of a campaign when it was over."""

    campaign: str
    words: str
    actor: str
    at: datetime


_COLUMNS = "id, uid, title, owner, due, state, narrative, actor, at, done_at, outcome"


async def add(
    tx: Tx, title: str, owner: str, due: str, narrative: str, actor: str, now: datetime
) -> Improvement:
    """Write a new action down; it gets the next number."""
    found = await tx.row("SELECT coalesce(max(id), 0) + 1 FROM improvement")
    number = int(found[0]) if found else 1
    made = Improvement(
        id=f"ACT-{number}",
        uid=uuid7(now),
        title=title,
        owner=owner,
        due=due,
        narrative=narrative,
        actor=actor,
        at=now,
    )
    await tx.run(
        f"INSERT INTO improvement ({_COLUMNS}) VALUES (?,?,?,?,?,'open',?,?,?,'','')",
        (number, made.uid, title, owner, due, narrative, actor, stamp(now)),
    )
    tx.tell("improvement", made.id)
    return made


async def get(tx: Tx, number: int) -> Improvement | None:
    """Return the action ACT-number."""
    found = await tx.row(f"SELECT {_COLUMNS} FROM improvement WHERE id = ?", (number,))
    return _from_row(found) if found else None


async def all(
    tx: Tx, state: ImprovementState | None = None, limit: int = 500
) -> tuple[Improvement, ...]:
    """Return the actions in a state (all without one), the newest first."""
    rows = await tx.rows(
        f"SELECT {_COLUMNS} FROM improvement WHERE ?1 = '' OR state = ?1 ORDER BY id DESC LIMIT ?2",
        (state or "", limit),
    )
    return tuple(_from_row(row) for row in rows)


async def done(tx: Tx, number: int, outcome: str, now: datetime) -> None:
    """Mark an action as done, with what came of it."""
    await tx.run(
        "UPDATE improvement SET state = 'done', done_at = ?, outcome = ? WHERE id = ?",
        (stamp(now), outcome, number),
    )
    tx.tell("improvement", f"ACT-{number}")


def _from_row(row: tuple[Any, ...]) -> Improvement:
    return Improvement(
        id=f"ACT-{row[0]}",
        uid=row[1],
        title=row[2],
        owner=row[3],
        due=row[4],
        state=row[5],
        narrative=row[6],
        actor=row[7],
        at=unstamp(row[8]),
        done_at=unstamp(row[9]) if row[9] else None,
        outcome=row[10],
    )


async def put_result(
    tx: Tx, campaign: str, words: str, actor: str, now: datetime
) -> CampaignResult:
    """Keep what came of a campaign, in place of what was said before."""
    await tx.run(
        "INSERT INTO campaign_result VALUES (?, ?, ?, ?) ON CONFLICT (campaign) DO UPDATE SET"
        " words = excluded.words, actor = excluded.actor, at = excluded.at",
        (campaign, words, actor, stamp(now)),
    )
    tx.tell("campaign", campaign)
    return CampaignResult(campaign, words, actor, now)


async def results(tx: Tx) -> dict[str, CampaignResult]:
    """Return what came of each campaign, by its id."""
    rows = await tx.rows("SELECT campaign, words, actor, at FROM campaign_result")
    return {row[0]: CampaignResult(row[0], row[1], row[2], unstamp(row[3])) for row in rows}
