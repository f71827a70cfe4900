"""One transaction: the only handle through which SQL runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Literal, Protocol

from crisisroom.store.words import Words

EngineName = Literal["sqlite", "postgres"]
Row = tuple[Any, ...]


class Connection(Protocol):
    """What runs the statements of a transaction: one kind an engine."""

    @property
    def engine(self) -> EngineName:
        """Return which engine it is."""
        ...

    @property
    def words(self) -> Words:
        """Return the engine's word index."""
        ...

    async def rows(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Return all rows of a query."""
        ...

    async def run(self, sql: str, args: Sequence[Any]) -> int:
        """Run one statement; returns how many rows it changed."""
        ...

    async def many(self, sql: str, args: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        ...

    def batches(self, sql: str, args: Sequence[Any], size: int) -> AsyncIterator[list[Row]]:
        """Yield the rows of a query, so many at a time, never holding more."""
        ...


class Tx:
    """Runs statements inside one transaction and remembers what to tell the others."""

    def __init__(self, connection: Connection, doing: str = "") -> None:
        self._connection = connection
        self.doing = doing  # the act that a command id stands for here; empty: nobody says
        self.notes: list[tuple[str, str, str]] = []
        self.authors: list[str] = []  # who wrote an entry here, one each; machines are left out

    @property
    def engine(self) -> EngineName:
        """Return which engine the statements run on."""
        return self._connection.engine

    @property
    def words(self) -> Words:
        """Return the word index of the engine."""
        return self._connection.words

    async def rows(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a query."""
        return await self._connection.rows(sql, args)

    async def row(self, sql: str, args: Sequence[Any] = ()) -> Row | None:
        """Return the first row of a query, None where there is none."""
        found = await self.rows(sql, args)
        return found[0] if found else None

    async def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        return await self._connection.run(sql, args)

    async def many(self, sql: str, args: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        await self._connection.many(sql, args)

    def batches(
        self, sql: str, args: Sequence[Any] = (), size: int = 500
    ) -> AsyncIterator[list[Row]]:
        """Yield the rows of a query, so many at a time: what is large is never held whole."""
        return self._connection.batches(sql, args, size)

    def tell(self, topic: str, ref: str = "", chain: str = "") -> None:
        """Note a change that screens and the watcher should hear of after the commit."""
        self.notes.append((topic, ref, chain))
