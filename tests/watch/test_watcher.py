"""The watcher at work: it listens, sends, and keeps the clocks."""

from __future__ import annotations

import asyncio
import os
import random
import socket

import msgspec
import pytest
from room.people import declared, post, reply
from watch.fakes import Fake, Stream, batch, until, with_sources
from watch.network import Network
from watch.watching import (
    count_is,
    log,
    source_is,
    watched,
    watcher,
)

from crisisroom.clock import ManualClock
from crisisroom.config import RoomConfig
from crisisroom.core.incident import Incident
from crisisroom.room import Room, lifecycle, reading, sending, tasks, words
from crisisroom.room.settings import apply_config
from crisisroom.watch import late
from crisisroom.wire.answer import FetchError

Sources = dict[str, Fake]


async def test_it_listens_and_says_who_it_is(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("a"), "x")
    sources["a"] = Fake("a", batch("one", "two"))
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await count_is(room, 2)
    known = (await reading.status(room)).watcher
    assert known is not None
    assert (known.pid, known.host) == (os.getpid(), socket.gethostname())
    worker.stop()
    await running
    assert (await reading.status(room)).watcher is None


async def test_a_failing_source_backs_off_alone(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("broken", "odd", "fine"), "x")
    sources["broken"] = Fake("broken", FetchError("status", "404 Not Found"))
    sources["odd"] = Fake("odd", ZeroDivisionError("a bug"))
    sources["fine"] = Fake("fine", batch("one"))
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await count_is(room, 1)
    await source_is(room, "broken", "failing")
    await source_is(room, "odd", "failing")
    known = {one.id: one.reason for one in (await reading.status(room)).sources}
    assert known["broken"] == "404 Not Found"
    assert "ZeroDivisionError" in known["odd"]
    assert known["fine"] == ""
    worker.stop()
    await running
    assert "id=odd error=ZeroDivisionError" in log()
    assert "a bug" not in log()


async def test_streams_tell_at_once_and_connect_again(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("a", streaming=True), "x")
    told = Stream("a", post("one", "1"), FetchError("protocol", "cut"), post("two", "2"))
    sources["a"] = told
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await count_is(room, 2)
    assert told.connected == 2
    worker.stop()
    await running


async def test_settings_come_into_force_while_it_runs(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("a"), "x")
    sources["a"], sources["b"] = Fake("a", batch("one")), Fake("b", batch("two"))
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await count_is(room, 1)
    await apply_config(room, with_sources("b"), "x")
    await count_is(room, 2)
    await apply_config(room, RoomConfig(name="quiet"), "x")

    async def nobody_listens() -> bool:
        return not any(name.startswith("source") for name in worker._jobs.names)

    await until(nobody_listens)
    worker.stop()
    await running


async def test_settings_that_an_act_has_read_already_come_into_force_too(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("a"), "x")
    sources["a"] = Fake("a", batch("one"))
    worker = watcher(room, clock)
    running = asyncio.ensure_future(worker.run())
    await count_is(room, 1)
    sources["a"] = Fake("a", batch("two"))
    changed = msgspec.structs.replace(with_sources("a"), name="another")
    before = worker._pollers["a"]
    await apply_config(worker._room, changed, "x")  # its own room has them before it hears of it

    async def begun_anew() -> bool:
        return worker._pollers.get("a", before) is not before

    await until(begun_anew)
    worker.stop()
    await running


async def test_once_asks_every_source_and_tells_what_failed(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("broken", "fine"), "x")
    sources["broken"] = Fake("broken", FetchError("status", "404 Not Found"))
    sources["fine"] = Fake("fine", batch("one"))
    assert await watcher(room, clock).once() == ["broken: 404 Not Found"]
    assert await reading.count(room) == 1
    assert (await reading.status(room)).watcher is None


async def test_a_drill_s_words_take_a_stand_in(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await declared(room)
    drill = msgspec.structs.replace(await reading.incident(room), drill=True)
    worker = watcher(room, clock)
    stand_in = worker._work.ways.channel(drill, "masto")
    assert stand_in is not None
    assert stand_in.kind == "stand-in"
    await worker._fetch.aclose()


async def test_what_a_person_released_goes_out_within_moments(
    room: Room, clock: ManualClock, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    await declared(room)
    network = Network(random.Random(1), clock, idempotent=True)
    worker = watcher(room, clock)

    def channel(incident: Incident, name: str) -> Network:
        return network

    monkeypatch.setattr(worker._work.ways, "channel", channel)
    running = asyncio.ensure_future(worker.run())
    await until(watched(room))
    saved = await reply(room, "We are sorry.")
    await words.submit(room, "", saved.id)
    await words.approve(room, "", saved.id, saved.sha256)
    await sending.send(room, "", saved.id)

    async def is_out() -> bool:
        return (await reading.incident(room)).replies[saved.id].state == "sent"

    await until(is_out)
    worker.stop()
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
