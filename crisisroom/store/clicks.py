"""The room's triage decisions, which its sense of priority learns from, in their order."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.mention import Mention
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.mention_rows import COLUMNS, FROM, from_row
from crisisroom.store.tx import Tx

KEPT = 5_000  # decisions that a restart learns from again


class Click(msgspec.Struct, frozen=True):
    """One decision: whether the mention was worth somebody's time."""

    number: int  # in the order of decisions
    mention: Mention
    wanted: bool
    actor: str
    at: datetime


async def set(tx: Tx, mention: int, wanted: bool, actor: str, now: datetime) -> int:
    """Write down a decision on M-mention, in place of an earlier one; returns its number."""
    number = await latest(tx) + 1
    await tx.run(
        "INSERT INTO click (mention, wanted, actor, at, number) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (mention) DO UPDATE SET wanted = excluded.wanted, actor = excluded.actor,"
        " at = excluded.at, number = excluded.number",
        (mention, int(wanted), actor, stamp(now), number),
    )
    tx.tell("click", f"M-{mention}")
    return number


async def clear(tx: Tx, mention: int) -> bool:
    """Forget the decision on M-mention; returns whether there was one."""
    gone = await tx.run("DELETE FROM click WHERE mention = ?", (mention,))
    if gone:
        tx.tell("click", f"M-{mention}")
    return bool(gone)


async def get(tx: Tx, mention: int) -> bool | None:
    """Return what was decided on M-mention, None where nothing was."""
    found = await tx.row("SELECT wanted FROM click WHERE mention = ?", (mention,))
    return bool(found[0]) if found else None


async def last(tx: Tx, mention: int) -> tuple[str, datetime] | None:
    """Return who decided on M-mention, and when; None where nobody did."""
    found = await tx.row("SELECT actor, at FROM click WHERE mention = ?", (mention,))
    return (str(found[0]), unstamp(found[1])) if found else None


async def latest(tx: Tx) -> int:
    """Return the number of the newest decision, 0 where there is none."""
    found = await tx.row("SELECT max(number) FROM click")
    return int(found[0] or 0) if found else 0


async def all(tx: Tx, limit: int = KEPT) -> tuple[Click, ...]:
    """Return the newest decisions in their order, each with its mention."""
    rows = await tx.rows(
        f"SELECT k.number, k.wanted, k.actor, k.at, {COLUMNS} FROM"
        " (SELECT * FROM click ORDER BY number DESC LIMIT ?) AS k"
        f" CROSS JOIN {FROM} WHERE m.id = k.mention ORDER BY k.number",
        (limit,),
    )
    return tuple(
        Click(row[0], from_row(row[4:]), bool(row[1]), row[2], unstamp(row[3])) for row in rows
    )
