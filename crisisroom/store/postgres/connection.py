"""Statements on PostgreSQL: the store's own, translated, on one asyncpg connection."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import asyncpg

from crisisroom.store.postgres.dialect import changed_in_bulk, copied, in_bulk, translated
from crisisroom.store.postgres.words import VectorWords
from crisisroom.store.tx import Row

if TYPE_CHECKING:
    Raw = asyncpg.Connection[asyncpg.Record]
else:
    Raw = asyncpg.Connection

_WORDS = VectorWords()
_MANY = 4  # rows from which on one statement for all of them is the cheaper one
_LOAD = 200  # from which on they are copied in, which is one more trip, but less work
_KEPT = 50  # rows of an answer that is kept until the end of the transaction
_ANSWERS = 64  # so many of them are kept at a time: each write looks through them
_ASKS = re.compile(
    r"\s*SELECT\b(?!.*\b(?:random|now|clock_timestamp|nextval|setval|pg_\w+|current_\w+|for)\b)",
    re.IGNORECASE | re.DOTALL,
)
_ADDS = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE)\s+(\w+)\b", re.IGNORECASE)
_types: dict[str, tuple[str, ...]] = {}  # what the arguments of statements are, once asked


@lru_cache(maxsize=4096)
def is_plain_query(sql: str) -> bool:
    """Tell whether a statement only reads the room's tables, the same each time it is asked."""
    return _ASKS.match(sql) is not None


def _is_small(rows: Sequence[Row]) -> bool:
    return len(rows) <= _KEPT and not any(isinstance(cell, bytes) for row in rows for cell in row)


class PostgresConnection:
    """Runs the statements of a transaction that somebody else begins and ends.

    What was asked once is not asked again while nothing was written to the tables it is of: nobody
    else writes meanwhile, as a reader has one view and a writer the room's turn.
    """

    engine: Literal["postgres"] = "postgres"
    words = _WORDS

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self._answers: dict[tuple[str, tuple[Any, ...]], list[Row]] = {}

    async def rows(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a query."""
        asked = (sql, tuple(args))
        if asked in self._answers:
            return list(self._answers[asked])
        asks = is_plain_query(sql)
        if not asks:
            self._forget(sql)
        found = [tuple(row) for row in await self.raw.fetch(translated(sql), *args)]
        if asks and _is_small(found):
            if len(self._answers) >= _ANSWERS:
                self._answers.clear()
            self._answers[asked] = list(found)
        return found

    def _forget(self, sql: str) -> None:
        """Forget the answers that a statement may change: of its table, else of all."""
        adds = _ADDS.match(sql)
        if adds is None:
            self._answers.clear()
            return
        reads = re.compile(rf"(?:\bFROM|\bJOIN|,)[\s(]*(?:\w+\.)?{adds[1]}\b", re.IGNORECASE)
        kept = {asked: rows for asked, rows in self._answers.items() if not reads.search(asked[0])}
        self._answers = kept

    async def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        self._forget(sql)
        status = await self.raw.execute(translated(sql), *args)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0

    async def many(self, sql: str, args: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows: as one of all of them where that is the same."""
        given, ours = list(args), translated(sql)
        if given:
            self._forget(sql)
        if len(given) >= _LOAD and (into := copied(ours)):
            table, columns = into
            await self.raw.copy_records_to_table(table, records=given, columns=columns)
        elif len(given) >= _MANY and (bulk := await self._in_bulk(ours, given)):
            await self.raw.execute(bulk, *zip(*given, strict=True))
        elif given:
            await self.raw.executemany(ours, given)

    async def _in_bulk(self, sql: str, given: Sequence[Sequence[Any]]) -> str | None:
        """Return the statement that does with all rows what `sql` does with each in turn."""
        types = await self._types(sql)
        if bulk := in_bulk(sql, types):
            return bulk
        if changed := changed_in_bulk(sql, types):
            bulk, first = changed
            return bulk if len({tuple(row[first:]) for row in given}) == len(given) else None
        return None

    async def _types(self, sql: str) -> tuple[str, ...]:
        """Return what the arguments of a statement are, by the server's names."""
        if sql not in _types:
            statement = await self.raw.prepare(sql)
            _types[sql] = tuple(one.name for one in statement.get_parameters())
        return _types[sql]

    async def batches(
        self, sql: str, args: Sequence[Any] = (), size: int = 500
    ) -> AsyncIterator[list[Row]]:
        """Yield the rows of a query, so many at a time."""
        cursor = await self.raw.cursor(translated(sql), *args)
        while some := await cursor.fetch(size):
            yield [tuple(row) for row in some]
