"""Taking old mentions away, a few at a time: no turn at writing lasts long enough to be felt.

Kept are those that an incident cites or cited, that somebody drafts an answer to, or has claimed.
What was purged is remembered by a hash of its name, so that no source brings it back as news.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec

from crisisroom.core.timeline import stamp
from crisisroom.store import Store, Tx, settings
from crisisroom.store.mention_clean import fingerprint_of
from crisisroom.store.mention_ingest import TOP, forget_terms, forget_words
from crisisroom.store.mention_rows import as_list, as_texts, tell
from crisisroom.store.mention_windows import DISORDER, first_since
from crisisroom.store.narratives import LIVING

PAGES = 400  # of the word index that are merged in one turn
SLICE = 20_000  # rows of counts that are deleted in one turn
REMEMBERED = 400  # days for which a purged mention is known again


class Tally(msgspec.Struct, frozen=True):
    """How much was purged: mentions, the clicks on them, stories left empty, rows of counts."""

    mentions: int = 0
    clicks: int = 0
    narratives: int = 0
    counts: int = 0

    def plus(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(
            self.mentions + other.mentions,
            self.clicks + other.clicks,
            self.narratives + other.narratives,
            self.counts + other.counts,
        )


class Cited(msgspec.Struct, frozen=True):
    """The uids of mentions that must stay, as of a state of the logs."""

    logs: int = -1
    uids: frozenset[str] = frozenset()


async def cited(tx: Tx, known: Cited) -> Cited:
    """Return what incidents cite, read anew only where a log has grown; and what drafts answer."""
    found = await tx.row("SELECT coalesce(sum(seq), 0) FROM chain WHERE number IS NOT NULL")
    drafts = await tx.rows("SELECT mention FROM draft WHERE mention != ''")
    logs = int(found[0]) if found else 0
    uids = known.uids if logs == known.logs else await _in_logs(tx)
    return Cited(logs, uids | {row[0] for row in drafts})


async def _in_logs(tx: Tx) -> frozenset[str]:
    rows = await tx.rows(
        "SELECT DISTINCT json_extract(e.data, '$.mention') FROM entry AS e"
        " JOIN chain AS c ON c.id = e.chain WHERE c.number IS NOT NULL"
        " AND json_type(e.data, '$.mention') = 'text'"
    )
    return frozenset(row[0] for row in rows)


async def count(tx: Tx, before: datetime, now: datetime) -> tuple[int, int]:
    """Return how many mentions were seen before then, and how many of those stay."""
    last = await first_since(tx, before + 2 * DISORDER)
    old = await tx.row(
        "SELECT count(*), coalesce(sum(incident != '' OR coalesce(claimed_until, '') > ?), 0)"
        " FROM mention WHERE id < ? AND seen_at < ?",
        (stamp(now), last, stamp(before)),
    )
    kept = await tx.row(
        "SELECT count(*) FROM json_each(?) AS j CROSS JOIN mention AS m ON m.uid = j.value"
        " WHERE m.seen_at < ? AND m.incident = '' AND coalesce(m.claimed_until, '') <= ?",
        (as_texts((await cited(tx, Cited())).uids), stamp(before), stamp(now)),
    )
    assert old is not None
    assert kept is not None
    return int(old[0]), int(old[1]) + int(kept[0])


async def some(
    tx: Tx, after: int, before: datetime, now: datetime, stay: Cited, limit: int
) -> tuple[int, Tally]:
    """Purge a few mentions seen before then, looking from number `after` on.

    Returns the number to go on from, 0 once there is nothing older, and what was purged.
    """
    last = await first_since(tx, before + 2 * DISORDER)
    rows = await tx.rows(
        "SELECT id, uid, source, external_id, copies, seen_at < ? AND incident = ''"
        " AND coalesce(claimed_until, '') <= ? FROM mention WHERE id > ? AND id < ?"
        " ORDER BY id LIMIT ?",
        (stamp(before), stamp(now), after, last, limit),
    )
    gone = [row for row in rows if row[5] and row[1] not in stay.uids]
    tally = await _delete(tx, gone, now) if gone else Tally()
    return (rows[-1][0] if rows else 0), tally


async def _delete(tx: Tx, gone: list[tuple[int, str, str, str, int, int]], now: datetime) -> Tally:
    numbers = [row[0] for row in gone]
    listed = as_list(numbers)
    await _pass_on(tx, [row[0] for row in gone if row[4]], listed)
    await forget_words(tx, listed)
    await forget_terms(tx, listed)
    await tx.many(
        "INSERT OR IGNORE INTO gone VALUES (?, ?)",
        [(fingerprint_of((row[2], row[3])), now.toordinal()) for row in gone],
    )
    await _remember_top(tx, numbers[-1])
    clicks = await tx.run(
        "DELETE FROM click WHERE mention IN (SELECT value FROM json_each(?))", (listed,)
    )
    await tx.run("DELETE FROM mention WHERE id IN (SELECT value FROM json_each(?))", (listed,))
    tell(tx, numbers)
    return Tally(len(numbers), clicks)


async def _pass_on(tx: Tx, firsts: list[int], listed: str) -> None:
    """Let the next repost stand for those whose first goes: else nobody would see them again."""
    for first in firsts:
        heir = await tx.row(
            "SELECT min(id), count(*) FROM mention WHERE copy_of = ?"
            " AND id NOT IN (SELECT value FROM json_each(?))",
            (first, listed),
        )
        if heir and heir[0]:
            await tx.run("UPDATE mention SET copy_of = ? WHERE copy_of = ?", (heir[0], first))
            await tx.run(
                "UPDATE mention SET copy_of = 0, copies = ? WHERE id = ?", (heir[1] - 1, heir[0])
            )
            tell(tx, [heir[0]])


async def _remember_top(tx: Tx, number: int) -> None:
    """Keep the highest number where it goes: an id never means another mention later."""
    found = await tx.row("SELECT max(id) FROM mention")
    if found and found[0] == number:
        await settings.put(tx, TOP, str(number))


async def stories(tx: Tx, before: datetime, limit: int) -> Tally:
    """Purge some stories that ended before then and of which no post is left.

    Kept are those that an incident tells of, and the newest, whose number must not come again.
    """
    rows = await tx.rows(
        "SELECT n.id FROM narrative AS n WHERE n.last_at < ? AND n.uid NOT IN ("
        "  SELECT json_extract(data, '$.narrative') FROM entry"
        "  WHERE kind = 'narrative.linked' AND json_type(data, '$.narrative') = 'text')"
        f" AND NOT EXISTS (SELECT 1 FROM {LIVING})"
        " AND n.id < (SELECT max(id) FROM narrative) LIMIT ?",
        (stamp(before), limit),
    )
    gone = [row[0] for row in rows]
    await tx.run(
        "DELETE FROM narrative WHERE id IN (SELECT value FROM json_each(?))", (as_list(gone),)
    )
    for number in gone:
        tx.tell("narrative", f"N-{number}")
    return Tally(narratives=len(gone))


async def counts(tx: Tx, before: datetime, now: datetime) -> Tally:
    """Purge some of the minutes, buckets and hashes that are older still."""
    at = stamp(before)
    deleted = 0
    for table, keys, where, arg in (
        ("minute", "source, minute", "minute < ?", at[:16]),
        ("bucket", "series, start", "start < ?", at),
        ("gone", "key", "day < ?", now.toordinal() - REMEMBERED),
    ):
        deleted += await tx.run(
            f"DELETE FROM {table} WHERE ({keys}) IN"
            f" (SELECT {keys} FROM {table} WHERE {where} LIMIT ?)",
            (arg, SLICE),
        )
    return Tally(counts=deleted)


async def merge_words(tx: Tx, *, begin: bool) -> bool:
    """Merge a part of the word index, so that deleted words leave the file; False once whole."""
    before = await tx.row("SELECT total_changes()")
    await tx.run(
        "INSERT INTO mention_words (mention_words, rank) VALUES ('merge', ?)",
        (-PAGES if begin else PAGES,),
    )
    after = await tx.row("SELECT total_changes()")
    assert before is not None
    assert after is not None
    return bool(after[0] - before[0] >= 2)


async def settle(store: Store, *, compact: bool) -> None:
    """Write the log ahead back into the file; with `compact`, give the free space back too.

    Nobody else can write meanwhile, which is felt for as long as compacting a large file takes.
    """

    async def work() -> None:
        async with store._mutex, store._turns.turn():
            if compact:
                await store._writer.execute_fetchall("VACUUM")
            await store._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    await asyncio.shield(store._submit(work()))
