"""Mentions on disk: batched ingest, edits kept as edits, windows over millions of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from crisisroom.core.mention import Mention
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.mention_clean import Marks
from crisisroom.store.mention_ingest import Ingested, ingest
from crisisroom.store.mention_rows import COLUMNS, FROM, as_list, from_row, percent, tell
from crisisroom.store.mention_windows import cap_of, count, find, first_since, numbers
from crisisroom.store.tx import Tx


class Analysed(msgspec.Struct, frozen=True):
    """What the analysis says of a mention; `copy_of` is the number of the first one, 0 for none."""

    number: int
    narrative: str = ""
    priority: float = 0.0  # 0 to 1, as complaint is
    complaint: float = 0.0
    why: tuple[str, ...] = ()
    copy_of: int = 0


async def analysed(tx: Tx, rows: Sequence[Analysed]) -> None:
    """Write down what the analysis says; a repost counts at the first, once however often told."""
    await _count_copies(tx, rows)
    await tx.many(
        "UPDATE mention SET narrative = ?, priority = ?, complaint = ?, why = ?, copy_of = ?"
        " WHERE id = ?",
        [
            (
                row.narrative,
                percent(row.priority),
                percent(row.complaint),
                msgspec.json.encode(row.why).decode(),
                row.copy_of,
                row.number,
            )
            for row in rows
        ],
    )
    tell(tx, [row.number for row in rows])


async def _count_copies(tx: Tx, rows: Sequence[Analysed]) -> None:
    before: dict[int, int] = dict(
        await tx.rows(
            "SELECT id, copy_of FROM mention"
            " WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
            (as_list(row.number for row in rows),),
        )
    )
    more: Counter[int] = Counter()
    for row in rows:
        was = before.get(row.number, row.copy_of)
        if was != row.copy_of:
            more[was] -= 1
            more[row.copy_of] += 1
            before[row.number] = row.copy_of
    changed = [(by, first) for first, by in more.items() if first and by]
    if changed:
        await tx.many("UPDATE mention SET copies = copies + ? WHERE id = ?", changed)
        tell(tx, [first for _, first in changed])


async def get(tx: Tx, number: int) -> Mention | None:
    """Return the mention M-number."""
    found = await tx.row(f"SELECT {COLUMNS} FROM {FROM} WHERE m.id = ?", (number,))
    return from_row(found) if found else None


async def after(tx: Tx, number: int, limit: int = 500) -> tuple[Mention, ...]:
    """Return the mentions that came after M-number, oldest first, whatever they are."""
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM {FROM} WHERE m.id > ? ORDER BY m.id LIMIT ?", (number, limit)
    )
    return tuple(from_row(row) for row in rows)


async def recent(tx: Tx, since: datetime, limit: int = 20_000) -> tuple[Mention, ...]:
    """Return the newest mentions seen since then, oldest first, whatever they are."""
    first = await first_since(tx, since)
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM {FROM} WHERE m.id >= ? AND m.seen_at >= ?"
        " ORDER BY m.id DESC LIMIT ?",
        (first, stamp(since), limit),
    )
    return tuple(from_row(row) for row in reversed(rows))


async def thread(tx: Tx, mention: Mention, limit: int = 50) -> tuple[Mention, ...]:
    """Return the mentions of the same conversation at the same source, oldest first."""
    rows = await tx.rows(
        "WITH RECURSIVE up(id, external_id, reply_to, depth) AS ("
        "  SELECT id, external_id, reply_to, 0 FROM mention WHERE id = ?1"
        "  UNION SELECT m.id, m.external_id, m.reply_to, up.depth + 1 FROM mention AS m, up"
        "  WHERE m.source = ?2 AND m.external_id = up.reply_to AND up.depth < 20),"
        " down(id, external_id, depth) AS ("
        "  SELECT id, external_id, 0 FROM up"
        "  UNION SELECT m.id, m.external_id, down.depth + 1 FROM mention AS m, down"
        "  WHERE m.source = ?2 AND m.reply_to = down.external_id AND m.reply_to != ''"
        "  AND down.depth < 20)"
        f" SELECT {COLUMNS} FROM {FROM} WHERE m.id IN (SELECT id FROM down)"
        " ORDER BY m.posted_at, m.id LIMIT ?3",
        (mention.number, mention.source, limit),
    )
    return tuple(from_row(row) for row in rows)


async def original(tx: Tx, number: int) -> bytes:
    """Return the newest text of a mention as its source gave it."""
    found = await tx.row(
        "SELECT text FROM original WHERE mention = ? ORDER BY revision DESC LIMIT 1", (number,)
    )
    return bytes(found[0]) if found else b""


async def history(tx: Tx, number: int) -> tuple[tuple[datetime, bytes], ...]:
    """Return every version of a mention's text with the time it was seen, oldest first."""
    rows = await tx.rows(
        "SELECT at, text FROM original WHERE mention = ? ORDER BY revision", (number,)
    )
    return tuple((unstamp(at), bytes(text)) for at, text in rows)


