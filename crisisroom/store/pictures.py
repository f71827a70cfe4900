"""The pictures that posts show: which of them are wanted, kept, or out of reach.

A picture is `seen` until somebody wants its bytes; then it is `wanted`, and in the end `kept`,
`gone` at its source, or `refused` by us. One that was kept and cited by no incident may be
`dropped` when the room is full.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

import msgspec

from crisisroom.core.mention import Media
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.mention_rows import as_texts
from crisisroom.store.tx import Tx
from crisisroom.text import clean_line

State = Literal["seen", "wanted", "kept", "gone", "refused", "dropped"]
AT_ONCE = ""  # sorts before every time: what an incident needs is asked for first
MOST = 16  # of one post, as its row keeps

_KINDS = frozenset({"image", "photo", "picture"})
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COLUMNS = "p.mention, p.number, p.url, p.state, p.sha256, p.reason, p.tries, p.next_at, p.kept_at"

SHOWING = (
    "SELECT mention FROM picture WHERE sha256 != '' AND sha256 >= ? AND sha256 < ?"
    " UNION SELECT mention FROM picture WHERE sha256 = '' AND url IN (SELECT url FROM picture"
    " WHERE sha256 != '' AND kept_at != '' AND sha256 >= ? AND sha256 < ?)"
)
"""The rows of the posts that show a picture, see `shown`; `begins` gives its arguments."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of one post: `mention` is the post's row, `number` counts in it from 1."""

    mention: int
    number: int
    url: str
    state: State = "seen"
    sha256: str = ""  # of its bytes, or as whoever handed the post in says
    reason: str = ""
    tries: int = 0
    next_at: str = AT_ONCE
    kept_at: datetime | None = None


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A picture whose time has come, the source of its post, and whether an incident cites that."""

    picture: Picture
    source: str
    linked: bool


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """How far a picture went: posts in the room that show it, where, first and last seen."""

    posts: int
    sources: tuple[str, ...]
    first_at: datetime
    last_at: datetime


async def note(tx: Tx, shown: Iterable[tuple[int, Sequence[Media]]]) -> None:
    """Write down which pictures posts show, as `seen`; what is written down already stays."""
    rows = [
        (number, index, *named)
        for number, media in shown
        for index, one in enumerate(media[:MOST], 1)
        if (named := _named(one)) is not None
    ]
    if rows:
        await tx.many(
            "INSERT INTO picture (mention, number, url, state, sha256, next_at)"
            " VALUES (?, ?, ?, 'seen', ?, '') ON CONFLICT (mention, number) DO NOTHING",
            rows,
        )


def _named(media: Media) -> tuple[str, str] | None:
    """Return where a picture is and its hash as given, each empty where nobody says.

    None for what is no picture, or neither can be fetched nor counted.
    """
    if media.kind.lower() not in _KINDS:
        return None
    url, given = clean_line(media.url, limit=2000), media.sha256.strip().lower()
    place = url if url.startswith(("https://", "http://")) else ""
    sha256 = given if _SHA256.fullmatch(given) else ""
    return (place, sha256) if place or sha256 else None


async def want(tx: Tx, number: int) -> None:
    """Ask for the bytes of a post's pictures at once, where nobody has them."""
    await tx.run(
        "UPDATE picture SET state = 'wanted', reason = '', tries = 0, next_at = ''"
        " WHERE mention = ? AND url != '' AND state IN ('seen', 'dropped', 'gone')",
        (number,),
    )


async def want_after(tx: Tx, number: int, now: datetime) -> int:
    """Ask for the pictures of all posts after a row; returns the last row that shows any."""
    await tx.run(
        "UPDATE picture SET state = 'wanted', next_at = ?"
        " WHERE mention > ? AND url != '' AND state = 'seen'",
        (stamp(now), number),
    )
    return max(number, await newest(tx))


async def newest(tx: Tx) -> int:
    """Return the last row of a post that shows a picture, 0 where none does."""
    found = await tx.row("SELECT coalesce(max(mention), 0) FROM picture")
    return int(found[0]) if found else 0


async def of(tx: Tx, number: int) -> tuple[Picture, ...]:
    """Return the pictures of a post, in its order."""
    rows = await tx.rows(
        f"SELECT {_COLUMNS} FROM picture AS p WHERE p.mention = ? ORDER BY p.number", (number,)
    )
    return tuple(_from_row(row) for row in rows)


async def put(tx: Tx, one: Picture) -> None:
    """Write down where a picture stands."""
    kept_at = stamp(one.kept_at) if one.kept_at else ""
    await tx.run(
        "UPDATE picture SET state = ?, sha256 = ?, reason = ?, tries = ?, next_at = ?, kept_at = ?"
        " WHERE mention = ? AND number = ?",
        (
            *(one.state, one.sha256, one.reason, one.tries, one.next_at, kept_at),
            *(one.mention, one.number),
        ),
    )
    tx.tell("mention", f"{one.mention}-{one.mention}")


