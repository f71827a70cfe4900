"""A room's file on a full disk: it can be read, though SQLite finds no place for its index there.

One connection has the file for itself, so that the index may lie in memory; the turn at writing is
held meanwhile, so that nobody begins to work on the file.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import aiosqlite

from crisisroom.core.errors import Unavailable
from crisisroom.store import files
from crisisroom.store.engine import Done, Writing
from crisisroom.store.migrations import require
from crisisroom.store.sqlite.engine import SqliteEngine
from crisisroom.store.turns import Turns
from crisisroom.store.tx import Tx

_ALONE = ("locking_mode=EXCLUSIVE", "query_only=ON", "temp_store=MEMORY", "trusted_schema=OFF")
_PATIENCE = 2.0  # seconds for somebody else to let go of the file


class FullDiskEngine(SqliteEngine):
    """One room's file that is only read."""

    async def open(self, *, create: bool) -> None:
        """Open a file that is there, of the tables that this program knows."""
        files.prepare(self.path, create=False)
        self._reading = asyncio.Lock()
        self._alone = AsyncExitStack()
        self._turns = Turns(self.path)
        await self._alone.enter_async_context(self._turns.turn())
        self._reader = await aiosqlite.connect(
            f"{self.path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=_PATIENCE
        )
        for setting in _ALONE:
            await self._reader.execute_fetchall(f"PRAGMA {setting}")
        await self.read(lambda connection: require(Tx(connection), though_moved=True))

    async def close(self) -> None:
        """Let go of the file, then of the turn."""
        self._closed = True
        if hasattr(self, "_reader"):
            await self._reader.close()
        if hasattr(self, "_turns"):
            await self._alone.aclose()
            self._turns.close()

    async def write(self, work: Writing, *, durable: bool, though_moved: bool = False) -> Done:
        """Refuse: there is no place for anything."""
        raise full()


def full() -> Unavailable:
    """Return what a person is told who would write on a full disk."""
    return Unavailable("disk-full", "the disk is full: nothing was changed", "free some space")
