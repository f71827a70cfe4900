"""A watcher's life: one at a time, taken over when dead, gone when not needed."""

from __future__ import annotations

import asyncio
import itertools
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from conftest import Raw
from engines import set_schema
from room.people import declared
from watch.fakes import Fake, batch, until, with_sources
from watch.watching import (
    count_is,
    held_elsewhere,
    log,
    member,
    passes,
    passes_held,
    watched,
    watcher,
)

from crisisroom.clock import ManualClock, SystemClock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.logbook import Logbook
from crisisroom.room import Actor, Room, lifecycle, moving, places, reading, tasks
from crisisroom.room.settings import apply_config
from crisisroom.store import SCHEMA, Work
from crisisroom.watch import leading
from crisisroom.watch.lease import TTL
from crisisroom.watch.watcher import Watcher

Sources = dict[str, Fake]


async def test_one_watches_at_a_time(room: Room, clock: ManualClock, sources: Sources) -> None:
    await held_elsewhere(room, clock)
    with pytest.raises(Refused, match="another watcher"):
        await watcher(room, clock).run(wait=False)
    with pytest.raises(Refused, match="another watcher"):
        await watcher(room, clock).once()


async def test_what_a_silent_one_did_for_all_is_taken_over(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await held_elsewhere(room, clock)
    await declared(room)
    clock.advance(301)  # something is late now
    await passes_held(room, clock)
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await until(member(room))
    assert (await reading.timeline(room))[-1].kind != "clock.late"
    clock.advance(TTL + 1)

    async def noted() -> bool:
        return (await reading.timeline(room))[-1].kind == "clock.late"

    await until(noted)
    worker.stop()
    await running


async def test_whoever_lost_the_lead_follows_and_leads_again(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())

    async def leads() -> bool:
        return worker.leads

    await until(leads)  # it holds the lease a moment before it knows
    await room.store.write(
        lambda tx: tx.run(
            "UPDATE lease SET holder = 'b', epoch = epoch + 1, pid = 1, boot = boot || 'x',"
            " ttl = 5.0 WHERE name = 'watch'"
        )
    )

    async def follows() -> bool:
        return not worker.leads

    await until(follows)
    clock.advance(6)
    await until(leads)
    worker.stop()
    await running
    assert log().count(" lead ") == 2


async def test_an_upgraded_room_ends_it(
    room: Room, clock: ManualClock, sources: Sources, raw: Raw
) -> None:
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await until(watched(room))
    await asyncio.to_thread(set_schema, raw, room.address, SCHEMA + 1)
    with pytest.raises(Unavailable, match="was upgraded"):
        await running


async def test_a_room_that_moved_ends_it_with_where_it_is(
    room: Room, clock: ManualClock, sources: Sources, tmp_path: Path
) -> None:
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await until(watched(room))
    there = str(tmp_path / "there.db")
    async with await Room.open(room.address, actor=Actor("bo"), clock=clock) as other:
        await moving.move(other, there)
    clock.advance(TTL)  # its next sign of life is refused
    with pytest.raises(Unavailable, match=f"moved to {there}"):
        await running


async def test_a_full_disk_does_not_end_it(
    room: Room, clock: ManualClock, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    await apply_config(room, with_sources("a"), "x")
    sources["a"] = Fake("a", *[batch("one")] * 10)
    write, calls = room.store.under.write, itertools.count()

    async def full(work: Work[object], *, durable: bool = True) -> object:
        if not durable and next(calls) in (1, 2, 3):  # 0 takes the lease
            raise Unavailable("disk-full", "the disk is full")
        return await write(work, durable=durable)

    monkeypatch.setattr(room.store.under, "write", full)
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await count_is(room, 1)
    await passes(room, clock, 1)
    worker.stop()
    await running
    assert log().count("room-away") == log().count("room-back") == 1
    assert "code=disk-full" in log()


async def test_a_fault_at_its_heart_is_not_passed_over(
    room: Room, clock: ManualClock, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*unused: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(leading, "note_late", broken)
    with pytest.raises(ZeroDivisionError):
        await watcher(room, clock).run()
    assert "error=ZeroDivisionError" in log()
    assert (await reading.status(room)).watcher is None


@pytest.mark.sqlite("a server that is gone may come back")
async def test_a_room_that_is_gone_ends_it(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await until(watched(room))
    room.store.path.unlink()
    await asyncio.wait_for(running, 20)
    assert running.exception() is None


async def test_one_that_a_screen_started_leaves_ten_minutes_after_the_last(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await declared(room)
    await tasks.done(room, "", "pause")
    await places.here(room, "s1", "INC-1", "feed")
    worker = watcher(room, clock, with_screens=True)
    running = asyncio.ensure_future(worker.run())
    await until(watched(room))
    await passes(room, clock, 3600)
    assert not running.done()
    await places.gone(room, "s1")
    await passes(room, clock, 3600)
    assert not running.done()  # the incident is open
    await lifecycle.resolve(room, "")
    await passes(room, clock, 599)
    assert not running.done()
    clock.advance(10)
    await asyncio.wait_for(running, 20)


async def test_a_killed_one_is_taken_over_at_once(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    script = str(Path(__file__).with_name("worker.py"))
    other = await asyncio.create_subprocess_exec(
        sys.executable, script, room.address, stdout=PIPE, stderr=PIPE
    )
    real = await Room.open(room.address, actor=Actor("watch"), clock=SystemClock())

    async def it_watches() -> bool:
        known = (await reading.status(real)).watcher
        return known is not None and known.pid == other.pid

    await until(it_watches)
    with pytest.raises(Refused, match="another watcher"):
        await Watcher(real, Logbook.usual(clock)).run(wait=False)
    other.send_signal(signal.SIGKILL)
    await other.communicate()
    watcher = Watcher(real, Logbook.usual(clock))
    running = asyncio.ensure_future(watcher.run(wait=False))
    await until(watched(real))
    watcher.stop()
    await running
    await real.close()
