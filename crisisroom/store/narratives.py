"""Narratives on disk: stories with running counts, put right by hand, listed with their trend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from crisisroom.core.narrative import LIKELY, MOST_FREE, Narrative
from crisisroom.core.query import numbered
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store import buckets, mentions
from crisisroom.store.mention_rows import as_list, percent
from crisisroom.store.tx import Tx

MOVED = 5_000  # posts that a merge moves at once; `move_on` moves the rest
HOURS = 24  # of a trend

_COLUMNS = (
    "n.id, n.uid, n.title, n.named_by, n.by_hand, n.mentions, n.authors, n.sources, n.reach,"
    " n.complaints, n.first_at, n.last_at, n.state, n.into_id"
)
LIVING = (  # the posts of the story n
    "mention AS m INDEXED BY mention_by_narrative"
    " WHERE m.narrative != '' AND m.narrative = 'N-' || n.id"
)
_FREE = (
    f"(SELECT count(*) FROM (SELECT 1 FROM {LIVING} AND m.state = 'new'"
    f" AND m.others = 0 AND m.copy_of = 0 LIMIT {MOST_FREE}) AS living)"
)


async def put(tx: Tx, stories: Sequence[Narrative]) -> None:
    """Write stories with their counts as they are now; new ones and known ones alike.

    What somebody decided stays: a title of ours, the state, where a story was merged.
    """
    await tx.many(
        "INSERT INTO narrative (id, uid, title, named_by, by_hand, state, into_id, mentions,"
        " authors, reach, complaints, sources, first_at, last_at)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
        " title = CASE WHEN narrative.named_by = '' THEN excluded.title ELSE narrative.title END,"
        " mentions = excluded.mentions,"
        " authors = excluded.authors, reach = excluded.reach, complaints = excluded.complaints,"
        " sources = excluded.sources, first_at = CASE WHEN narrative.first_at < excluded.first_at"
        " THEN narrative.first_at ELSE excluded.first_at END, last_at = CASE WHEN"
        " narrative.last_at > excluded.last_at THEN narrative.last_at ELSE excluded.last_at END",
        [_fields(story) for story in stories],
    )
    for story in stories:
        tx.tell("narrative", story.id)


def _fields(story: Narrative) -> tuple[Any, ...]:
    return (
        numbered(story.id, "N-"),
        story.uid,
        story.title,
        story.named_by,
        int(story.by_hand),
        story.state,
        numbered(story.into, "N-") or 0,
        story.mentions,
        story.authors,
        story.reach,
        story.complaints,
        msgspec.json.encode(story.sources).decode(),
        stamp(story.first_at),
        stamp(story.last_at),
    )


async def next_number(tx: Tx) -> int:
    """Return the number the next story gets."""
    found = await tx.row("SELECT max(id) FROM narrative")
    return int(found[0] or 0) + 1 if found else 1


async def get(tx: Tx, number: int, now: datetime | None = None) -> Narrative | None:
    """Return the story N-number; with `now`, its trend up to then."""
    found = await _listed(tx, "WHERE n.id = ?", (number,), now)
    return found[0] if found else None


async def recent(
    tx: Tx,
    since: datetime | None = None,
    limit: int = 50,
    states: Sequence[str] = ("open",),
    now: datetime | None = None,
) -> tuple[Narrative, ...]:
    """Return the stories that went on since then, the largest first; with `now`, their trends."""
    where, args = "WHERE n.last_at >= ?", [stamp(since) if since else ""]
    if states:
        where += f" AND n.state IN ({','.join('?' * len(states))})"
    order = f"{where} ORDER BY n.mentions DESC, n.id DESC LIMIT ?"
    return await _listed(tx, order, (*args, *states, limit), now)


async def _listed(
    tx: Tx, where: str, args: Sequence[Any], now: datetime | None
) -> tuple[Narrative, ...]:
    rows = await tx.rows(f"SELECT {_COLUMNS}, {_FREE} FROM narrative AS n {where}", args)
    trends = await _trends(tx, [f"N-{row[0]}" for row in rows], now) if now and rows else {}
    return tuple(_from_row(row, trends) for row in rows)


def _from_row(row: tuple[Any, ...], trends: dict[str, tuple[int, ...]]) -> Narrative:
    return Narrative(
        id=f"N-{row[0]}",
        uid=row[1],
        title=row[2],
        named_by=row[3],
        by_hand=bool(row[4]),
        mentions=row[5],
        authors=row[6],
        sources=tuple(msgspec.json.decode(row[7])),
        reach=row[8],
        complaints=row[9],
        first_at=unstamp(row[10]),
        last_at=unstamp(row[11]),
        state=row[12],
        into=f"N-{row[13]}" if row[13] else "",
        free=row[14],
        trend=trends.get(f"N-{row[0]}", ()),
    )


async def _trends(tx: Tx, names: Iterable[str], now: datetime) -> dict[str, tuple[int, ...]]:
    """Return how many mentions each story had in each of the last hours, in one query."""
    first = now - timedelta(hours=HOURS)
    series = [f"narrative:{name}" for name in names]
    hours = {one: [0] * HOURS for one in series}
    for one, windows in (await buckets.several(tx, series, first)).items():
        for start, many, _ in windows:
            hour = int((start - first) / timedelta(hours=1))
            hours[one][min(max(hour, 0), HOURS - 1)] += many
    return {one.removeprefix("narrative:"): tuple(counts) for one, counts in hours.items()}


async def rename(tx: Tx, number: int, title: str, who: str) -> None:
    """Give a story a name of ours, which the machine leaves alone."""
    await tx.run("UPDATE narrative SET title = ?, named_by = ? WHERE id = ?", (title, who, number))
    tx.tell("narrative", f"N-{number}")


async def set_state(tx: Tx, number: int, state: str) -> None:
    """Set a story aside, or take that back."""
    await tx.run("UPDATE narrative SET state = ? WHERE id = ?", (state, number))
    tx.tell("narrative", f"N-{number}")


async def merge(tx: Tx, into: int, other: int, *, by_hand: bool = True) -> None:
    """Make a story part of another, with all that was merged into it; its counts are added.

    A large story's posts move some at a time (see `move_on`); lists show them all the same.
    """
    both = await tx.rows("SELECT sources FROM narrative WHERE id = ? OR id = ?", (into, other))
    sources = sorted({one for row in both for one in msgspec.json.decode(row[0])})
    await tx.run(
        "UPDATE narrative AS n SET by_hand = CASE WHEN n.by_hand = 1 THEN 1 ELSE ?3 END,"
        " mentions = n.mentions + o.mentions, authors = n.authors + o.authors,"
        " reach = n.reach + o.reach, complaints = n.complaints + o.complaints,"
        " first_at = CASE WHEN n.first_at < o.first_at THEN n.first_at ELSE o.first_at END,"
        " last_at = CASE WHEN n.last_at > o.last_at THEN n.last_at ELSE o.last_at END, sources = ?4"
        " FROM (SELECT * FROM narrative WHERE id = ?2) AS o WHERE n.id = ?1",
        (into, other, int(by_hand), msgspec.json.encode(sources).decode()),
    )
    await tx.run(
        "UPDATE narrative SET state = 'merged', into_id = ?1, mentions = 0,"
        " authors = 0, reach = 0, complaints = 0 WHERE id = ?2",
        (into, other),
    )
    await tx.run("UPDATE narrative SET into_id = ? WHERE into_id = ?", (into, other))
    await buckets.pour(tx, f"narrative:N-{other}", f"narrative:N-{into}")
    await _move(tx, other, into, MOVED)
    tx.tell("narrative", f"N-{other}")
    tx.tell("narrative", f"N-{into}")


async def move_on(tx: Tx, limit: int = MOVED) -> int:
    """Move some more posts of merged stories to where they belong; 0 once all are there."""
    pairs = await tx.rows(
        "SELECT n.id, n.into_id FROM narrative AS n WHERE n.into_id != 0"
        f" AND EXISTS (SELECT 1 FROM {LIVING})"
    )
    moved = 0
    for number, into in pairs:
        if moved < limit:
            moved += await _move(tx, number, into, limit - moved)
    return moved


async def _move(tx: Tx, number: int, into: int, limit: int) -> int:
    rows = await tx.rows(
        "SELECT m.id FROM mention AS m INDEXED BY mention_by_narrative"
        " WHERE m.narrative != '' AND m.narrative = ? ORDER BY m.id DESC LIMIT ?",
        (f"N-{number}", limit),
    )
    found = [row[0] for row in rows]
    if found:
        await mentions.assign_narrative(tx, found, f"N-{into}")
    return len(found)


async def split(
    tx: Tx, number: int, chosen: Sequence[int], title: str, named_by: str, uid: str
) -> int:
    """Make these posts of a story one of their own and return its number; both are counted anew.

    Reposts go along only where they are among them: see `with_copies`. The buckets of the past stay
    with the old story: the new one's trend begins now.
    """
    made = await next_number(tx)
    await tx.run(
        "INSERT INTO narrative (id, uid, title, named_by, by_hand, first_at, last_at)"
        " SELECT CAST(? AS INTEGER), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), 1,"
        " first_at, last_at FROM narrative WHERE id = ?",
        (made, uid, title, named_by, number),
    )
    await mentions.assign_narrative(tx, chosen, f"N-{made}")
    whole = await _counted(tx, chosen)
    await _set_counts(tx, made, whole)
    await tx.run("UPDATE narrative SET by_hand = 1 WHERE id = ?", (number,))
    await _set_counts(tx, number, await _left(tx, number, whole))
    tx.tell("narrative", f"N-{number}")
    tx.tell("narrative", f"N-{made}")
    return made


async def with_copies(tx: Tx, number: int, chosen: Sequence[int]) -> tuple[int, ...]:
    """Return posts of a story with their near-identical reposts in it, which nobody sees alone."""
    rows = await tx.rows(
        "SELECT id FROM mention INDEXED BY mention_by_copy WHERE copy_of != 0"
        " AND copy_of IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) AND narrative = ?",
        (as_list(chosen), f"N-{number}"),
    )
    return tuple(dict.fromkeys((*chosen, *(row[0] for row in rows))))


async def _left(tx: Tx, number: int, gone: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the counts of a story without what is gone; people are told apart among its posts.

    Its posts count on after they are deleted for their age, so they are subtracted.
    """
    known = await tx.row("SELECT mentions, complaints FROM narrative WHERE id = ?", (number,))
    names = await tx.rows("SELECT id FROM narrative WHERE id = ?1 OR into_id = ?1", (number,))
    posts = "narrative != '' AND narrative IN (SELECT value FROM json_each(?1))"
    found = await _counts(tx, posts, msgspec.json.encode([f"N-{row[0]}" for row in names]).decode())
    assert known is not None
    mentions, complaints = max(0, known[0] - gone[0]), max(0, known[1] - gone[3])
    return (mentions, *found[1:3], complaints, *found[4:])


