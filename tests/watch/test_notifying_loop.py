"""Telling people all day: side by side, at once, and without a trace when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from room.people import PLAN, as_
from watch.fakes import until
from watch.paging import Ground, Way, ground

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Unavailable
from crisisroom.fetch import Fetcher
from crisisroom.notifiers.messages import Message
from crisisroom.room import Room, lifecycle, notifying
from crisisroom.room.notifying_steps import Batch
from crisisroom.watch.notifying_loop import Telling


class Hanging(Way):
    """A way that gives one person no answer until it is let go."""

    def __init__(self) -> None:
        super().__init__("pings")
        self.free = asyncio.Event()
        self.waits = 0

    async def carry(self, to: str, message: Message) -> str:
        if to == "crisis-bo":
            self.waits += 1
            await self.free.wait()
        return await super().carry(to, message)


@pytest.fixture
async def there(room: Room, clock: ManualClock, fetch: Fetcher) -> Ground:
    found = await ground(room, clock, fetch)
    found.pings = Hanging()
    found.notifier = found.fresh()
    return found


@asynccontextmanager
async def telling(there: Ground) -> AsyncIterator[asyncio.Future[None]]:
    running = asyncio.ensure_future(Telling(there.room.for_machine(), there.notifier).run())
    try:
        yield running
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, Unavailable):
            await running


async def seen(there: Ground, messages: int, waits: int = 0) -> None:
    """Wait until a way took so many messages, and so many hang there."""
    pings = there.pings
    assert isinstance(pings, Hanging)

    async def so_many() -> bool:
        return len(pings.taken) >= messages and pings.waits >= waits

    await until(so_many, 4)


async def noted(there: Ground) -> bool:
    """Tell whether what came of a message stands on a timeline."""
    return bool(await there.entries("page.sent"))


async def declare(there: Ground) -> None:
    await lifecycle.declare(as_(there.room, "ada"), "Kettles", playbook=PLAN, severity="sev1")


async def test_a_way_that_hangs_keeps_nobody_else_waiting(there: Ground) -> None:
    pings = there.pings
    assert isinstance(pings, Hanging)
    await declare(there)
    async with telling(there):
        await seen(there, 0, waits=1)
        await notifying.send_test(there.room, "dee")
        await seen(there, 1)
        assert pings.people == ["dee"]
        pings.free.set()
        await seen(there, 2)
    assert pings.people == ["dee", "bo"]
    assert pings.waits == 1


async def test_what_is_new_is_told_at_once_again_and_again(there: Ground) -> None:
    """Also what comes while the one before it goes out: no look is waited for."""
    async with telling(there):
        for count in range(1, 6):
            await notifying.send_test(there.room, "ada")
            await seen(there, count)
            there.clock.advance(21)  # or it would wait for more of a burst
    assert there.pings.people == ["ada"] * 5


async def test_its_end_ends_what_is_on_its_way_and_the_next_one_sees_to_that(
    there: Ground,
) -> None:
    pings = there.pings
    assert isinstance(pings, Hanging)
    await declare(there)
    async with telling(there):
        await seen(there, 0, waits=1)
    pings.free.set()
    await asyncio.sleep(0.05)
    assert pings.people == []
    there.notifier = there.fresh()
    async with telling(there):
        await seen(there, 1)
        await until(lambda: noted(there), 4)
    assert pings.people == ["bo"]
    assert await there.entries("page.sent") == [
        "told bo by ntfy: PAGE-1, perhaps twice: a watcher died while it went out"
    ]


async def test_a_fault_at_one_person_cuts_off_no_message_to_another(
    there: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    pings, tell = there.pings, there.notifier.tell
    assert isinstance(pings, Hanging)

    async def busy_for_dee(batch: Batch) -> None:
        if batch.person.id == "dee":
            raise Unavailable("busy", "somebody else writes")
        await tell(batch)

    monkeypatch.setattr(there.notifier, "tell", busy_for_dee)
    await declare(there)
    async with telling(there) as running:
        await seen(there, 0, waits=1)
        await notifying.send_test(there.room, "dee")
        there.clock.advance(21)
        await asyncio.wait([running], timeout=2)
        assert not running.done()
        pings.free.set()
        with pytest.raises(Unavailable):
            await asyncio.wait_for(running, 4)
    assert pings.people == ["bo"]
    assert await there.entries("page.sent") == ["told bo by ntfy: PAGE-1"]


async def test_a_room_that_is_away_ends_it_loudly(
    there: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(batch: object) -> None:
        raise Unavailable("away", "the server is away")

    await declare(there)
    monkeypatch.setattr(there.notifier, "tell", away)
    async with telling(there) as running:
        with pytest.raises(Unavailable):
            await asyncio.wait_for(running, 4)
