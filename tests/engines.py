"""The engines that rooms of tests are kept by: files of SQLite, databases of one PostgreSQL.

`pytest --engine postgres` starts a server for the run, or takes the one that
CRISISROOM_TEST_POSTGRES names; each room is a copy of an empty one, made by the server.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from crisisroom.clock import SystemClock
from crisisroom.store import SCHEMA, Tx
from crisisroom.store.address import ServerAddress, parse
from crisisroom.store.postgres import preparing
from crisisroom.store.postgres.sweeping import sweep
from crisisroom.store.postgres.words import vector

T = TypeVar("T")
Rows = list[tuple[Any, ...]]

OWNER, WORKER = "postgres", "worker"  # who made the tables; who works in them, and may do no more

SERVER = "CRISISROOM_TEST_POSTGRES"  # the address of a server, as its superuser
MISSING = "CRISISROOM_TEST_NO_POSTGRES"  # why there is none
_ROOMY = 4 << 30  # bytes
_EMPTY = "empty_room"  # the database that each room begins as

_numbers = itertools.count(1)


def database(server: str, name: str) -> str:
    """Return the address of another database of the same server."""
    return f"{server.rpartition('/')[0]}/{name}"


def in_memory() -> str | None:
    """Return a folder in memory with room for a server's files, None where there is none.

    A room is some 300 files, made and removed for each test: a disk takes half a second for them.
    """
    folder = Path("/dev/shm")
    there = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOMY
    return str(folder) if there else None


def owned(address: str) -> str:
    """Return the address of a room as the owner of its tables has it."""
    return address.replace(f"//{WORKER}@", f"//{OWNER}@")


def prepare(server: str) -> None:
    """Make the empty room that all rooms of a run are copies of."""
    asyncio.run(_prepare(server))


async def _prepare(server: str) -> None:
    admin = await asyncpg.connect(server)
    await admin.execute(f"DROP DATABASE IF EXISTS {_EMPTY} WITH (FORCE)")
    await admin.execute(f"CREATE DATABASE {_EMPTY}")
    if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", WORKER):
        await admin.execute(f"CREATE ROLE {WORKER} LOGIN")
    await admin.close()
    address = parse(database(server, _EMPTY))
    assert isinstance(address, ServerAddress)
    await preparing.prepare(address, [WORKER], SystemClock().now())


class Databases:
    """Makes and drops rooms at the server; from any thread, with a loop of its own."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="databases")
        self._thread.start()
        self._made: list[str] = []
        self._admin: asyncpg.Connection[asyncpg.Record] = self._do(asyncpg.connect(server))

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def fresh(self) -> str:
        """Return the address of a new empty room."""
        name = f"room_{os.getpid()}_{next(_numbers)}"
        made = f"CREATE DATABASE {name} TEMPLATE {_EMPTY} STRATEGY file_copy"
        self._do(self._admin.execute(made))
        self._made.append(name)
        return database(self._server, name).replace(f"//{OWNER}@", f"//{WORKER}@")

    def drop(self, address: str) -> None:
        """Drop a room, whoever still has it open."""
        name = address.rpartition("/")[2]
        self._do(self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        self._made.remove(name)

    def raw(self, address: str, sql: str, args: Sequence[Any] = ()) -> Rows:
        """Run SQL as the superuser, past every trigger."""
        return self._do(_raw(owned(address), sql, args))

    def close(self) -> None:
        """Drop what is left and let the server go."""
        for name in tuple(self._made):
            self.drop(database(self._server, name))
        self._do(self._admin.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def set_schema(raw: Callable[[str, str], Rows], address: str, schema: int) -> None:
    """Let a room say that it has another schema than ours, or ours again."""
    if "://" not in address:
        raw(address, f"PRAGMA user_version = {schema}")
        return
    raw(address, "DELETE FROM migration WHERE name LIKE '% later'")
    for number in range(SCHEMA + 1, schema + 1):
        raw(address, f"INSERT INTO migration VALUES ('{number} later', '')")


async def forget_mentions(tx: Tx) -> None:
    """Let there be no mention in a room, nor anything that is of one."""
    numbers = [row[0] for row in await tx.rows("SELECT id FROM mention")]
    await tx.words.forget(tx, numbers)
    for table in ("picture", "original", "said", "minute", "mention"):
        await tx.run(f"DELETE FROM {table}")


async def check_words(tx: Tx) -> None:
    """Check that the word index says what the mentions say, no more and no less."""
    if tx.engine == "sqlite":
        check = "INSERT INTO mention_words (mention_words, rank) VALUES ('integrity-check', 1)"
        await tx.run(check)  # an error where they differ
        return
    rows = await tx.rows("SELECT id, handle, name, text FROM mention ORDER BY id")
    kept = await tx.rows("SELECT mention, words::text FROM mention_words ORDER BY mention")
    same = "SELECT CAST(CAST(? AS text) AS tsvector)::text"
    assert kept == [(row[0], (await tx.rows(same, (vector(row[1:]),)))[0][0]) for row in rows]


async def kept_bytes(address: str, *, swept: bool = False) -> bytes:
    """Return all that a room's files hold; `swept` once the owner of its tables has swept them.

    Of a room on a server that is what its tables, indexes and rows are on disk.
    """
    if "://" not in address:
        paths = [Path(f"{address}{end}") for end in ("", "-wal")]
        return b"".join([await asyncio.to_thread(path.read_bytes) for path in paths])
    if swept:
        found = parse(owned(address))
        assert isinstance(found, ServerAddress)
        assert await sweep(found, anew=True)
    connection = await asyncpg.connect(owned(address))
    try:
        await connection.execute("CHECKPOINT")
        files = await connection.fetch(_FILES)
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'crisisroom'"
        )
        rows = [
            row[0].encode()
            for (table,) in tables
            for row in await connection.fetch(f"SELECT one::text FROM crisisroom.{table} AS one")
        ]
        return b"\n".join((*(row[0] for row in files), *rows))
    finally:
        await connection.close()


# tables, their indexes, and what lies beside them because it is large
_FILES = (
    "WITH ours AS (SELECT c.oid, c.reltoastrelid FROM pg_class AS c"
    "  JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    "  WHERE n.nspname = 'crisisroom' AND c.relkind IN ('r', 'i'))"
    " SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM ("
    "  SELECT oid FROM ours UNION SELECT reltoastrelid FROM ours WHERE reltoastrelid <> 0) AS files"
)


async def _raw(address: str, sql: str, args: Sequence[Any]) -> Rows:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("SET search_path = crisisroom")
        return [tuple(row) for row in await connection.fetch(_dollars(sql), *args)]
    finally:
        await connection.close()


def _dollars(sql: str) -> str:
    parts = sql.split("?")
    return "".join(part if not at else f"${at}{part}" for at, part in enumerate(parts))


def raw_file(path: str, sql: str, args: Sequence[Any] = ()) -> Rows:
    """Run SQL on a room's file past the store."""
    with closing(sqlite3.connect(Path(path))) as connection, connection:
        return [tuple(row) for row in connection.execute(sql, tuple(args))]