async def _counted(tx: Tx, chosen: Sequence[int]) -> tuple[Any, ...]:
    return await _counts(
        tx, "id IN (SELECT CAST(value AS INTEGER) FROM json_each(?1))", as_list(chosen)
    )


async def _counts(tx: Tx, posts: str, given: str) -> tuple[Any, ...]:
    """Count the posts of a condition; who is not named is somebody else each time."""
    found = await tx.row(
        "WITH post AS (SELECT source, coalesce(reach, 0) AS reach, complaint, posted_at,"
        "  CASE WHEN handle != '' THEN handle ELSE name END AS who,"
        "  CASE WHEN handle = '' AND name = '' THEN id ELSE 0 END AS unnamed"
        f"  FROM mention WHERE {posts}),"
        " person AS (SELECT max(reach) AS most FROM post GROUP BY source, who, unnamed)"
        " SELECT count(*), (SELECT count(*) FROM person),"
        " (SELECT coalesce(sum(most), 0) FROM person),"
        f" coalesce(sum(CASE WHEN complaint >= {percent(LIKELY)} THEN 1 ELSE 0 END), 0),"
        " min(posted_at), max(posted_at) FROM post",
        (given,),
    )
    assert found is not None
    rows = await tx.rows(f"SELECT DISTINCT source FROM mention WHERE {posts}", (given,))
    sources = msgspec.json.encode(sorted(row[0] for row in rows)).decode()
    return (*found[:4], sources, *found[4:])


async def _set_counts(tx: Tx, number: int, counts: tuple[Any, ...]) -> None:
    await tx.run(
        "UPDATE narrative SET mentions = ?, authors = ?, reach = ?, complaints = ?, sources = ?,"
        " first_at = coalesce(?, first_at), last_at = coalesce(?, last_at) WHERE id = ?",
        (*counts, number),
    )
