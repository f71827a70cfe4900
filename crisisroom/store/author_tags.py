"""What we call authors at their source: all that they write counts as tagged so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.mention_rows import as_texts
from crisisroom.store.tx import Tx


class AuthorTag(msgspec.Struct, frozen=True):
    """One tag of an author: at which source, by which handle, who said so and when."""

    source: str
    handle: str  # as `key` leaves it
    tag: str
    actor: str
    at: datetime


def key(handle: str) -> str:
    """Return a handle as it is compared: without its @, in small letters."""
    return handle.strip().removeprefix("@").casefold()


async def put(
    tx: Tx, source: str, handle: str, tags: Iterable[str], actor: str, now: datetime
) -> None:
    """Tag an author; who said it first stays."""
    await tx.many(
        "INSERT INTO author_tag (source, handle, tag, actor, at) VALUES (?,?,?,?,?)"
        " ON CONFLICT DO NOTHING",
        [(source, key(handle), tag, actor, stamp(now)) for tag in tags],
    )
    tx.tell("author", source)


async def remove(tx: Tx, sources: Sequence[str], handle: str, tags: Iterable[str]) -> None:
    """Take tags off an author at these sources."""
    await tx.run(
        "DELETE FROM author_tag WHERE handle = ?"
        " AND source IN (SELECT value FROM json_each(?))"
        " AND tag IN (SELECT value FROM json_each(?))",
        (key(handle), as_texts(sources), as_texts(tags)),
    )
    for source in sources:
        tx.tell("author", source)


async def of(tx: Tx, sources: Sequence[str], handle: str) -> tuple[str, ...]:
    """Return the tags of an author at any of these sources, the first said first."""
    if not key(handle):
        return ()
    rows = await tx.rows(
        "SELECT tag FROM author_tag WHERE handle = ?"
        " AND source IN (SELECT value FROM json_each(?)) GROUP BY tag ORDER BY min(at), tag",
        (key(handle), as_texts(sources)),
    )
    return tuple(row[0] for row in rows)


async def known(tx: Tx, handle: str = "", tag: str = "") -> tuple[AuthorTag, ...]:
    """Return the tags of all authors, or of one, or those that are this tag; by handle."""
    rows = await tx.rows(
        "SELECT source, handle, tag, actor, at FROM author_tag"
        " WHERE (?1 = '' OR handle = ?1) AND (?2 = '' OR tag = ?2)"
        " ORDER BY handle, source, at, tag",
        (key(handle), tag),
    )
    return tuple(AuthorTag(row[0], row[1], row[2], row[3], unstamp(row[4])) for row in rows)
