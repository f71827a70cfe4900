"""Holding: what an incident cites stays until Legal lets it go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from room.heard import stories_told
from room.people import WITH_TEAM, as_, declared
from room.shown import at, fetched, png, showing, taken

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, holding, linking, purging, reading, roles, stories
from crisisroom.room.settings import apply_config
from crisisroom.store import evidence as rows

DAY = 86_400


async def test_anybody_sets_it_and_the_record_says_so(room: Room) -> None:
    await declared(room)
    acted = await holding.set_hold(room, "INC-1", "counsel expects a lawsuit")
    held = acted.incident.hold
    assert held is not None
    assert (held.by, held.words) == ("ada", "counsel expects a lawsuit")
    assert not (await holding.set_hold(room, "INC-1", "counsel expects a lawsuit")).changed
    assert [one.id for one in await holding.held_incidents(room)] == ["INC-1"]


async def test_only_legal_lifts_it(room: Room) -> None:
    await declared(room)
    await apply_config(room, WITH_TEAM, "x")
    await holding.set_hold(as_(room, "bo"), "INC-1", "a lawsuit")
    with pytest.raises(Refused, match="only Legal may lift a hold"):
        await holding.lift(as_(room, "cy"), "INC-1", "over")
    await roles.take(as_(room, "cy"), "INC-1", "legal")
    with pytest.raises(Refused, match=r"only Legal \(cy\) may"):
        await holding.lift(as_(room, "bo"), "INC-1", "over")
    acted = await holding.lift(as_(room, "cy"), "INC-1", "over")
    assert acted.incident.hold is None
    assert not await room.store.read(rows.held)
    with pytest.raises(Refused, match="not on hold"):
        await holding.lift(as_(room, "cy"), "INC-1", "over")


@pytest.mark.parametrize("why", ["", "  "])
async def test_it_needs_a_reason(room: Room, why: str) -> None:
    await declared(room)
    with pytest.raises(Usage):
        await holding.set_hold(room, "INC-1", why)


async def test_what_it_cites_is_named_mentions_stories_and_bytes(room: Room) -> None:
    await declared(room)
    await stories_told(room, {"N-1": 2, "N-2": 2})
    (shown,) = await taken(room, showing("a", at("one")))
    sha256 = await fetched(room, shown, png("x"))
    await stories.link(room, "INC-1", "N-1")
    await linking.link(room, "INC-1", [f"M-{shown}"])
    assert not await room.store.read(holding.held)
    await holding.set_hold(room, "INC-1", "a lawsuit")
    held = await room.store.read(holding.held)
    known = {one.uid: one.id for one in await reading.mentions(room)}
    assert {known[uid] for uid in held} == {"M-1", "M-2", "M-3", f"M-{shown}"}
    on_hold = await room.store.read(rows.held)
    assert await room.store.read(lambda tx: rows.cited_in(tx, on_hold)) == {sha256}
    await linking.unlink(room, "INC-1", f"M-{shown}")
    assert await room.store.read(holding.held) == held  # it was cited, and stays so


async def test_a_purge_leaves_what_is_held(room: Room, clock: ManualClock) -> None:
    await declared(room)
    await stories_told(room, {"N-1": 2, "N-2": 2})
    await stories.link(room, "INC-1", "N-1")
    await holding.set_hold(room, "INC-1", "a lawsuit")
    clock.advance(100 * DAY)
    done = await purging.purge(room, clock.now() - timedelta(days=90))
    assert (done.mentions, done.cited) == (2, 3)
    await holding.lift(room, "INC-1", "over")
    again = await purging.purge(room, clock.now() - timedelta(days=90))
    assert (again.mentions, again.cited) == (2, 1)


async def test_a_purge_takes_pictures_with_the_last_post_that_shows_them(
    room: Room, clock: ManualClock
) -> None:
    await declared(room)
    first, second, third = await taken(
        room, showing("a", at("one")), showing("b", at("two")), showing("c", at("three"))
    )
    gone = await fetched(room, first, png("gone"))
    cited = await fetched(room, second, png("cited"))
    shared = await fetched(room, third, png("shared"))
    await linking.link(room, "INC-1", [f"M-{second}"])
    clock.advance(100 * DAY)
    (late,) = await taken(room, showing("d", at("three")))
    assert await fetched(room, late, png("shared")) == shared
    done = await purging.purge(room, clock.now() - timedelta(days=90))
    assert done.mentions == 2
    left = await room.store.read(lambda tx: rows.kept(tx, [gone, cited, shared]))
    assert left.keys() == {cited, shared}
