"""Leases: one holder, a heartbeat, and no say for whoever slept too long."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pytest

from crisisroom.clock import ManualClock, SystemClock
from crisisroom.store import Store, Tx, leases, settings
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.store.processes import here

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


async def _moved(store: Store, **columns: str | int) -> None:
    """Let whatever is held be held from elsewhere."""
    changes = ", ".join(f"{name} = ?" for name in columns)
    await store.write(lambda tx: tx.run(f"UPDATE lease SET {changes}", tuple(columns.values())))


def _elsewhere(part: int, word: str = "elsewhere") -> str:
    """Return this place with one of its parts changed: name, machine, run, container."""
    parts = here().split("~")
    parts[part] = word
    return "~".join(parts)


async def test_the_same_name_in_another_process_is_somebody_else(store: Store) -> None:
    """In containers every watcher can have the same pid, and so the same name."""
    await _held(store, "watch-1")
    await _moved(store, boot=_elsewhere(3))
    assert await _acquire(store, "watch-1") is None


async def test_death_is_proven_where_pids_are_ours_only(store: Store) -> None:
    """Containers of one machine share its clock, not its pids; what it held before, nobody does."""
    await _held(store, "watch-1")
    for place, free in ((_elsewhere(3), False), (_elsewhere(0), False), (here(), True)):
        await _moved(store, boot=place, pid=4_194_304)
        held = await store.read(lambda tx: leases.holder(tx, "watch", store.clock))
        assert (held is None) == free
    await _moved(store, boot=_elsewhere(2), pid=os.getpid())
    assert await store.read(lambda tx: leases.holder(tx, "watch", store.clock)) is None


async def test_one_heartbeat_keeps_all_that_is_held(store: Store, clock: ManualClock) -> None:
    for name, who in (("a", "one"), ("b", "one"), ("c", "two")):
        await store.write(
            lambda tx, name=name, who=who: leases.acquire(tx, name, who, clock, TTL)  # type: ignore[misc]
        )
    clock.advance(TTL - 1)
    kept = await store.write(lambda tx: leases.keep(tx, "one", clock, TTL))
    assert [one.name for one in kept] == ["a", "b"]
    clock.advance(2)
    held = await store.read(lambda tx: leases.held(tx, clock, ""))
    assert [one.name for one in held] == ["a", "b"]
    await store.write(lambda tx: leases.release_all(tx, "one"))
    await store.write(lambda tx: leases.bury(tx, clock, "a"))
    rows = await store.read(lambda tx: tx.rows("SELECT name, holder FROM lease ORDER BY name"))
    assert rows == [("b", ""), ("c", "two")]


class _Server:
    """A transaction on a server whose clock is told what to say, over one lease."""

    engine = "postgres"

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.beat: float | None = None
        self.holder, self.epoch = "", 0

    async def row(self, sql: str, args: Sequence[object] = ()) -> tuple[object, ...] | None:
        """Tell the time, or the lease."""
        if "clock_timestamp" in sql:
            return (self.seconds,)
        place = _elsewhere(1)
        at = "2026-11-22T02:07:00.000Z"
        told = ("watch", self.holder, "h", 7, "1", self.epoch, at, place, self.beat, TTL)
        return told if self.beat is not None else None

    async def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Take a lease, or set its beat."""
        if sql.startswith("INSERT"):
            self.holder, self.epoch, self.beat = args[1], args[5], args[8]
        else:
            self.beat = args[0]
        return 1

    def tell(self, topic: str, ref: str = "") -> None:
        """Tell nobody."""


async def test_another_server_s_clock_keeps_nobody_for_ever() -> None:
    """After a fail-over the beats may lie ahead of the clock: the dead still lose what they had."""
    tx, clock = _Server(), SystemClock()

    async def taken(who: str) -> bool:
        return await leases.acquire(tx, "watch", who, clock, TTL) is not None  # type: ignore[arg-type]

    async def known() -> bool:
        return await leases.holder(tx, "watch", clock) is not None  # type: ignore[arg-type]

    assert await taken("one")
    tx.seconds += TTL - 1
    assert not await taken("two")
    tx.seconds = 400.0  # ten minutes behind: whoever looks counts from now on
    assert not await known()  # nobody waits for what only looks held
    assert not await taken("two")
    assert await known()
    tx.seconds += TTL - 1
    assert not await taken("two")
    tx.seconds += 2
    assert await taken("two")
    tx.seconds += 3600.0  # ahead: all is free, once
    assert await taken("three")
    assert tx.epoch == 3
