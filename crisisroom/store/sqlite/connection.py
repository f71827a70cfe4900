"""Statements on SQLite: as they are written, on aiosqlite's own thread."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Literal

import aiosqlite

from crisisroom.store.sqlite.words import FtsWords
from crisisroom.store.tx import Row

_WORDS = FtsWords()


class SqliteConnection:
    """Runs the statements of a transaction that somebody else begins and ends."""

    engine: Literal["sqlite"] = "sqlite"
    words = _WORDS

    def __init__(self, raw: aiosqlite.Connection) -> None:
        self.raw = raw

    async def rows(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a query."""
        return [tuple(row) for row in await self.raw.execute_fetchall(sql, args)]

    async def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        async with self.raw.execute(sql, args) as cursor:
            return cursor.rowcount

    async def many(self, sql: str, args: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        async with self.raw.executemany(sql, args):
            pass

    async def batches(
        self, sql: str, args: Sequence[Any] = (), size: int = 500
    ) -> AsyncIterator[list[Row]]:
        """Yield the rows of a query, so many at a time."""
        async with self.raw.execute(sql, args) as cursor:
            while some := await cursor.fetchmany(size):
                yield [tuple(row) for row in some]
