"""A whole room from one store into another, row by row, whichever engines they have.

The log and all beside it go as they stand, so that chains, hashes and exports are the same on the
other side. What belongs to one place stays there: who is here, who holds which job, which
versions run.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.timeline import stamp
from crisisroom.store import Store, settings
from crisisroom.store.mention_clean import spoken
from crisisroom.store.schema import MIGRATIONS, MOVED
from crisisroom.store.sqlite.engine import SqliteEngine
from crisisroom.store.tx import Row, Tx

BATCH = 1000  # rows on their way at a time
LARGE = 20  # of these: rows may hold whole files
STAYS = ("migration", "presence", "lease", "program")

_MADE = re.compile(r"^CREATE TABLE (\w+)", re.MULTILINE)
_COUNTED = ("anchor",)  # the tables of which the engine gives the next number by itself

Told = Callable[[str, int], None]
Heads = dict[str, tuple[int, str]]  # by chain: how many entries it has, the hash of its newest


def tables() -> tuple[str, ...]:
    """Return what moves, in an order in which every row finds those that it refers to."""
    found = [name for _, script in MIGRATIONS for name in _MADE.findall(script)]
    return tuple(name for name in found if name not in STAYS)


async def pour(source: Store, target: Store, told: Told | None = None) -> dict[str, int]:
    """Copy a room as it stands into an empty one, all of it or nothing; returns rows by table.

    Others go on working in the source meanwhile; the copy is of one moment. Refused where the
    target is no empty room, Unavailable where a link is lost on the way: then nothing was written.
    """
    return await source.read(Pouring(target, told, then=open_again))


async def is_used(store: Store) -> bool:
    """Tell whether something was ever written in a room."""
    return await store.read(_used)


async def _used(tx: Tx) -> bool:
    return await tx.row("SELECT 1 FROM chain LIMIT 1") is not None


async def is_begun_only(tx: Tx) -> bool:
    """Tell whether a room holds nothing but its beginning: somebody only looked at it."""
    rows = await tx.rows("SELECT kind FROM entry ORDER BY chain, seq LIMIT 3")
    return {row[0] for row in rows} <= {"room.opened", "config.applied"}


async def _refuse_used(tx: Tx, label: str) -> None:
    if await _used(tx):
        hint = "name a new file, or an empty database"
        raise Refused("not-empty", f"there is a room at {label} already", hint)


class Pouring:
    """Reads in a transaction of the source and has each batch written in one of the target's.

    The target is committed before the source: whoever holds the source's turn at writing may still
    undo what it did there, and where the program is killed on the way, nothing happened at all.
    """

    def __init__(
        self, target: Store, told: Told | None, *, then: Callable[[Tx], Awaitable[None]]
    ) -> None:
        self._target = target
        self._told = told
        self._then = then  # the last thing that is done over there
        self._begun = False
        self._stopped = threading.Event()
        self._over: Tx
        self._loop: asyncio.AbstractEventLoop

    def stop(self) -> None:
        """Give up at the next batch, from any thread: then nothing was written."""
        self._stopped.set()

    async def __call__(self, source: Tx) -> dict[str, int]:
        """Copy all tables as the source's transaction sees them; returns rows by table."""
        loop = asyncio.get_running_loop()

        async def work(tx: Tx) -> dict[str, int]:
            await _refuse_used(tx, self._target.label)
            if tx.engine == "postgres":  # what each entry refers to is looked up by one plan
                await tx.run("SET LOCAL plan_cache_mode = auto")
            self._over, self._loop = tx, asyncio.get_running_loop()
            reading = asyncio.run_coroutine_threadsafe(self._all(source), loop)
            rows = await asyncio.wrap_future(reading)
            await self._then(tx)
            return rows

        return await self._target.write(work)

    async def _all(self, source: Tx) -> dict[str, int]:
        """Copy all tables; called again after a lost link it gives up, as half is written."""
        if self._begun:
            raise Unavailable(
                "link-lost", "the link was lost on the way: nothing was copied", "try again"
            )
        self._begun = True
        return {table: await self._table(source, table) for table in tables()}

    async def _table(self, source: Tx, table: str) -> int:
        """Copy a table: while one batch is written the next one is read."""
        done, size = 0, LARGE if table == "evidence" else BATCH
        writing: asyncio.Future[None] | None = None
        try:
            async for rows in source.batches(f"SELECT * FROM {table}", (), size):
                if writing is not None:
                    await writing
                if self._stopped.is_set():
                    raise Refused("stopped", "the copying was broken off: nothing was copied")
                writing = self._over_there(table, rows)
                done += len(rows)
                if self._told:
                    self._told(table, done)
        finally:
            if writing is not None:
                await writing
        return done

    def _over_there(self, table: str, rows: Sequence[Row]) -> asyncio.Future[None]:
        writing = _written(self._over, table, rows)
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(writing, self._loop))


async def _written(tx: Tx, table: str, rows: Sequence[Row]) -> None:
    places = ",".join("?" * len(rows[0]))
    await tx.many(f"INSERT INTO {table} VALUES ({places})", rows)
    if table == "mention":
        await tx.words.add(tx, [row[0] for row in rows], [spoken(row) for row in rows])
    if table in _COUNTED and tx.engine == "postgres":
        await tx.rows(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
        )


async def copy_to(source: Store, path: Path) -> None:
    """Write the room as it stands now into an empty file, while others go on working."""
    if isinstance(source.engine, SqliteEngine):
        await source.submit(source.engine.copy_to(path))
        return
    made = await Store.open(path, source.clock)
    try:
        await pour(source, made)
    finally:
        await made.close()


class Gone(msgspec.Struct, frozen=True):
    """Where a room moved to, and when."""

    to: str
    at: str


async def heads(tx: Tx) -> Heads:
    """Return how many entries each chain has, and the hash of its newest."""
    rows = await tx.rows("SELECT id, seq, head FROM chain ORDER BY id")
    return {chain: (seq, head) for chain, seq, head in rows}


async def gone(tx: Tx) -> Gone | None:
    """Return where this room moved to, None for one that lives here."""
    text = await settings.get(tx, MOVED)
    return msgspec.json.decode(text, type=Gone) if text else None


async def shut(tx: Tx, to: str, at: datetime) -> None:
    """Have every program refuse to write here from now on: the room lives elsewhere."""
    await settings.put(tx, MOVED, msgspec.json.encode(Gone(to, stamp(at))).decode())


async def open_again(tx: Tx) -> None:
    """Let programs write here again."""
    await tx.run("DELETE FROM room WHERE key = ?", (MOVED,))


async def mentions(tx: Tx) -> int:
    """Return how many mentions there are."""
    found = await tx.row("SELECT count(*) FROM mention")
    return int(found[0]) if found else 0
