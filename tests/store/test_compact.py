"""Making the file smaller: others write between the turns, and what is free leaves the file."""

from __future__ import annotations

import asyncio
import threading

import pytest

from crisisroom.clock import ManualClock
from crisisroom.store import Store, Tx, compact, settings

pytestmark = pytest.mark.sqlite("a server sweeps its tables itself")

BIG = "x" * 2_000
MANY = 600


async def _fill(store: Store) -> None:
    async def work(tx: Tx) -> None:
        for number in range(MANY):
            await settings.put(tx, f"big-{number}", BIG)

    await store.write(work)


async def _empty(store: Store) -> None:
    await store.write(lambda tx: tx.run("DELETE FROM room WHERE key GLOB 'big-*'"))


async def _number(store: Store, pragma: str) -> int:
    async def work(tx: Tx) -> int:
        row = await tx.row(f"PRAGMA {pragma}")
        assert row is not None
        return int(row[0])

    return await store.read(work)


def _size(store: Store) -> int:
    return store.path.stat().st_size


async def test_the_first_time_the_file_is_written_anew(store: Store) -> None:
    await _fill(store)
    await _empty(store)
    await compact.settle(store, compact=False)
    before = await asyncio.to_thread(_size, store)
    assert await compact.settle(store, compact=True)
    assert await asyncio.to_thread(_size, store) < before / 4
    assert await _number(store, "auto_vacuum") == 2
    assert await _number(store, "freelist_count") == 0


async def test_later_others_write_between_small_turns(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await compact.settle(store, compact=True)
    await _fill(store)
    await _empty(store)
    monkeypatch.setattr(compact, "FREED", 10)
    free = await _number(store, "freelist_count")
    assert free > 100
    other = await Store.open(store.path, clock)
    try:
        done = asyncio.ensure_future(compact.settle(store, compact=True))
        seen = set()
        while not done.done():
            await other.write(lambda tx: settings.put(tx, "beat", "1"), durable=False)
            seen.add(await _number(other, "freelist_count"))
        assert await done
    finally:
        await other.close()
    between = {left for left in seen if 0 < left < free}
    assert len(between) > 3, "whoever writes waits for a small turn, never for all of them"
    assert await _number(store, "freelist_count") == 0


async def test_who_reads_on_keeps_the_log_ahead_and_nobody_waits_for_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compact, "TRIES", 2)
    begun, over = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    async def long(tx: Tx) -> None:
        await tx.row("SELECT count(*) FROM room")
        loop.call_soon_threadsafe(begun.set)
        await asyncio.to_thread(over.wait)

    reading = asyncio.ensure_future(store.read(long))
    await begun.wait()
    await _fill(store)
    settled = await compact.settle(store, compact=False)
    over.set()
    await reading
    assert not settled
    assert await compact.settle(store, compact=False)
