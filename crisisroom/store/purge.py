"""Taking old mentions away, a few at a time: no turn at writing lasts long enough to be felt.

Kept are those that an incident cites or cited, that somebody drafts an answer to, or has claimed,
and what tells the stories of a held incident. Pictures go with the last post that shows them, but
for those that an incident cites. What was purged is remembered by a hash of its name, so that no
source brings it back as news.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.timeline import stamp
from crisisroom.store import Tx, author_tags, evidence, pictures, settings
from crisisroom.store.mention_clean import fingerprint_of
from crisisroom.store.mention_ingest import TOP, forget_terms
from crisisroom.store.mention_rows import as_list, as_texts, tell
from crisisroom.store.mention_windows import DISORDER, first_since
from crisisroom.store.narratives import LIVING

SLICE = 20_000  # rows of counts that are deleted in one turn
REMEMBERED = 400  # days for which a purged mention is known again


class Tally(msgspec.Struct, frozen=True):
    """How much was purged: mentions, the clicks on them, stories left empty, rows of counts.

    And authors who were tagged, and of whom no post is left.
    """

    mentions: int = 0
    clicks: int = 0
    narratives: int = 0
    counts: int = 0
    authors: int = 0

    def plus(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(
            self.mentions + other.mentions,
            self.clicks + other.clicks,
            self.narratives + other.narratives,
            self.counts + other.counts,
            self.authors + other.authors,
        )


class Cited(msgspec.Struct, frozen=True):
    """The uids of mentions that must stay, as of a state of the logs; and the hashes of bytes."""

    logs: int = -1
    uids: frozenset[str] = frozenset()
    hashes: frozenset[str] = frozenset()


async def cited(tx: Tx, known: Cited) -> Cited:
    """Return what incidents cite, read anew only where a log has grown; and what drafts answer."""
    found = await tx.row("SELECT coalesce(sum(seq), 0) FROM chain WHERE number IS NOT NULL")
    drafts = await tx.rows("SELECT mention FROM draft WHERE mention != ''")
    logs = int(found[0]) if found else 0
    if logs != known.logs:
        held = await evidence.cited_by(tx, await evidence.held(tx))
        known = Cited(logs, await _in_logs(tx) | held, await evidence.cited(tx))
    return msgspec.structs.replace(known, uids=known.uids | {row[0] for row in drafts})


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
        "SELECT count(*), coalesce(sum(CASE WHEN incident != ''"
        " OR coalesce(claimed_until, '') > ? THEN 1 ELSE 0 END), 0)"
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
    tally = await delete(tx, gone, now, stay.hashes) if gone else Tally()
    return (rows[-1][0] if rows else 0), tally


async def delete(
    tx: Tx, gone: Sequence[tuple[Any, ...]], now: datetime, stay: frozenset[str]
) -> Tally:
    """Delete mentions, given as id, uid, source, external id and copies, with all that is theirs.

    They do not come back from a source. Of their pictures' bytes stay those with a hash in `stay`.
    """
    numbers = [row[0] for row in gone]
    listed = as_list(numbers)
    shown = await pictures.hashes_of(tx, listed)
    await _pass_on(tx, [row[0] for row in gone if row[4]], listed)
    await tx.words.forget(tx, numbers)
    await forget_terms(tx, listed)
    await tx.many(
        "INSERT INTO gone (key, day) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
        [(fingerprint_of((row[2], row[3])), now.toordinal()) for row in gone],
    )
    await _remember_top(tx, numbers[-1])
    clicks = await tx.run(
        "DELETE FROM click WHERE mention IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (listed,),
    )
    await tx.run(
        "DELETE FROM mention WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (listed,),
    )
    await evidence.forget_unshown(tx, shown, stay)
    tell(tx, numbers)
    return Tally(len(numbers), clicks)


async def _pass_on(tx: Tx, firsts: list[int], listed: str) -> None:
    """Let the next repost stand for those whose first goes: else nobody would see them again."""
    for first in firsts:
        heir = await tx.row(
            "SELECT min(id), count(*) FROM mention WHERE copy_of = ?"
            " AND id NOT IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
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
        "DELETE FROM narrative WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (as_list(gone),),
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


async def silent(tx: Tx, before: datetime) -> tuple[tuple[str, str], ...]:
    """Return the authors, by source and handle, tagged before then, of whom no post is left."""
    tagged = await tx.rows(
        "SELECT source, handle FROM author_tag GROUP BY source, handle HAVING max(at) < ?",
        (stamp(before),),
    )
    if not tagged:
        return ()
    posts = await tx.rows("SELECT DISTINCT handle FROM mention")
    here = {author_tags.key(handle) for (handle,) in posts}
    return tuple((source, handle) for source, handle in tagged if handle not in here)


async def untag(tx: Tx, authors: Sequence[tuple[str, str]], before: datetime) -> Tally:
    """Forget what authors were called before then."""
    await tx.many(
        "DELETE FROM author_tag WHERE source = ? AND handle = ? AND at < ?",
        [(*one, stamp(before)) for one in authors],
    )
    for source, _ in authors:
        tx.tell("author", source)
    return Tally(authors=len(authors))
