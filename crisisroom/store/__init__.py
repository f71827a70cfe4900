"""The store: SQL lives here and nowhere else.

A store has an event-loop thread of its own. Whole transactions are handed to it, so that a stuck
screen can never hold a lock; a cancelled caller does not cancel a transaction that has begun.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from crisisroom.clock import Clock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.incident import Incident
from crisisroom.store import changes, files, migrations
from crisisroom.store.changes import Change
from crisisroom.store.schema import SCHEMA
from crisisroom.store.signal import Bell
from crisisroom.store.turns import Turns
from crisisroom.store.tx import Tx
from crisisroom.tasks import spawn

T = TypeVar("T")
Work = Callable[[Tx], Awaitable[T]]

SAFETY_NET = 1.0  # seconds between looks at data_version, in case a wake-up was missed


class Store:
    """One open room file; make one with `Store.open`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path.expanduser().resolve()  # one room, one set of locks, by whatever link
        self.clock = clock
        self.doing = ""  # what a command line asks for, as its command id remembers it
        # Incidents as of their newest entry, by chain: one cache for the writer, which forgets it
        # when a transaction fails, and one for readers, who may be a moment behind.
        self.states: dict[str, Incident] = {}
        self.seen: dict[str, Incident] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="crisisroom-store", daemon=True
        )
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._writer: aiosqlite.Connection
        self._reader: aiosqlite.Connection
        self._turns: Turns
        self._bell: Bell
        self._durable = True
        self._closed = False

    @classmethod
    async def open(cls, path: Path, clock: Clock, *, create: bool = True) -> Store:
        """Open the room at `path`, making and migrating it where needed."""
        store = cls(path, clock)
        store._thread.start()
        try:
            await store._submit(store._open(create))
        except BaseException:
            await store.close()
            raise
        return store

    async def _open(self, create: bool) -> None:
        files.prepare(self.path, create=create)
        self._mutex = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._turns = Turns(self.path)
        self._bell = Bell(self.path)
        with _Spoken():
            async with self._turns.turn():
                self._writer = await _connect(self.path, "rw")
                await migrations.settle(self._writer, self.clock.now(), self.path)
                await self._writer.execute_fetchall("PRAGMA journal_mode=WAL")
            self._reader = await _connect(self.path, "ro")
            self._version = await self._data_version()
        self._loop.add_reader(self._bell.ear.fileno(), self._heard)
        self._watching = self._loop.call_later(SAFETY_NET, self._look)

    async def close(self) -> None:
        """Close the room; what was acknowledged is on disk already."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._submit(self._close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            await asyncio.to_thread(self._thread.join)
            self._loop.close()

    async def _close(self) -> None:
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

    async def _submit(self, work: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        return await asyncio.shield(asyncio.wrap_future(future))

    def _refuse_closed(self) -> None:
        if self._closed:
            raise Unavailable("closed", "this room was closed", "open it again")

    async def read(self, work: Work[T]) -> T:
        """Run `work` over one consistent view of the room."""
        self._refuse_closed()
        return await self._submit(self._read(work))

    async def _read(self, work: Work[T]) -> T:
        async with self._reading:
            with _Spoken():
                await self._reader.execute("BEGIN")
                try:
                    return await work(Tx(self._reader, self.doing))
                finally:
                    await self._reader.execute("ROLLBACK")

    async def write(self, work: Work[T], *, durable: bool = True) -> T:
        """Run `work` as one transaction, committed when this returns.

        `durable=False` is for what a source can repeat: it survives a crash of the program, not a
        power cut.
        """
        self._refuse_closed()
        return await self._submit(self._write(work, durable))

    async def _write(self, work: Work[T], durable: bool) -> T:
        async with self._mutex, self._turns.turn():
            with _Spoken():
                return await self._transact(work, durable)

    async def _transact(self, work: Work[T], durable: bool) -> T:
        if durable != self._durable:
            await self._writer.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._durable = durable
        await self._writer.execute("BEGIN IMMEDIATE")
        tx = Tx(self._writer, self.doing)
        try:
            await migrations.require(tx)
            outcome = await work(tx)
            await changes.record(tx)
            await self._writer.execute("COMMIT")
        except BaseException:
            self.states.clear()
            if self._writer.in_transaction:
                await self._writer.execute("ROLLBACK")
            raise
        if tx.notes:
            self._bell.ring()
            self._wake()
        return outcome

    async def copy_to(self, path: Path) -> None:
        """Write the room as it stands now into an empty file, while others go on working."""
        self._refuse_closed()
        await self._submit(self._copy_to(path))

    async def _copy_to(self, path: Path) -> None:
        async with self._reading:
            with _Spoken():
                await self._reader.execute("VACUUM INTO ?", (str(path),))

    async def changes(self, after: int | None = None) -> AsyncIterator[tuple[Change, ...]]:
        """Yield what changed, in order and in batches, from `after` on (None: from now on)."""
        async with self._listening() as woken:
            last = await self.read(changes.head) if after is None else after
            while True:
                batch = await self.read(lambda tx, since=last: changes.since(tx, since))  # type: ignore[misc]
                if batch:
                    last = batch[-1].seq
                    yield batch
                else:
                    await woken.wait()
                    woken.clear()

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncio.Event]:
        woken = asyncio.Event()
        listener = (asyncio.get_running_loop(), woken)
        self._listeners.add(listener)
        try:
            yield woken
        finally:
            self._listeners.discard(listener)

    def _wake(self) -> None:
        for loop, woken in tuple(self._listeners):
            if not loop.is_closed():
                loop.call_soon_threadsafe(woken.set)

    def _heard(self) -> None:
        self._bell.drain()
        self._wake()

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
            self._wake()
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
            await connection.execute_fetchall(
                f"PRAGMA {setting}"
            )  # to its end: a row half read locks
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


__all__ = ["SCHEMA", "Change", "Store", "Tx", "Work"]
