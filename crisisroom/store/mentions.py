"""Mentions on disk: batched ingest, edits kept as edits, windows over millions of rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.mention import Author, Incoming, Media, Mention
from crisisroom.core.query import Query, numbered
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.ids import uuid7
from crisisroom.store.tx import Tx
from crisisroom.text import clean, clean_line, lossless

COLUMNS = (
    "m.id, m.uid, m.source, m.external_id, m.kind, m.handle, m.name, m.reach, m.text, m.url,"
    " m.lang, m.media, m.posted_at, m.seen_at, m.state, m.brand, m.account, m.reply_to,"
    " m.assignee, m.claimed_until, m.narrative, c.number, m.revision, m.tags"
)
_FROM = "mention AS m LEFT JOIN chain AS c ON c.id = m.incident"


class Ingested(msgspec.Struct, frozen=True):
    """What a batch came to: row numbers of new and edited mentions, and how many were known."""

    added: tuple[int, ...] = ()
    edited: tuple[int, ...] = ()
    known: int = 0


async def ingest(tx: Tx, items: Sequence[Incoming], now: datetime) -> Ingested:
    """Write a batch: new ones added, changed ones kept as edits, known ones counted."""
    added, edited, known = [], [], 0
    for item in items:
        found = await tx.row(
            "SELECT m.id, m.revision, o.sha256 FROM mention AS m JOIN original AS o"
            " ON o.mention = m.id AND o.revision = m.revision"
            " WHERE m.source = ? AND m.external_id = ?",
            (clean_line(item.source), _key(item)),
        )
        if found is None:
            added.append(await _add(tx, item, now))
        elif found[2] != _fingerprint(item):
            edited.append(await _edit(tx, found[0], found[1] + 1, item, now))
        else:
            known += 1
    if added or edited:
        numbers = (*added, *edited)
        tx.tell("mention", f"{min(numbers)}-{max(numbers)}")
    return Ingested(tuple(added), tuple(edited), known)


def _key(item: Incoming) -> str:
    return clean_line(item.external_id, limit=1000) or f"sha256:{_fingerprint(item)}"


def _fingerprint(item: Incoming) -> str:
    author = item.author.handle or item.author.name
    return hashlib.sha256(lossless(item.text) + b"\0" + lossless(author)).hexdigest()


async def _add(tx: Tx, item: Incoming, now: datetime) -> int:
    posted = item.posted_at or now
    fields = (
        uuid7(now),
        clean_line(item.source),
        _key(item),
        item.kind,
        clean_line(item.brand),
        clean_line(item.account),
        clean_line(item.author.handle, limit=200),
        clean_line(item.author.name, limit=200),
        item.author.reach,
        clean(item.text),
        clean_line(item.url, limit=2000),
        clean_line(item.lang, limit=35),
        msgspec.json.encode([_clean_media(media) for media in item.media[:16]]).decode(),
        clean_line(item.reply_to, limit=1000),
        stamp(min(posted, now)),
        stamp(now),
    )
    found = await tx.row(
        "INSERT INTO mention (uid, source, external_id, kind, brand, account, handle, name, reach,"
        " text, url, lang, media, reply_to, posted_at, seen_at)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id",
        fields,
    )
    assert found is not None
    await _keep_original(tx, found[0], 1, item, now)
    await _index(tx, found[0])
    await tx.run(
        "INSERT INTO minute VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET mentions = mentions + 1",
        (fields[1], stamp(now)[:16]),
    )
    return int(found[0])


def _clean_media(media: Media) -> Media:
    return Media(
        clean_line(media.kind, limit=40),
        clean_line(media.url, limit=2000),
        clean_line(media.alt),
        clean_line(media.sha256, limit=64),
    )


async def _edit(tx: Tx, number: int, revision: int, item: Incoming, now: datetime) -> int:
    await _forget(tx, number)
    await tx.run(
        "UPDATE mention SET text = ?, revision = ? WHERE id = ?",
        (clean(item.text), revision, number),
    )
    await _index(tx, number)
    await _keep_original(tx, number, revision, item, now)
    return number


async def _index(tx: Tx, number: int) -> None:
    """Make a mention findable; not by trigger, which an untrusted schema may not do."""
    await tx.run(
        "INSERT INTO mention_words (rowid, text, handle, name)"
        " SELECT id, text, handle, name FROM mention WHERE id = ?",
        (number,),
    )


async def _forget(tx: Tx, number: int) -> None:
    await tx.run(
        "INSERT INTO mention_words (mention_words, rowid, text, handle, name)"
        " SELECT 'delete', id, text, handle, name FROM mention WHERE id = ?",
        (number,),
    )


async def _keep_original(tx: Tx, number: int, revision: int, item: Incoming, now: datetime) -> None:
    author = json.dumps([item.author.handle, item.author.name]).encode()  # ASCII: loses nothing
    await tx.run(
        "INSERT INTO original VALUES (?, ?, ?, ?, ?, ?)",
        (number, revision, stamp(now), lossless(item.text), author, _fingerprint(item)),
    )


async def get(tx: Tx, number: int) -> Mention | None:
    """Return the mention M-number."""
    found = await tx.row(f"SELECT {COLUMNS} FROM {_FROM} WHERE m.id = ?", (number,))
    return _from_row(found) if found else None


async def find(tx: Tx, query: Query) -> tuple[Mention, ...]:
    """Return one window of the mentions that fit, newest first unless asked otherwise."""
    where, args = _where(query)
    order = "DESC" if query.newest_first else "ASC"
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM {_FROM} WHERE {where} ORDER BY m.id {order} LIMIT ?",
        (*args, query.limit),
    )
    return tuple(_from_row(row) for row in rows)


async def count(tx: Tx, query: Query, cap: int = 1_000_000) -> int:
    """Return how many mentions fit, `cap` where there are more."""
    where, args = _where(query)
    found = await tx.row(
        f"SELECT count(*) FROM (SELECT 1 FROM {_FROM} WHERE {where} LIMIT ?)", (*args, cap)
    )
    return int(found[0]) if found else 0


def _where(query: Query) -> tuple[str, list[Any]]:
    parts: list[str] = ["1"]
    args: list[Any] = []
    if words := query.terms():
        parts.append("m.id IN (SELECT rowid FROM mention_words WHERE mention_words MATCH ?)")
        args.append(" ".join(f'"{word}"*' for word in words))
    for column, values in (("source", query.sources), ("state", query.states)):
        if values:
            parts.append(f"m.{column} IN ({','.join('?' * len(values))})")
            args.extend(values)
    if query.incident:
        parts.append("c.number = ?")
        args.append(numbered(query.incident, "INC-"))
    if query.assignee:
        parts.append("m.assignee = ?")
        args.append(query.assignee)
    if query.since:
        parts.append("m.seen_at >= ?")
        args.append(stamp(query.since))
    if query.before is not None:
        parts.append("m.id < ?")
        args.append(query.before)
    if query.after is not None:
        parts.append("m.id > ?")
        args.append(query.after)
    return " AND ".join(parts), args


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
        f" SELECT {COLUMNS} FROM {_FROM} WHERE m.id IN (SELECT id FROM down)"
        " ORDER BY m.posted_at, m.id LIMIT ?3",
        (mention.number, mention.source, limit),
    )
    return tuple(_from_row(row) for row in rows)


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
    tx.tell("mention", f"{number}-{number}")


async def link(tx: Tx, number: int, chain: str) -> None:
    """Note which incident a mention belongs to, empty for none."""
    await tx.run("UPDATE mention SET incident = ? WHERE id = ?", (chain, number))
    tx.tell("mention", f"{number}-{number}")


async def tag(tx: Tx, number: int, tags: Sequence[str]) -> None:
    """Set what we call a mention; a tag has no white space in it."""
    await tx.run("UPDATE mention SET tags = ? WHERE id = ?", (" ".join(tags), number))
    tx.tell("mention", f"{number}-{number}")


async def number_of(tx: Tx, uid: str) -> int | None:
    """Return the row number of the mention with this uid."""
    found = await tx.row("SELECT id FROM mention WHERE uid = ?", (uid,))
    return int(found[0]) if found else None


async def per_minute(tx: Tx, since: datetime) -> tuple[tuple[str, int], ...]:
    """Return how many mentions were seen in each minute, as `YYYY-MM-DDTHH:MM` and a number."""
    rows = await tx.rows(
        "SELECT minute, sum(mentions) FROM minute WHERE minute >= ? GROUP BY minute ORDER BY 1",
        (stamp(since)[:16],),
    )
    return tuple((row[0], row[1]) for row in rows)


def _from_row(row: tuple[Any, ...]) -> Mention:
    return Mention(
        id=f"M-{row[0]}",
        number=row[0],
        uid=row[1],
        source=row[2],
        external_id=row[3],
        kind=row[4],
        author=Author(row[5], row[6], row[7]),
        text=row[8],
        url=row[9],
        lang=row[10],
        media=tuple(msgspec.json.decode(row[11], type=list[Media])),
        posted_at=unstamp(row[12]),
        seen_at=unstamp(row[13]),
        state=row[14],
        brand=row[15],
        account=row[16],
        reply_to=row[17],
        assignee=row[18],
        claimed_until=unstamp(row[19]) if row[19] else None,
        narrative=row[20],
        incident=f"INC-{row[21]}" if row[21] is not None else "",
        revision=row[22],
        tags=tuple(row[23].split()),
    )
