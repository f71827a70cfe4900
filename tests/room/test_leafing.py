"""Leafing through a long timeline finds what reading all of it would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from bench.long_night import long_night
from tui.night import night_room

from crisisroom.clock import ManualClock
from crisisroom.core.apply import replay
from crisisroom.core.links import Link, names
from crisisroom.core.timefilter import Filter, folded
from crisisroom.core.timeline import Entry
from crisisroom.room import Actor, Room, anchoring, correcting, importing, leafing, reading

LONG = 1_300


@pytest.fixture
async def long_room(tmp_path: Path) -> AsyncIterator[Room]:
    log = tuple(long_night(LONG))
    told = replay(log)
    assert told is not None
    clock = ManualClock(log[-1].recorded_at + timedelta(hours=1))
    async with await Room.open(str(tmp_path / "r.db"), actor=Actor("ada"), clock=clock) as room:
        await importing.take_in(room, log, told)
        for seq in (7, 900):
            await correcting.pin(room, "INC-1", seq)
        await correcting.correct(room, "INC-1", 40, "it was another")
        yield room


async def found(room: Room, narrow: Filter) -> list[int]:
    state = await reading.incident(room, "INC-1")
    told = (await leafing.newest(room, "INC-1", 0, 0))[0].lines
    pages = [page async for page in leafing.search(room, state, told, narrow)]
    assert pages[-1][1] == 0
    return [seq for numbers, _ in pages for seq in numbers]


async def test_a_search_finds_what_reading_everything_finds(long_room: Room) -> None:
    state = await reading.incident(long_room, "INC-1")
    every: tuple[Entry, ...] = await reading.timeline(long_room, "INC-1")
    called = names(state)
    for narrow in (
        Filter(words=folded("refund thank")),
        Filter(kinds=("facts",)),
        Filter(kinds=("statement",), actor="BO"),
        Filter(pinned=True),
        Filter(corrected=True),
        Filter(about=(Link("mention", "M-3"),)),
        Filter(since=every[1000].at, kinds=("note",)),
    ):
        wanted = [one.seq for one in reversed(every) if narrow.fits(one, state, called)]
        assert wanted, narrow
        assert await found(long_room, narrow) == wanted


async def test_the_outline_goes_on_where_it_ended(long_room: Room) -> None:
    whole, _ = await leafing.newest(long_room, "INC-1", 0, 0)
    assert [one.seq for one in whole.lines] == list(range(1, whole.seq + 1))
    rest, last = await leafing.newest(long_room, "INC-1", whole.seq - 2, 1)
    assert [*last] == [whole.seq], "of those only so many are read"
    assert rest.lines == whole.lines[-2:]
    assert rest.head_hash == (await reading.timeline(long_room, "INC-1"))[-1].hash


async def test_some_entries_are_read_and_no_others(long_room: Room) -> None:
    wanted = [3, 4, 5, 90, 1200, 1_000_000]
    read = await leafing.some(long_room, "INC-1", wanted)
    every = await reading.timeline(long_room, "INC-1")
    assert read == {seq: every[seq - 1] for seq in wanted[:-1]}
    assert await leafing.some(long_room, "INC-1", []) == {}


async def test_corrections_of_corrections_are_told_in_order(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        first = await correcting.correct(room, "INC-1", 5, "once")
        again = await correcting.correct(room, "INC-1", first.entry.seq, "twice")
        told = await leafing.corrections(room, "INC-1", 5)
    assert [one.seq for one in told] == [first.entry.seq, again.entry.seq]


async def test_the_newest_anchor_that_arrived_counts(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        assert await leafing.anchored(room, "INC-1") is None
        seq = (await reading.incident(room, "INC-1")).seq
        await anchoring.note(room, "notary", await anchoring.make(room), state="sent")
        await correcting.pin(room, "INC-1", 3)
        await anchoring.note(room, "lost", await anchoring.make(room), state="unknown")
        of = await leafing.anchored(room, "INC-1")
        assert of is not None
        assert (of.place, of.seq, of.at) == ("notary", seq, room.clock.now())
