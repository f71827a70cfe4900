"""Persons in copies of a room: whether one holds them still, and erasing them there too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from crisisroom.core.persons import Finder
from crisisroom.store import copies
from crisisroom.store.erase_tables import readable
from crisisroom.store.sqlite.connection import SqliteConnection
from crisisroom.store.tx import Tx

T = TypeVar("T")

_ROWS = 2_000  # that are looked at in one go


async def names(path: Path, finder: Finder) -> bool:
    """Tell whether anything in a copy, of whatever schema, names or quotes one of them."""
    async with copies.opened(path, "ro") as connection:
        tables = await connection.execute_fetchall(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
            " AND name NOT LIKE 'mention_words%' AND name NOT LIKE 'sqlite_%'"
        )
        for (table,) in tables:
            async with connection.execute(f'SELECT * FROM "{table}"') as cursor:
                while some := await cursor.fetchmany(_ROWS):
                    if any(_told(finder, value) for row in some for value in row):
                        return True
    return False


def _told(finder: Finder, value: object) -> bool:
    if isinstance(value, bytes):
        return bool(finder.who(readable(value)))
    return isinstance(value, str) and bool(finder.who(value))


async def erase(path: Path, work: Callable[[Tx], Awaitable[T]]) -> T:
    """Run `work` over a copy of our schema as one transaction, then leave no free page of it."""
    async with copies.opened(path, "rw") as connection:
        await connection.execute("BEGIN IMMEDIATE")
        try:
            outcome = await work(Tx(SqliteConnection(connection)))
            await connection.execute("COMMIT")
        except BaseException:
            await connection.execute("ROLLBACK")
            raise
        await connection.execute_fetchall(
            "INSERT INTO mention_words (mention_words) VALUES ('optimize')"
        )
        await connection.execute_fetchall("VACUUM")
        await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    return outcome
