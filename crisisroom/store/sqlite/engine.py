"""A room in a file: one writer and one reader a process, turns between them, a bell after each."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal, TypeVar

import aiosqlite

from crisisroom.clock import Clock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.store import files, migrations
from crisisroom.store.engine import Done, Link, Reading, Writing
from crisisroom.store.signal import Bell
from crisisroom.store.sqlite.connection import SqliteConnection
from crisisroom.store.turns import Turns
from crisisroom.store.tx import Tx
from crisisroom.tasks import spawn

T = TypeVar("T")

SAFETY_NET = 1.0  # seconds between looks at data_version, in case a wake-up was missed


class SqliteEngine:
    """One open room file."""

    name: Literal["sqlite"] = "sqlite"
    session_user = ""
    link = Link()

    def __init__(self, path: Path, clock: Clock, heard: Callable[[], None]) -> None:
        self.path = path
        self.clock = clock
        self._heard = heard
        self._writer: aiosqlite.Connection
        self._reader: aiosqlite.Connection
        self._turns: Turns
        self._bell: Bell
        self._watching: asyncio.TimerHandle
        self._durable = True
        self._closed = False

    async def open(self, *, create: bool) -> None:
        """Open the file, making and migrating it where needed."""
        files.prepare(self.path, create=create)
        self._mutex = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._turns = Turns(self.path)
        self._bell = Bell(self.path)
        self._loop = asyncio.get_running_loop()
        with _Spoken():
            async with self._turns.turn():
                self._writer = await _connect(self.path, "rw")
                await migrations.settle(self._writer, self.clock.now(), self.path)
                await self._writer.execute_fetchall("PRAGMA journal_mode=WAL")
            self._reader = await _connect(self.path, "ro")
            self._version = await self._data_version()
        self._loop.add_reader(self._bell.ear.fileno(), self._rung)
        self._watching = self._loop.call_later(SAFETY_NET, self._look)

    async def close(self) -> None:
        """Close both connections, the writer in turn."""
        self._closed = True
        if hasattr(self, "_watching"):
            self._watching.cancel()
            self._loop.remove_reader(self._bell.ear.fileno())
        try:
            if hasattr(self, "_reader"):
                async with self._reading:
                    await self._reader.close()
            if hasattr(self, "_writer"):
                async with self._mutex:
                    await self._close_writer()
        finally:
            if hasattr(self, "_bell"):
                self._bell.close()
            if hasattr(self, "_turns"):
                self._turns.close()

    async def _close_writer(self) -> None:
        """Close in turn; where no turn is to be had, others are here and we do not checkpoint."""
        try:
            async with self._turns.turn():
                await self._writer.close()
        except Unavailable:
            await self._writer.close()

    async def read(self, work: Reading[T]) -> T:
        """Run `work` over one consistent view of the file."""
        async with self._reading:
            with _Spoken():
                await self._reader.execute("BEGIN")
                try:
                    return await work(SqliteConnection(self._reader))
                finally:
                    await self._reader.execute("ROLLBACK")

    async def write(self, work: Writing, *, durable: bool, though_moved: bool = False) -> Done:
        """Run `work` as one transaction, in turn, and ring the bell after it."""
        async with self.writer() as writer:
            if durable != self._durable:
                await writer.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
                self._durable = durable
            await writer.execute("BEGIN IMMEDIATE")
            try:
                connection = SqliteConnection(writer)
                await migrations.require(Tx(connection), though_moved=though_moved)
                done = await work(connection)
                await writer.execute("COMMIT")
            except BaseException:
                if writer.in_transaction:
                    await writer.execute("ROLLBACK")
                raise
        if done.told:
            self._bell.ring()
        return done

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[aiosqlite.Connection]:
        """Hold the turn at writing to the file, outside of any transaction."""
        async with self._mutex, self._turns.turn():
            with _Spoken():
                yield self._writer

    async def listen(self) -> None:
        """Do nothing more: the bell is heard from the beginning."""

    async def copy_to(self, path: Path) -> None:
        """Write the room as it stands now into an empty file, while others go on working."""
        async with self._reading:
            with _Spoken():
                await self._reader.execute("VACUUM INTO ?", (str(path),))

    def _rung(self) -> None:
        self._bell.drain()
        self._heard()

    def _look(self) -> None:
        spawn(self._compare(), name="data-version", on_error=self._look_again)

    def _look_again(self, name: str, error: BaseException) -> None:
        """Keep looking: a failed look is made up for by the next one."""
        if not self._closed:
            self._watching = self._loop.call_later(SAFETY_NET, self._look)

    async def _compare(self) -> None:
        async with self._reading:
            if self._closed:
                return
            version = await self._data_version()
        if version != self._version:
            self._version = version
            self._heard()
        self._watching = self._loop.call_later(SAFETY_NET, self._look)

    async def _data_version(self) -> int:
        found = list(await self._reader.execute_fetchall("PRAGMA data_version"))
        return int(found[0][0])


async def _connect(path: Path, mode: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(
        f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=10
    )
    settings = ["foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF"]
    if mode == "rw":
        settings += ["synchronous=FULL", "secure_delete=ON"]
    try:
        for setting in settings:
            # to its end: a row half read locks
            await connection.execute_fetchall(f"PRAGMA {setting}")
    except BaseException:
        await connection.close()
        raise
    return connection


class _Spoken:
    """Turns SQLite's errors into one line a person can act on."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise _said(error) from error


def _said(error: sqlite3.Error) -> Refused:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name in ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"):  # the second: no place for the -shm file
        return Unavailable("disk-full", "the disk is full: nothing was changed", "free some space")
    if name.startswith("SQLITE_IOERR"):
        return Unavailable("disk-error", f"the disk fails ({name}): nothing was changed")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return Unavailable("read-only", "this room cannot be written to from here")
    if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        return Unavailable("damaged", "this file is not a room, or it is damaged", "use a backup")
    return Unavailable("store", f"the room's store refused: {error}")
