"""What the room's retention lets go of: nothing by itself, strangers only, never what is held."""

from __future__ import annotations

import msgspec
import pytest
from conftest import START
from room.people import PLAN, SETTINGS
from room.planted import plant, traces_of

from crisisroom.clock import ManualClock
from crisisroom.config.settings import Retention
from crisisroom.core.timeline import ERASED
from crisisroom.room import Room, erasing, holding, lifecycle, purging, reading, tasks, verifying
from crisisroom.room.settings import apply_config
from crisisroom.store import erase_begun

DAY = 86_400
KEPT = msgspec.structs.replace(SETTINGS, retention=Retention(mentions="90d", incidents="3y"))


@pytest.fixture
async def old(room: Room, clock: ManualClock) -> Room:
    """Two incidents that were resolved four years ago, with their strangers."""
    await plant(room, 4, PLAN, queued=False)
    for inc in ("INC-1", "INC-2"):
        await tasks.done(room, inc, "pause", "it is")
        await lifecycle.resolve(room, inc, "it is over", anyway="the rest can wait")
    await apply_config(room, KEPT, "crisisroom.yaml")
    clock.advance(4 * 365 * DAY)
    return room


async def test_it_is_said_when_something_is_due(old: Room) -> None:
    due = await purging.due(old)
    assert due.incidents == ("INC-2",)  # nobody was ever in the other
    assert str(due).startswith(f"{due.mentions:,} posts and people outside in")
    assert await traces_of(old)


async def test_strangers_go_and_the_skeleton_stays(old: Room) -> None:
    before = await reading.incident(old, "INC-2")
    statements = {key: one.text for key, one in before.statements.items()}
    over = purging.kept_since(old, "3y")
    assert over is not None
    would = await purging.empty(old, over, dry_run=True)
    done = await purging.empty(old, over)
    assert [one.texts for one in done] == [one.texts for one in would]
    after = await reading.incident(old, "INC-2")
    assert {one.handle for one in after.mentions.values()} == {ERASED}
    assert {one.quote for one in after.mentions.values()} == {ERASED}
    assert {key: one.text for key, one in after.statements.items()} == statements
    assert (after.declared_at, after.resolved_at) == (before.declared_at, before.resolved_at)
    assert after.tasks.keys() == before.tasks.keys()
    assert all(not one.problems for one in await verifying.verify(old))
    assert (await purging.due(old)).incidents == ()
    assert await purging.empty(old, over) == ()


async def test_held_and_young_ones_stay(old: Room, clock: ManualClock) -> None:
    await holding.set_hold(old, "INC-2", "the court asks")
    await lifecycle.reopen(old, "INC-1", "a second batch")
    assert (await purging.due(old)).incidents == ()
    over = purging.kept_since(old, "3y")
    assert over is not None
    assert await purging.empty(old, over) == ()
    assert "zqw" in next(iter((await reading.incident(old, "INC-2")).mentions.values())).quote


async def test_without_a_retention_nothing_is_due(room: Room, clock: ManualClock) -> None:
    await plant(room, 1)
    clock.advance(9 * 365 * DAY)
    assert await purging.due(room) == purging.Due()
    assert clock.now() > START


async def test_an_interrupted_erasure_is_told(room: Room) -> None:
    await room.store.write(lambda tx: erase_begun.unsettle(tx, erase_begun.FREE))
    assert (await purging.due(room)).unfinished
    assert await erasing.settle(room)
    assert not (await purging.due(room)).unfinished
