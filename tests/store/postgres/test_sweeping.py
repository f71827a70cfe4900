"""What was deleted leaves the server's tables, where they are ours and nobody reads on."""

from __future__ import annotations

import asyncio
import threading

import pytest
from engines import Databases, kept_bytes, owned

from crisisroom.clock import ManualClock
from crisisroom.store import Store, Tx, compact, settings
from crisisroom.store.postgres import sweeping


async def _deleted(store: Store) -> None:
    """Keep a word and delete it."""
    await store.write(lambda tx: settings.put(tx, "key", "unforgettable"))
    await store.write(lambda tx: tx.run("DELETE FROM room WHERE key = 'key'"))


async def test_the_owner_sweeps_and_nothing_is_left(
    server: Databases, address: str, clock: ManualClock
) -> None:
    owner = await Store.open(owned(address), clock)
    await _deleted(owner)
    assert b"unforgettable" in await kept_bytes(address)
    assert await compact.settle(owner, compact=True, whole=True)
    assert b"unforgettable" not in await kept_bytes(address)
    assert (await compact.beyond(owner)).startswith("the server's tables are cleared; its write")
    await owner.close()


async def test_who_only_works_there_leaves_it_to_the_owner(server: Databases, store: Store) -> None:
    await _deleted(store)
    assert await compact.settle(store, compact=True, whole=True)
    assert b"unforgettable" in await kept_bytes(store.label)
    assert (await compact.beyond(store)).startswith("the owner of the server's tables clears them")


@pytest.mark.parametrize("anew", [True, False])
async def test_not_while_somebody_still_sees_it(
    server: Databases,
    address: str,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    clock: ManualClock,
    anew: bool,
) -> None:
    monkeypatch.setattr(sweeping, "TRIES", 2)
    await store.write(lambda tx: settings.put(tx, "key", "unforgettable"))
    begun, over = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    async def long(tx: Tx) -> str:
        await tx.row("SELECT count(*) FROM lease")
        loop.call_soon_threadsafe(begun.set)
        await asyncio.to_thread(over.wait)
        return await settings.get(tx, "other")

    owner = await Store.open(owned(address), clock)
    reading = asyncio.ensure_future(owner.read(long))
    await begun.wait()
    await store.write(lambda tx: tx.run("DELETE FROM room WHERE key = 'key'"))
    settling = asyncio.ensure_future(compact.settle(owner, compact=True, whole=anew))
    done, _ = await asyncio.wait({settling}, timeout=0.5)
    assert not done or not settling.result()
    over.set()
    await reading
    assert not await settling
    assert await compact.settle(owner, compact=True, whole=anew)
    await owner.close()