async def mark(
    tx: Tx, number: int, *, state: str, assignee: str, until: datetime | None = None
) -> None:
    """Set a mention's triage."""
    await tx.run(
        "UPDATE mention SET state = ?, assignee = ?, claimed_until = ? WHERE id = ?",
        (state, assignee, stamp(until) if until else None, number),
    )
    tell(tx, [number])


async def link(tx: Tx, number: int, chain: str) -> None:
    """Note which incident a mention belongs to, empty for none."""
    await tx.run("UPDATE mention SET incident = ? WHERE id = ?", (chain, number))
    tell(tx, [number])


async def tag(tx: Tx, number: int, tags: Sequence[str]) -> None:
    """Set what we call a mention; a tag has no white space in it."""
    await tx.run("UPDATE mention SET tags = ? WHERE id = ?", (" ".join(tags), number))
    tell(tx, [number])


async def set_verdict(tx: Tx, numbers: Sequence[int], verdict: str) -> None:
    """Note what a good triage said that mentions need, empty for nothing said."""
    await tx.many(
        "UPDATE mention SET verdict = ? WHERE id = ?", [(verdict, one) for one in numbers]
    )
    tell(tx, numbers)


async def assign_narrative(tx: Tx, numbers: Sequence[int], narrative: str) -> None:
    """Put mentions into a story such as `N-3`; the stories' own counts are not touched."""
    await tx.many(
        "UPDATE mention SET narrative = ? WHERE id = ?", [(narrative, one) for one in numbers]
    )
    tell(tx, numbers)


async def number_of(tx: Tx, uid: str) -> int | None:
    """Return the row number of the mention with this uid."""
    found = await tx.row("SELECT id FROM mention WHERE uid = ?", (uid,))
    return int(found[0]) if found else None


async def newest(tx: Tx) -> int:
    """Return the number of the newest mention, 0 in a room without any."""
    found = await tx.row("SELECT max(id) FROM mention")
    return int(found[0] or 0) if found else 0


async def per_minute(tx: Tx, since: datetime) -> tuple[tuple[str, int], ...]:
    """Return how many mentions were seen in each minute, as `YYYY-MM-DDTHH:MM` and a number."""
    rows = await tx.rows(
        "SELECT minute, sum(mentions) FROM minute WHERE minute >= ? GROUP BY minute ORDER BY 1",
        (stamp(since)[:16],),
    )
    return tuple((row[0], row[1]) for row in rows)


__all__ = [
    "Analysed",
    "Ingested",
    "Marks",
    "after",
    "analysed",
    "assign_narrative",
    "cap_of",
    "count",
    "find",
    "get",
    "history",
    "ingest",
    "link",
    "mark",
    "newest",
    "number_of",
    "numbers",
    "original",
    "per_minute",
    "recent",
    "set_verdict",
    "tag",
    "tell",
    "thread",
]
