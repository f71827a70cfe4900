"""The watcher: one at a time, taken over when dead, live to changes, gone when not needed."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from room.people import as_, declared, post, reply
from watch.fakes import Fake, Stream, batch, until, with_sources
from watch.network import Network

from crisisroom import watch
from crisisroom.clock import ManualClock, SystemClock
from crisisroom.config import RoomConfig, Source
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.incident import Incident
from crisisroom.logbook import Logbook
from crisisroom.room import Actor, Room, lifecycle, places, reading, sending, tasks, words
from crisisroom.room.settings import apply_config
from crisisroom.store import SCHEMA, Tx, Work, leases
from crisisroom.store.leases import LeaseLost
from crisisroom.watch import Watcher, late, poll, stream
from crisisroom.wire.answer import FetchError

Sources = dict[str, Fake]


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> Sources:
    """The sources that settings name; a heartbeat a hundredth of a second apart."""
    made: Sources = {}

    def build(config: Source, room: Room) -> Fake:
        return made.setdefault(config.id, Fake(config.id))

    monkeypatch.setattr(poll, "build", build)
    monkeypatch.setattr(watch, "BEAT", 0.01)
    monkeypatch.setattr(stream, "AGAIN", (0.01,))
    return made


def _watcher(room: Room, clock: ManualClock, *, with_screens: bool = False) -> Watcher:
    log = Logbook.usual(clock, "watch")
    return Watcher(as_(room, "watch"), log, with_screens=with_screens)


def _log() -> str:
    file = Path(os.environ["XDG_STATE_HOME"]) / "crisisroom" / "watch.log"
    return file.read_text() if file.exists() else ""


async def _count_is(room: Room, number: int) -> None:
    async def reached() -> bool:
        return await reading.count(room) >= number

    await until(reached)


async def _source_is(room: Room, id_: str, state: str) -> None:
    async def reached() -> bool:
        known = (await reading.status(room)).sources
        return any(one.id == id_ and one.state == state for one in known)

    await until(reached)


async def test_it_listens_and_says_who_it_is(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("a"), "x")
    sources["a"] = Fake("a", batch("one", "two"))
    watcher = _watcher(room, clock)
    running = asyncio.ensure_future(watcher.run())
    await _count_is(room, 2)
    known = (await reading.status(room)).watcher
    assert known is not None
    assert (known.pid, known.host) == (os.getpid(), socket.gethostname())
    watcher.stop()
    await running
    assert (await reading.status(room)).watcher is None


async def test_a_failing_source_backs_off_alone(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("broken", "odd", "fine"), "x")
    sources["broken"] = Fake("broken", FetchError("status", "404 Not Found"))
    sources["odd"] = Fake("odd", ZeroDivisionError("a bug"))
    sources["fine"] = Fake("fine", batch("one"))
    watcher = _watcher(room, clock)
    running = asyncio.ensure_future(watcher.run())
    await _count_is(room, 1)
    await _source_is(room, "broken", "failing")
    await _source_is(room, "odd", "failing")
    known = {one.id: one.reason for one in (await reading.status(room)).sources}
    assert known["broken"] == "404 Not Found"
    assert "ZeroDivisionError" in known["odd"]
    assert known["fine"] == ""
    watcher.stop()
    await running
    assert "source odd: ZeroDivisionError at" in _log()
    assert "a bug" not in _log()


async def test_streams_tell_at_once_and_connect_again(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("a", streaming=True), "x")
    told = Stream("a", post("one", "1"), FetchError("protocol", "cut"), post("two", "2"))
    sources["a"] = told
    watcher = _watcher(room, clock)
    running = asyncio.ensure_future(watcher.run())
    await _count_is(room, 2)
    assert told.connected == 2
    watcher.stop()
    await running


async def test_settings_come_into_force_while_it_runs(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("a"), "x")
    sources["a"], sources["b"] = Fake("a", batch("one")), Fake("b", batch("two"))
    watcher = _watcher(room, clock)
    running = asyncio.ensure_future(watcher.run())
    await _count_is(room, 1)
    await apply_config(room, with_sources("b"), "x")
    await _count_is(room, 2)
    await apply_config(room, RoomConfig(name="quiet"), "x")

    async def nobody_listens() -> bool:
        return not any(name.startswith("source") for name in watcher._jobs)

    await until(nobody_listens)
    watcher.stop()
    await running


async def _held_elsewhere(room: Room, clock: ManualClock) -> None:
    """Let somebody on another host hold the job."""

    async def work(tx: Tx) -> None:
        await leases.acquire(tx, "watch", "other", clock.now(), watch.TTL)
        await tx.run("UPDATE lease SET host = 'elsewhere'")

    await room.store.write(work)


async def test_one_watches_at_a_time(room: Room, clock: ManualClock, sources: Sources) -> None:
    await _held_elsewhere(room, clock)
    with pytest.raises(Refused, match="another watcher"):
        await _watcher(room, clock).run(wait=False)
    with pytest.raises(Refused, match="another watcher"):
        await _watcher(room, clock).once()


async def test_a_silent_one_is_taken_over_and_the_settings_of_that_day_count(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await _held_elsewhere(room, clock)
    sources["a"] = Fake("a", batch("one"))
    watcher = _watcher(room, clock)
    waiting = asyncio.ensure_future(watcher.run())
    await apply_config(room, with_sources("a"), "x")  # while it still waits for its turn
    assert await reading.count(room) == 0
    clock.advance(watch.TTL + 1)
    await _count_is(room, 1)
    watcher.stop()
    await waiting


async def test_whoever_lost_the_job_stops(room: Room, clock: ManualClock, sources: Sources) -> None:
    watcher = _watcher(room, clock)
    running = asyncio.ensure_future(watcher.run())
    await until(_watched(room))
    await room.store.write(lambda tx: tx.run("UPDATE lease SET holder = 'b', epoch = epoch + 1"))
    with pytest.raises(LeaseLost, match="somebody else does watch now"):
        await running
    rows = await room.store.read(lambda tx: tx.rows("SELECT holder FROM lease"))
    assert rows == [("b",)]


def _watched(room: Room) -> Callable[[], Awaitable[bool]]:
    async def known() -> bool:
        return (await reading.status(room)).watcher is not None

    return known


async def test_an_upgraded_room_ends_it(room: Room, clock: ManualClock, sources: Sources) -> None:
    watcher = _watcher(room, clock)
    running = asyncio.ensure_future(watcher.run())
    await until(_watched(room))
    await room.store.write(lambda tx: tx.run(f"PRAGMA user_version = {SCHEMA + 1}"))
    with pytest.raises(Unavailable, match="was upgraded"):
        await running


async def test_a_full_disk_does_not_end_it(
    room: Room, clock: ManualClock, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    await apply_config(room, with_sources("a"), "x")
    sources["a"] = Fake("a", *[batch("one")] * 10)
    write, calls = room.store.write, itertools.count()

    async def full(work: Work[object], *, durable: bool = True) -> object:
        if not durable and next(calls) in (1, 2, 3):  # 0 takes the lease
            raise Unavailable("disk-full", "the disk is full")
        return await write(work, durable=durable)

    monkeypatch.setattr(room.store, "write", full)
    watcher = _watcher(room, clock)
    running = asyncio.ensure_future(watcher.run())
    await _count_is(room, 1)
    await _passes(room, clock, 1)
    watcher.stop()
    await running
    assert _log().count(": Unavailable at") == 3


async def test_a_fault_at_its_heart_is_not_passed_over(
    room: Room, clock: ManualClock, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*unused: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(watch, "note_late", broken)
    with pytest.raises(ZeroDivisionError):
        await _watcher(room, clock).run()
    assert "clocks stopped: ZeroDivisionError" in _log()
    assert (await reading.status(room)).watcher is None


async def test_a_room_that_is_gone_ends_it(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    watcher = _watcher(room, clock)
    running = asyncio.ensure_future(watcher.run())
    await until(_watched(room))
    room.store.path.unlink()
    await asyncio.wait_for(running, 20)


async def test_one_that_a_screen_started_leaves_ten_minutes_after_the_last(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await declared(room)
    await tasks.done(room, "", "pause")
    await places.here(room, "s1", "INC-1", "feed")
    watcher = _watcher(room, clock, with_screens=True)
    running = asyncio.ensure_future(watcher.run())
    await until(_watched(room))
    await _passes(room, clock, 3600)
    assert not running.done()
    await places.gone(room, "s1")
    await _passes(room, clock, 3600)
    assert not running.done()  # the incident is open
    await lifecycle.resolve(room, "")
    await _passes(room, clock, 599)
    assert not running.done()
    clock.advance(10)
    await asyncio.wait_for(running, 20)


async def _passes(room: Room, clock: ManualClock, seconds: float) -> None:
    """Let time pass, and the watcher look around whole before and after it."""
    for advance in (0.001, seconds, 0.001):
        clock.advance(advance)
        await until(lambda: _beaten(room, clock))


async def _beaten(room: Room, clock: ManualClock) -> bool:
    known = (await reading.status(room)).watcher
    return known is not None and known.since == clock.now()


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
    await until(_watched(real))
    watcher.stop()
    await running
    await real.close()


async def test_once_asks_every_source_and_tells_what_failed(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("broken", "fine"), "x")
    sources["broken"] = Fake("broken", FetchError("status", "404 Not Found"))
    sources["fine"] = Fake("fine", batch("one"))
    assert await _watcher(room, clock).once() == ["broken: 404 Not Found"]
    assert await reading.count(room) == 1
    assert (await reading.status(room)).watcher is None


async def test_a_drill_s_words_take_a_stand_in(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await declared(room)
    drill = msgspec.structs.replace(await reading.incident(room), drill=True)
    watcher = _watcher(room, clock)
    stand_in = watcher._channel(drill, "masto")
    assert stand_in is not None
    assert stand_in.kind == "stand-in"
    await watcher._fetch.aclose()


async def test_what_a_person_released_goes_out_within_moments(
    room: Room, clock: ManualClock, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    await declared(room)
    network = Network(random.Random(1), clock, idempotent=True)
    watcher = _watcher(room, clock)

    def channel(incident: Incident, name: str) -> Network:
        return network

    monkeypatch.setattr(watcher, "_channel", channel)
    running = asyncio.ensure_future(watcher.run())
    await until(_watched(room))
    saved = await reply(room, "We are sorry.")
    await words.submit(room, "", saved.id)
    await words.approve(room, "", saved.id, saved.sha256)
    await sending.send(room, "", saved.id)

    async def is_out() -> bool:
        return (await reading.incident(room)).replies[saved.id].state == "sent"

    await until(is_out)
    watcher.stop()
    await running
    assert network.posts == {"We are sorry.": 1}


async def test_what_came_late_is_noted_once(room: Room, clock: ManualClock) -> None:
    await declared(room)
    assert await late.note_late(room) == 0
    clock.advance(301)
    assert await late.note_late(room) == 1
    assert await late.note_late(room) == 0
    entry = (await reading.timeline(room))[-1]
    assert (entry.kind, entry.text, entry.actor) == (
        "clock.late",
        "late: Pause what is scheduled",
        "room",
    )
    clock.advance(3600)
    assert await late.note_late(room) == 2
    await tasks.skip(room, "", "pause", "too late")
    await lifecycle.resolve(room, "")
    clock.advance(36_000)
    assert await late.note_late(room) == 0
