"""One transaction: the only handle through which SQL runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite


class Tx:
    """Runs statements inside one transaction and remembers what to tell the others."""

    def __init__(self, connection: aiosqlite.Connection, doing: str = "") -> None:
        self._connection = connection
        self.doing = doing  # the act that a command id stands for here; empty: nobody says
        self.notes: list[tuple[str, str, str]] = []

    async def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        found = await self._connection.execute_fetchall(sql, args)
        return [tuple(row) for row in found]

    async def row(self, sql: str, args: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query, None where there is none."""
        found = await self.rows(sql, args)
        return found[0] if found else None

    async def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        async with self._connection.execute(sql, args) as cursor:
            return cursor.rowcount

    async def many(self, sql: str, args: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        async with self._connection.executemany(sql, args):
            pass

    def tell(self, topic: str, ref: str = "", chain: str = "") -> None:
        """Note a change that screens and the watcher should hear of after the commit."""
        self.notes.append((topic, ref, chain))
