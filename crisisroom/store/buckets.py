"""Counts over time: five-minute buckets of series, which charts and trends are drawn from.

A series is "" for everything about us, "term:ID", "source:ID" or "narrative:N-3".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.mention_rows import as_texts
from crisisroom.store.tx import Tx

MINUTES = 5

_ADDED = (
    "ON CONFLICT (series, start) DO UPDATE SET mentions = bucket.mentions + excluded.mentions,"
    " complaints = bucket.complaints + excluded.complaints"
)

Window = tuple[datetime, int, int]  # its start, its mentions, and those that are complaints


def start_of(moment: datetime) -> datetime:
    """Return the start of the bucket that a moment falls into."""
    return moment.replace(minute=moment.minute // MINUTES * MINUTES, second=0, microsecond=0)


async def add(tx: Tx, counts: Mapping[tuple[str, datetime], tuple[int, int]]) -> None:
    """Add mentions and complaints to buckets, each named by its series and its start."""
    await tx.many(
        f"INSERT INTO bucket (series, start, mentions, complaints) VALUES (?, ?, ?, ?) {_ADDED}",
        [
            (series, stamp(start), many, complaints)
            for (series, start), (many, complaints) in counts.items()
        ],
    )


async def window(
    tx: Tx, series: str, since: datetime, until: datetime | None = None
) -> tuple[Window, ...]:
    """Return a series' buckets that start from `since` on and before `until`, oldest first.

    Buckets without a mention are left out.
    """
    rows = await tx.rows(
        "SELECT start, mentions, complaints FROM bucket"
        " WHERE series = ? AND start >= ? AND start < ? ORDER BY start",
        (series, stamp(since), stamp(until) if until else "~"),
    )
    return tuple((unstamp(start), many, complaints) for start, many, complaints in rows)


async def first(tx: Tx, series: str) -> datetime | None:
    """Return the start of a series' oldest bucket, None where it has none."""
    found = await tx.row("SELECT min(start) FROM bucket WHERE series = ?", (series,))
    return unstamp(found[0]) if found and found[0] else None


async def several(tx: Tx, series: Iterable[str], since: datetime) -> dict[str, tuple[Window, ...]]:
    """Return the buckets of several series from `since` on, in one query; none is left out."""
    found: dict[str, list[Window]] = {one: [] for one in series}
    rows = await tx.rows(
        "SELECT b.series, b.start, b.mentions, b.complaints FROM json_each(?) AS j"
        " CROSS JOIN bucket AS b ON b.series = j.value AND b.start >= ?"
        " ORDER BY b.series, b.start",
        (as_texts(found), stamp(since)),
    )
    starts = {start: unstamp(start) for start in {row[1] for row in rows}}
    for name, start, many, complaints in rows:
        found[name].append((starts[start], many, complaints))
    return {name: tuple(windows) for name, windows in found.items()}


async def starts_with(tx: Tx, prefix: str, since: datetime) -> tuple[tuple[str, int, int], ...]:
    """Return each series of a kind such as `term:` with its mentions and complaints since then.

    The largest comes first.
    """
    rows = await tx.rows(
        "SELECT series, sum(mentions), sum(complaints) FROM bucket"
        " WHERE series >= ? AND series < ? AND start >= ? GROUP BY series ORDER BY 2 DESC, 1",
        (prefix, f"{prefix}\U0010ffff", stamp(since)),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


async def pour(tx: Tx, series: str, into: str) -> None:
    """Add one series to another and leave nothing of it."""
    await tx.run(
        "INSERT INTO bucket (series, start, mentions, complaints)"
        " SELECT CAST(? AS TEXT), start, mentions, complaints FROM bucket WHERE series = ?"
        f" {_ADDED}",
        (into, series),
    )
    await tx.run("DELETE FROM bucket WHERE series = ?", (series,))
