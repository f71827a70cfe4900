"""Giving the free space of a room's file back, in turns so small that others write between them."""

from __future__ import annotations

import asyncio

import aiosqlite

from crisisroom.store import Store
from crisisroom.store.address import ServerAddress
from crisisroom.store.sqlite.engine import SqliteEngine

FREED = 2_000  # pages that are given back in one turn
TRIES = 100  # times that the log ahead is tried to be emptied, while somebody reads on
_PAUSE = 0.1  # seconds between them, in which others write
_INCREMENTAL = 2  # auto_vacuum


async def merge_all(store: Store) -> None:
    """Merge the whole word index, a part in each turn."""
    begin = True
    while await store.write(
        lambda tx, begin=begin: tx.words.merge(tx, begin=begin),  # type: ignore[misc]
        durable=False,
    ):
        begin = False


async def settle(store: Store, *, compact: bool, whole: bool = False) -> bool:
    """Write the log ahead back into the file; with `compact`, give the free space back too.

    A file that was compacted before gives back a little in each turn, so that others write
    between. The first time, and with `whole`, nobody else can write until all is written anew;
    reading goes on. False where a reader that stayed keeps the log ahead from being emptied.

    On a server the tables are swept, see `sweep`; it has no log ahead that is ours to empty.
    """
    if not isinstance(engine := store.engine, SqliteEngine):
        return not compact or await _on_server(store, anew=whole)
    if compact and not whole:
        while await store.submit(_give_back(engine)):
            pass
    if compact:
        await store.submit(_anew(engine, whole=whole))
    for _ in range(TRIES):
        if await store.submit(_checkpoint(engine)):
            return True
        await asyncio.sleep(_PAUSE)
    return False


async def _on_server(store: Store, *, anew: bool) -> bool:
    from crisisroom.store.postgres.sweeping import sweep

    assert isinstance(store.address, ServerAddress)
    return await store.submit(sweep(store.address, anew=anew))


async def beyond(store: Store) -> str:
    """Return who else has to clear what was deleted, and where; empty for a room in a file."""
    if not isinstance(store.address, ServerAddress):
        return ""
    from crisisroom.store.postgres.sweeping import is_owner

    rest = "its write-ahead log, standbys and backups are its administrator's to clear"
    if await store.submit(is_owner(store.address)):
        return f"the server's tables are cleared; {rest}"
    return f"the owner of the server's tables clears them: VACUUM (FULL, ANALYZE); {rest}"


async def _give_back(engine: SqliteEngine) -> bool:
    """Give some free pages back in one turn; False once there are none, or it cannot be done."""
    async with engine.writer() as writer:
        if not await _gives_back(writer):
            return False
        await writer.execute_fetchall(f"PRAGMA incremental_vacuum({FREED})")
        left = await writer.execute_fetchall("PRAGMA freelist_count")
        return bool(next(iter(left))[0])


async def _anew(engine: SqliteEngine, *, whole: bool) -> None:
    """Write the file anew where that is asked for, or it cannot give back a part."""
    async with engine.writer() as writer:
        if whole or not await _gives_back(writer):
            await writer.execute_fetchall(f"PRAGMA auto_vacuum={_INCREMENTAL}")
            await writer.execute_fetchall("VACUUM")


async def _checkpoint(engine: SqliteEngine) -> bool:
    """Empty the log ahead if nobody reads in it: to wait for that would keep others waiting."""
    async with engine.writer() as writer:
        waits = next(iter(await writer.execute_fetchall("PRAGMA busy_timeout")))[0]
        await writer.execute_fetchall("PRAGMA busy_timeout=0")
        try:
            found = await writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            await writer.execute_fetchall(f"PRAGMA busy_timeout={waits}")
        return bool(next(iter(found))[0] == 0)


async def _gives_back(writer: aiosqlite.Connection) -> bool:
    found = await writer.execute_fetchall("PRAGMA auto_vacuum")
    return bool(next(iter(found))[0] == _INCREMENTAL)
