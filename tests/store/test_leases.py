"""Leases: one holder, a heartbeat, and no say for whoever slept too long."""

from __future__ import annotations

import pytest

from crisisroom.clock import ManualClock
from crisisroom.store import Store, Tx, leases, settings
from crisisroom.store.leases import Lease, LeaseLost

TTL = 20.0


async def _acquire(store: Store, who: str) -> Lease | None:
    return await store.write(lambda tx: leases.acquire(tx, "watch", who, store.clock, TTL))


async def _held(store: Store, who: str) -> Lease:
    lease = await _acquire(store, who)
    assert lease is not None
    return lease


async def test_one_holds_a_job_at_a_time(store: Store) -> None:
    first = await _held(store, "one")
    assert await _acquire(store, "two") is None
    again = await _held(store, "one")
    assert again.epoch == first.epoch + 1
    await store.write(lambda tx: leases.release(tx, again))
    assert await store.read(lambda tx: leases.holder(tx, "watch", store.clock)) is None
    assert (await _held(store, "two")).epoch == again.epoch + 1


async def test_a_heartbeat_keeps_it(store: Store, clock: ManualClock) -> None:
    lease = await _held(store, "one")
    for _ in range(5):
        clock.advance(TTL - 1)
        await store.write(lambda tx: leases.beat(tx, lease, clock))
    assert await _acquire(store, "two") is None


async def test_silence_loses_it_and_a_late_writer_changes_nothing(
    store: Store, clock: ManualClock
) -> None:
    slept = await _held(store, "one")
    clock.advance(TTL + 1)
    taken = await _held(store, "two")
    assert taken.epoch == slept.epoch + 1

    async def write_under(tx: Tx, lease: Lease) -> None:
        await settings.put(tx, "by", lease.holder)
        await leases.check(tx, lease)

    with pytest.raises(LeaseLost, match="somebody else"):
        await store.write(lambda tx: write_under(tx, slept))
    with pytest.raises(LeaseLost):
        await store.write(lambda tx: leases.beat(tx, slept, clock))
    assert await store.read(lambda tx: settings.get(tx, "by")) == ""
    await store.write(lambda tx: write_under(tx, taken))
    await store.write(lambda tx: leases.release(tx, slept))  # not theirs to give back
    held = await store.read(lambda tx: leases.holder(tx, "watch", clock))
    assert held is not None
    assert held.holder == "two"


async def test_the_same_name_in_another_process_is_somebody_else(store: Store) -> None:
    """In containers every watcher can have the same pid, and so the same name."""
    await _held(store, "watch-1")
    await store.write(lambda tx: tx.run("UPDATE lease SET host = 'container-2', pid = 1"))
    assert await _acquire(store, "watch-1") is None