async def due(tx: Tx, now: datetime, limit: int) -> tuple[Due, ...]:
    """Return the wanted pictures whose time has come, what incidents cite first."""
    rows = await tx.rows(
        f"SELECT {_COLUMNS}, m.source, m.incident != '' FROM picture AS p INDEXED BY picture_wanted"
        " CROSS JOIN mention AS m ON m.id = p.mention"
        " WHERE p.state = 'wanted' AND p.next_at <= ? ORDER BY p.next_at LIMIT ?",
        (stamp(now), limit),
    )
    return tuple(
        Due(picture=_from_row(row[:9]), source=row[9], linked=bool(row[10])) for row in rows
    )


_ON_SERVER = (
    "state = 'wanted' AND lower(substr(url, instr(url, '://') + 3, length(?1))) = ?1"
    " AND substr(url, instr(url, '://') + 3 + length(?1), 1) IN ('', '/', '?', '#')"
)


async def rest(tx: Tx, server: str, until: datetime) -> None:
    """Ask for no wanted picture of a server before then; `server` is `host:port`, small letters."""
    await tx.run(
        f"UPDATE picture SET next_at = ?2 WHERE {_ON_SERVER} AND next_at < ?2",
        (server, stamp(until)),
    )


async def give_up(tx: Tx, server: str, state: State, reason: str) -> None:
    """Give up all wanted pictures of a server."""
    await tx.run(
        f"UPDATE picture SET state = ?2, reason = ?3 WHERE {_ON_SERVER}", (server, state, reason)
    )


async def not_kept(tx: Tx, chain: str) -> tuple[Picture, ...]:
    """Return the pictures of an incident's posts that are not here, with their reasons."""
    rows = await tx.rows(
        f"SELECT {_COLUMNS} FROM mention AS m INDEXED BY mention_by_incident"
        " CROSS JOIN picture AS p ON p.mention = m.id"
        " WHERE m.incident != '' AND m.incident = ? AND p.state != 'kept'"
        " ORDER BY p.mention, p.number",
        (chain,),
    )
    return tuple(_from_row(row) for row in rows)


async def shown(tx: Tx, hashes: Iterable[str]) -> dict[str, Shown]:
    """Return how far pictures went, by hash.

    A post shows a picture whose bytes have that hash, or whose hash was given with the post, or
    whose address is the one that such bytes came from.
    """
    rows = await tx.rows(
        "WITH asked AS (SELECT DISTINCT value AS sha256 FROM json_each(?)),"
        " shows(sha256, mention, url) AS MATERIALIZED ("
        "  SELECT p.sha256, p.mention, CASE WHEN p.kept_at != '' THEN p.url ELSE '' END"
        "  FROM asked AS a"
        "  CROSS JOIN picture AS p ON p.sha256 = a.sha256 AND p.sha256 != ''),"
        " every(sha256, mention) AS ("
        "  SELECT sha256, mention FROM shows UNION"
        "  SELECT s.sha256, p.mention FROM picture AS p"
        "  JOIN (SELECT DISTINCT sha256, url FROM shows WHERE url != '') AS s ON s.url = p.url"
        "  WHERE p.sha256 = '')"
        " SELECT e.sha256, m.source, count(*), min(m.seen_at), max(m.seen_at)"
        " FROM every AS e CROSS JOIN mention AS m ON m.id = e.mention GROUP BY e.sha256, m.source"
        " ORDER BY e.sha256, m.source",
        (as_texts(hashes),),
    )
    return {sha256: _together(list(each)) for sha256, each in groupby(rows, lambda row: row[0])}


def _together(rows: Sequence[tuple[str, str, int, str, str]]) -> Shown:
    """Return how far a picture went, from how far it went at each source."""
    return Shown(
        posts=sum(row[2] for row in rows),
        sources=tuple(row[1] for row in rows),
        first_at=unstamp(min(row[3] for row in rows)),
        last_at=unstamp(max(row[4] for row in rows)),
    )


async def widest(tx: Tx, limit: int) -> tuple[str, ...]:
    """Return the hashes of the pictures that most posts show, and of what else is kept."""
    rows = await tx.rows(
        "SELECT sha256, count(DISTINCT mention) FROM picture WHERE sha256 != '' GROUP BY sha256"
        " UNION ALL SELECT e.sha256, 0 FROM evidence AS e WHERE NOT EXISTS"
        " (SELECT 1 FROM picture AS p WHERE p.sha256 != '' AND p.sha256 = e.sha256)"
        " ORDER BY 2 DESC, 1 LIMIT ?",
        (limit,),
    )
    return tuple(row[0] for row in rows)


async def hashes_of(tx: Tx, numbers: str) -> tuple[str, ...]:
    """Return the hashes of what posts show, the posts as a JSON list of rows."""
    rows = await tx.rows(
        "SELECT DISTINCT sha256 FROM picture WHERE sha256 != ''"
        " AND mention IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (numbers,),
    )
    return tuple(row[0] for row in rows)


def begins(picture: str) -> tuple[str, str, str, str]:
    """Return the arguments of `SHOWING` for hashes that begin so."""
    return (picture, f"{picture}g") * 2


def _from_row(row: Sequence[Any]) -> Picture:
    return Picture(
        mention=row[0],
        number=row[1],
        url=row[2],
        state=row[3],
        sha256=row[4],
        reason=row[5],
        tries=row[6],
        next_at=row[7],
        kept_at=unstamp(row[8]) if row[8] else None,
    )
