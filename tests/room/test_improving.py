"""The digest, the actions that come of it, campaigns, saved filters."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from conftest import START
from room.heard import stories_told
from room.people import SETTINGS

from crisisroom.clock import ManualClock
from crisisroom.config import Campaign, Term
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, campaigning, improving, reading, searches
from crisisroom.room.settings import apply_config
from crisisroom.store import buckets


async def _complained(room: Room, series: str, at: object, many: int, bad: int) -> None:
    start = buckets.start_of(at)  # type: ignore[arg-type]
    await room.store.write(lambda tx: buckets.add(tx, {(series, start): (many, bad)}))


async def test_complaint_stories_become_owned_actions(room: Room, clock: ManualClock) -> None:
    await stories_told(room, {"N-1": 4, "N-2": 3}, complaint=0.9)
    await _complained(room, "", START, 9, 7)
    await _complained(room, "narrative:N-1", START, 4, 4)
    await _complained(room, "narrative:N-1", START - timedelta(days=8), 2, 1)
    await _complained(room, "narrative:N-2", START, 3, 1)
    clock.advance(3600)
    found = await improving.digest(room)
    assert (found.mentions, found.complaints) == (9, 7)
    assert [(one.story.id, one.complaints, one.before) for one in found.stories] == [("N-1", 4, 1)]
    assert len(found.stories[0].examples) == improving.EXAMPLES

    made = await improving.add(
        room, "Check-out at 11", owner="bo", due="2026-12-01", narrative="N-1", command_id="x"
    )
    again = await improving.add(room, "Check-out at 11", owner="bo", command_id="x")
    assert made == again
    assert [one.id for one in (await improving.digest(room)).stories[0].actions] == ["ACT-1"]
    done = await improving.done(room, "ACT-1", "the desk opens at 11 now")
    assert (done.state, done.outcome) == ("done", "the desk opens at 11 now")
    with pytest.raises(Refused, match="ACT-1 is done already"):
        await improving.done(room, "ACT-1", "again")
    kinds = [one.kind for one in await reading.room_log(room)]
    assert kinds[-2:] == ["improvement.added", "improvement.done"]
    assert await improving.improvements_of(room) == ()
    assert len(await improving.improvements_of(room, everything=True)) == 1


async def test_what_an_action_needs(room: Room) -> None:
    with pytest.raises(Usage, match="no such day"):
        await improving.add(room, "x", owner="bo", due="2026-02-30")
    with pytest.raises(Usage, match="no story N-7"):
        await improving.add(room, "x", owner="bo", narrative="N-7")
    with pytest.raises(Usage, match="no action ACT-7"):
        await improving.done(room, "ACT-7", "x")
    with pytest.raises(Usage, match="say what came of it"):
        await improving.done(room, "ACT-7", " ")


async def test_a_campaign_has_days_an_owner_and_a_result(room: Room, clock: ManualClock) -> None:
    watch = Campaign(
        id="autumn", title="Autumn", terms=("kettle",), start="2026-11-20", end="2026-11-22"
    )
    term = Term(id="kettle", say="kettle")
    config = msgspec.structs.replace(SETTINGS, terms=(term,), campaigns=(watch,), team=())
    await apply_config(room, config, "x")
    for days, many in ((-4, 1), (-2, 5), (-1, 7), (0, 2)):
        await _complained(room, "term:kettle", START + timedelta(days=days), many, 1)
    [found] = await campaigning.campaigns(room)
    assert (found.state, found.mentions, found.complaints, found.before) == ("running", 14, 3, 1)
    assert [many for _, many, _ in found.days] == [5, 7, 2]
    clock.advance(3 * 86400)
    told = await campaigning.say_result(room, "autumn", "half of them asked for the price")
    assert told.state == "over"
    assert told.result is not None
    assert told.result.actor == "ada"
    with pytest.raises(Usage, match="there is no campaign spring"):
        await campaigning.say_result(room, "spring", "x")


async def test_filters_are_kept_for_everybody(room: Room) -> None:
    await searches.save(room, "press", " is:free kind:article ")
    await searches.save(room, "press", "kind:article")
    [kept] = await searches.filters_of(room)
    assert (kept.name, kept.typed, kept.actor) == ("press", "kind:article", "ada")
    for name, typed, why in (("No Id", "x", "small letters"), ("a", " ", "say what the filter")):
        with pytest.raises(Usage, match=why):
            await searches.save(room, name, typed)
    await searches.remove(room, "press")
    with pytest.raises(Usage, match="there is no filter press"):
        await searches.remove(room, "press")
