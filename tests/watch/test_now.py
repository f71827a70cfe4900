"""Sending at once where nobody watches, and standing back where somebody does."""

from __future__ import annotations

import pytest

from crisisroom.clock import ManualClock
from crisisroom.room import Room
from crisisroom.store import leases
from crisisroom.store.leases import Lease
from crisisroom.watch.lease import LEASE, TTL
from crisisroom.watch.now import sending_now


async def held(room: Room) -> Lease | None:
    return await room.store.read(lambda tx: leases.holder(tx, LEASE, room.clock))


async def take(room: Room, who: str) -> Lease | None:
    return await room.store.write(lambda tx: leases.acquire(tx, LEASE, who, room.clock, TTL))


async def test_it_holds_the_watchers_lease_and_lets_it_go(room: Room) -> None:
    holders: list[Lease | None] = []

    async def settled() -> bool:
        holders.append(await held(room))
        return len(holders) == 3

    assert await sending_now(room, settled, 60)
    assert all(one is not None and one.holder.startswith("send-") for one in holders)
    assert await held(room) is None


async def test_it_ends_when_the_time_is_over(room: Room, clock: ManualClock) -> None:
    async def settled() -> bool:
        return False

    before = clock.monotonic()
    assert await sending_now(room, settled, 10)
    assert 10 <= clock.monotonic() - before < 11


async def test_it_stands_back_where_somebody_watches(room: Room) -> None:
    await take(room, "another")

    async def settled() -> bool:
        raise AssertionError("it has no business here")

    assert not await sending_now(room, settled, 60)
    known = await held(room)
    assert known is not None
    assert known.holder == "another"


async def test_it_lets_go_when_it_fails(room: Room) -> None:
    async def settled() -> bool:
        raise KeyError("gone")

    with pytest.raises(KeyError):
        await sending_now(room, settled, 60)
    assert await held(room) is None
