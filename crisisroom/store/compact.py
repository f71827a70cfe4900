"""Giving the free space of a room's file back, in turns so small that others write between them."""

from __future__ import annotations

import asyncio

import aiosqlite

from crisisroom.store import Store, Tx

PAGES = 400  # of the word index that are merged in one turn
FREED = 2_000  # pages that are given back in one turn
TRIES = 100  # times that the log ahead is tried to be emptied, while somebody reads on
_PAUSE = 0.1  # seconds between them, in which others write
_INCREMENTAL = 2  # auto_vacuum


async def merge_words(tx: Tx, *, begin: bool) -> bool:
    """Merge a part of the word index, so that deleted words leave the file; False once whole."""
    before = await tx.row("SELECT total_changes()")
    await tx.run(
        "INSERT INTO mention_words (mention_words, rank) VALUES ('merge', ?)",
        (-PAGES if begin else PAGES,),
    )
    after = await tx.row("SELECT total_changes()")
    assert before is not None
    assert after is not None
    return bool(after[0] - before[0] >= 2)


async def merge_all(store: Store) -> None:
    """Merge the whole word index, a part in each turn."""
    begin = True
    while await store.write(
        lambda tx, begin=begin: merge_words(tx, begin=begin),  # type: ignore[misc]
        durable=False,
    ):
        begin = False


async def settle(store: Store, *, compact: bool, whole: bool = False) -> bool:
    """Write the log ahead back into the file; with `compact`, give the free space back too.

    A file that was compacted before gives back a little in each turn, so that others write
    between. The first time, and with `whole`, nobody else can write until all is written anew;
    reading goes on. False where a reader that stayed keeps the log ahead from being emptied.
    """
    if compact and not whole:
        while await asyncio.shield(store._submit(_give_back(store))):
            pass
    if compact:
        await asyncio.shield(store._submit(_anew(store, whole=whole)))
    for _ in range(TRIES):
        if await asyncio.shield(store._submit(_checkpoint(store))):
            return True
        await asyncio.sleep(_PAUSE)
    return False


async def _give_back(store: Store) -> bool:
    """Give some free pages back in one turn; False once there are none, or it cannot be done."""
    async with store._mutex, store._turns.turn():
        if not await _gives_back(store._writer):
            return False
        await store._writer.execute_fetchall(f"PRAGMA incremental_vacuum({FREED})")
        left = await store._writer.execute_fetchall("PRAGMA freelist_count")
        return bool(next(iter(left))[0])


async def _anew(store: Store, *, whole: bool) -> None:
    """Write the file anew where that is asked for, or it cannot give back a part."""
    async with store._mutex, store._turns.turn():
        writer = store._writer
        if whole or not await _gives_back(writer):
            await writer.execute_fetchall(f"PRAGMA auto_vacuum={_INCREMENTAL}")
            await writer.execute_fetchall("VACUUM")


async def _checkpoint(store: Store) -> bool:
    """Empty the log ahead if nobody reads in it: to wait for that would keep others waiting."""
    async with store._mutex, store._turns.turn():
        writer = store._writer
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
