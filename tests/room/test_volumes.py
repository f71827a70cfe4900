"""How much was said, put on an incident's record: by the watcher, at its end, by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from conftest import START
from room.people import PLAN

from crisisroom.clock import ManualClock
from crisisroom.core.timeline import Entry, flaws, stamp
from crisisroom.core.volumes import full_hour
from crisisroom.room import Room, lifecycle, reading, tasks, volumes
from crisisroom.store import buckets, leases
from crisisroom.store.leases import LeaseLost
from crisisroom.watch.volumes import count_due

HOUR = timedelta(hours=1)
FIRST = full_hour(START)


async def said(room: Room, at: datetime, many: int, source: str = "web") -> None:
    """Let people say something in the hour of a moment."""
    start = buckets.start_of(at)
    found = {("", start): (many, many // 2), (f"source:{source}", start): (many, many // 2)}
    await room.store.write(lambda tx: buckets.add(tx, found))


@pytest.fixture
async def night(room: Room) -> Room:
    """INC-1, declared while people talk, in a room that has listened for three days."""
    await said(room, START - timedelta(days=3), 1)  # the hour in which it began to listen
    await said(room, START - timedelta(days=2), 4)
    await said(room, START - HOUR, 12)
    await said(room, START, 30, "mail")
    await lifecycle.declare(room, "Kettles", playbook=PLAN, severity="sev2")
    return room


async def counted(room: Room) -> list[Entry]:
    return [one for one in await reading.timeline(room, "INC-1") if one.kind == "volume.counted"]


async def test_nothing_heard_is_nothing_to_write(room: Room) -> None:
    await lifecycle.declare(room, "Kettles", playbook=PLAN, severity="sev2")
    assert await count_due(room) == 0
    assert not (await volumes.count(room, "INC-1")).changed


async def test_the_watcher_counts_each_hour_once_it_is_over(
    night: Room, clock: ManualClock
) -> None:
    assert await count_due(night) == 1
    assert await count_due(night) == 0
    (entry,) = await counted(night)
    assert (entry.actor, entry.source, entry.role) == ("room", "system", "")
    assert [row["start"] for row in entry.data["rows"]] == [
        stamp(FIRST - hour * HOUR) for hour in range(6, 0, -1)
    ]
    clock.advance(3600)
    await said(night, START - HOUR, 3)  # found late
    assert await count_due(night) == 1
    (_, later) = await counted(night)
    rows = {row["start"]: row for row in later.data["rows"]}
    assert set(rows) == {stamp(FIRST - HOUR), stamp(FIRST)}
    assert (rows[stamp(FIRST)]["mentions"], rows[stamp(FIRST)]["sources"]) == (30, {"mail": 30})
    assert rows[stamp(FIRST)]["complaints"] == 15
    assert rows[stamp(FIRST)]["usual_hundredths"] == 200  # 4 and none on the two days before
    assert rows[stamp(FIRST - HOUR)]["mentions"] == 15
    state = await reading.incident(night, "INC-1")
    assert len(state.volume) == 7
    assert list(flaws(await reading.timeline(night, "INC-1"))) == []


async def test_two_watchers_write_no_hour_twice(night: Room) -> None:
    clock = night.clock
    mine = await night.store.write(lambda tx: leases.acquire(tx, "watch", "one", clock, 20.0))
    assert mine is not None
    await night.store.write(lambda tx: leases.release(tx, mine))
    theirs = await night.store.write(lambda tx: leases.acquire(tx, "watch", "two", clock, 20.0))
    with pytest.raises(LeaseLost):
        await count_due(night, mine)
    assert await count_due(night, theirs) == 1
    assert len(await counted(night)) == 1


async def test_the_end_and_a_new_beginning_count_up_to_now(night: Room, clock: ManualClock) -> None:
    await tasks.skip(night, "", "pause", "nothing is scheduled")
    ended = await lifecycle.resolve(night, "")
    assert [one.kind for one in ended.entries] == ["volume.counted", "incident.resolved"]
    (entry,) = await counted(night)
    last = entry.data["rows"][-1]
    assert (last["start"], last["seconds"]) == (stamp(FIRST), int((START - FIRST).total_seconds()))
    clock.advance(2 * 3600)
    await said(night, START + HOUR, 9)
    assert await count_due(night) == 0  # it is over
    again = await lifecycle.reopen(night, "INC-1", "more of them")
    assert [one.kind for one in again.entries] == ["volume.counted", "incident.reopened"]
    state = again.incident
    assert state.volume[stamp(FIRST)].seconds == 3600
    assert state.volume[stamp(FIRST + HOUR)].mentions == 9
    assert sum(one.mentions for one in state.volume.values()) == 12 + 30 + 9


async def test_by_hand_only_what_differs_is_written(night: Room) -> None:
    first = await volumes.count(night, "INC-1", command_id="once")
    assert first.entry.actor == "ada"
    assert first.entry.text == "counted 7 hours: 42 mentions of us, 21 likely complaints"
    assert (await volumes.count(night, "INC-1", command_id="once")).entry == first.entry
    assert not (await volumes.count(night, "INC-1")).changed
    await said(night, START, 1)
    assert len((await volumes.count(night, "INC-1")).entry.data["rows"]) == 1
