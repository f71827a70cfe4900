"""24 hours of listening to servers that fail, by processes that die: none missed, none twice."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import START
from watch.day.script import CRISIS_AT, script
from watch.day.world import DAY, World

from crisisroom.core.candidate import Candidate
from crisisroom.core.mention import Mention
from crisisroom.core.query import Query
from crisisroom.fetch import client as client_module
from crisisroom.room import Actor, Room, reading, stories, warnings
from crisisroom.store import buckets
from crisisroom.watch import poll
from crisisroom.watch.analysis import place_of

LATER = 2 * 3600.0  # seconds after the day in which nothing fails any more


async def _day(folder: Path, patch: pytest.MonkeyPatch, seed: int, every: int) -> World:
    """Let a day pass, and then enough quiet time to catch up."""
    patch.setenv("DAY_MASTO", "canary-token")
    patch.setenv("DAY_SKY", "canary-pass-word")
    patch.setattr(poll, "random", random.Random(seed))
    world = World(folder, script(random.Random(seed)), seed, every)
    patch.setattr(client_module, "Transport", world.transport)
    await world.run(DAY)
    world.trouble = 0.0
    world.outages.clear()
    world.lines.finish()
    await world.run(DAY + LATER)
    return world


async def _all(room: Room) -> list[Mention]:
    found: list[Mention] = []
    for others in (False, True):
        query = Query(limit=100_000, copies=True, others=others)
        found += await reading.mentions(room, query)
    return found


def _check_mentions(world: World, found: list[Mention]) -> None:
    """None missed that its server still offered, and none twice."""
    counts = Counter((one.source, one.external_id) for one in found)
    assert max(counts.values()) == 1
    for name, server in world.servers.items():
        have = {key for source, key in counts if source == name}
        assert have == server.expected(), f"{name}: {have ^ server.expected()}"
    texts = {one.text.removeprefix("@acme ") for one in found}
    assert texts <= {one.text for one in world.script.posts}


async def _check_analysed(room: Room, found: list[Mention]) -> None:
    """Every mention was analysed once: counts, stories and rows say the same."""
    place = await room.store.read(place_of)
    assert place.done == max(one.number for one in found)
    ours = [one for one in found if not one.others]
    since = START - timedelta(days=1)
    series = {"": len(ours), "term:us": len(ours), "term:them": len(found) - len(ours)}
    series |= {f"source:{name}": n for name, n in Counter(one.source for one in ours).items()}
    for name, number in series.items():
        counted = await room.store.read(lambda tx, name=name: buckets.window(tx, name, since))  # type: ignore[misc]
        assert sum(many for _, many, _ in counted) == number, name
    told = Counter(one.narrative for one in ours if one.narrative)
    known = await stories.narratives(room, limit=10_000)
    assert {one.id: one.mentions for one in known} == dict(told)
    assert not any(one.narrative for one in found if one.others)


def _check_warnings(world: World, found: tuple[Candidate, ...]) -> None:
    """The crisis was warned of within the time that polls and outages leave; nothing else was."""
    assert found, "no warning"
    for one in found:
        into = (one.at - START).total_seconds() - world.script.crisis
        assert 0 < into < 7200, f"{one.at}, {into / 60:.0f} min from the crisis: {one.reason}"
    assert len(found) == 1, [one.reason for one in found]


async def _check(world: World) -> None:
    async with await Room.open(world.file, actor=Actor("ada"), clock=world.clock) as room:
        found = await _all(room)
        _check_mentions(world, found)
        await _check_analysed(room, found)
        _check_warnings(world, await warnings.candidates(room))
        status = (await reading.status(room)).sources
        assert {one.state for one in status} == {"ok"}, status
    assert max(world.gaps) <= 1.1 * world.every
    assert world.deaths > 4
    assert world.zombies > 2
    assert world.faults > 5


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_day_of_listening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    await _check(await _day(tmp_path, monkeypatch, seed, every=900))


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(100, 124))
async def test_many_days_of_listening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    world = await _day(tmp_path, monkeypatch, seed, every=(60, 120, 300)[seed % 3])
    await _check(world)
    assert world.shown > 0
    assert {*CRISIS_AT} <= {*world.servers}
