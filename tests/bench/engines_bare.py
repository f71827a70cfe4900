"""What the bare engines do with the same posts: in tables of our own making, and in a room's.

The lean tables have a key, one list, the originals and full text; a room's have all of its
indexes, too. Rows and word vectors of the room's tables are made before the clock starts.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import asyncpg

from crisisroom.clock import SystemClock
from crisisroom.core.mention import Incoming
from crisisroom.core.timeline import stamp
from crisisroom.store.ids import uuid7
from crisisroom.store.mention_clean import COLUMNS, Marks, author_of, fields, fingerprint, key_of
from crisisroom.store.mention_clean import spoken as spoken_of
from crisisroom.store.postgres.words import vector
from crisisroom.store.schema import MIGRATIONS

Rate = tuple[float, float]  # mentions a second, and minus the microseconds of CPU here for each

_LEAN = """
CREATE TABLE mention (id BIGINT PRIMARY KEY, uid TEXT UNIQUE, source TEXT, external_id TEXT,
  handle TEXT, name TEXT, text TEXT, url TEXT, seen_at TEXT, UNIQUE (source, external_id));
CREATE INDEX by_source ON mention (source, id);
CREATE TABLE original (mention BIGINT PRIMARY KEY, text {blob}, sha256 TEXT);
"""
_LEAN_COLUMNS = ["id", "uid", "source", "external_id", "handle", "name", "text", "url", "seen_at"]
_ORIGINAL = ["mention", "revision", "at", "text", "author", "sha256"]


def _rows(items: Sequence[Incoming], first: int) -> list[tuple[Any, ...]]:
    now = SystemClock().now()
    return [
        (
            *(first + index, uuid7(now), one.source, one.external_id, one.author.handle),
            *(one.author.name, one.text, one.url, stamp(now)),
        )
        for index, one in enumerate(items)
    ]


def _originals(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    texts = [(row[0], row[6].encode()) for row in rows]
    return [(number, text, hashlib.sha256(text).hexdigest()) for number, text in texts]


def _rooms_rows(
    items: Sequence[Incoming], first: int
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return the rows of a room's tables, and of its originals."""
    now, made, kept = SystemClock().now(), [], []
    for number, one in enumerate(items, first):
        sha256 = fingerprint(one)
        made.append(fields(number, 1, key_of(one, sha256), one, Marks(), now))
        kept.append((number, 1, stamp(now), one.text.encode(), author_of(one), sha256))
    return made, kept


def _rate(count: int, began: float, cpu: float) -> Rate:
    return count / (time.perf_counter() - began), (cpu - time.process_time()) / count * 1e6


def lean_sqlite(items: Sequence[Incoming], batch: int) -> Rate:
    """Write posts with sqlite3 into lean tables."""
    with tempfile.TemporaryDirectory() as folder, closing(_file(folder)) as file:
        file.executescript(
            _LEAN.format(blob="BLOB")
            + "CREATE VIRTUAL TABLE words USING fts5(text, handle, name, content='mention',"
            " content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3');"
        )
        began, cpu = time.perf_counter(), time.process_time()
        for start in range(0, len(items), batch):
            rows = _rows(items[start : start + batch], start)
            file.execute("BEGIN IMMEDIATE")
            file.executemany(f"INSERT INTO mention VALUES ({','.join('?' * 9)})", rows)
            file.executemany(
                "INSERT INTO words (rowid, text, handle, name) VALUES (?, ?, ?, ?)",
                [(row[0], row[6], row[4], row[5]) for row in rows],
            )
            file.executemany("INSERT INTO original VALUES (?, ?, ?)", _originals(rows))
            file.execute("COMMIT")
        return _rate(len(items), began, cpu)


def _file(folder: str) -> sqlite3.Connection:
    file = sqlite3.connect(f"{folder}/bare.db", isolation_level=None)
    file.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
    return file


def rooms_sqlite(items: Sequence[Incoming], batch: int) -> Rate:
    """Write ready rows with sqlite3 into the tables of a room."""
    with tempfile.TemporaryDirectory() as folder, closing(_file(folder)) as file:
        for _, script in MIGRATIONS:
            file.executescript(script)
        made, kept = _rooms_rows(items, 1)
        began, cpu = time.perf_counter(), time.process_time()
        for start in range(0, len(items), batch):
            rows = made[start : start + batch]
            file.execute("BEGIN IMMEDIATE")
            file.executemany(f"INSERT INTO mention ({COLUMNS}) VALUES ({_places(21)})", rows)
            file.executemany(
                "INSERT INTO mention_words (rowid, handle, name, text) VALUES (?, ?, ?, ?)",
                [spoken_of(row) for row in rows],
            )
            originals = kept[start : start + batch]
            file.executemany(f"INSERT INTO original VALUES ({_places(6)})", originals)
            file.execute("COMMIT")
        return _rate(len(items), began, cpu)


def _places(count: int) -> str:
    return ",".join("?" * count)


async def lean_copy(items: Sequence[Incoming], batch: int, server: str) -> Rate:
    """Write posts with COPY into lean tables, the server's own full text included."""
    raw = await asyncpg.connect(server)
    try:
        await raw.execute("DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare")
        await raw.execute("SET search_path = bare; SET synchronous_commit = off")
        await raw.execute(
            _LEAN.format(blob="BYTEA") + "ALTER TABLE mention ADD COLUMN words tsvector GENERATED"
            " ALWAYS AS (to_tsvector('simple', text || ' ' || handle || ' ' || name)) STORED;"
            "CREATE INDEX said ON mention USING gin (words)"
        )
        began, cpu = time.perf_counter(), time.process_time()
        for start in range(0, len(items), batch):
            rows = _rows(items[start : start + batch], start)
            async with raw.transaction():
                await raw.copy_records_to_table("mention", records=rows, columns=_LEAN_COLUMNS)
                await raw.copy_records_to_table("original", records=_originals(rows))
        return _rate(len(items), began, cpu)
    finally:
        await raw.close()


async def rooms_copy(items: Sequence[Incoming], batch: int, server: str) -> Rate:
    """Write ready rows with COPY into the tables of a room, and ready word vectors."""
    raw = await asyncpg.connect(server, server_settings={"search_path": "crisisroom"})
    try:
        await raw.execute("SET synchronous_commit = off")
        top = await raw.fetchval("SELECT coalesce(max(id), 0) FROM mention")
        made, kept = _rooms_rows(items, top + 1)
        words = [(row[0], vector(spoken_of(row)[1:])) for row in made]
        columns = COLUMNS.split(", ")
        began, cpu = time.perf_counter(), time.process_time()
        for start in range(0, len(items), batch):
            part = slice(start, start + batch)
            async with raw.transaction():
                await raw.copy_records_to_table("mention", records=made[part], columns=columns)
                await raw.copy_records_to_table("original", records=kept[part], columns=_ORIGINAL)
                await raw.execute(
                    "INSERT INTO mention_words SELECT a, CAST(b AS tsvector)"
                    " FROM unnest($1::bigint[], $2::text[]) AS given (a, b)",
                    *zip(*words[part], strict=True),
                )
        return _rate(len(items), began, cpu)
    finally:
        await raw.close()
