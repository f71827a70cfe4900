"""Volume over time as the room knows it: counts, acts, sources, stories; and what is usual."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from conftest import START
from room.heard import signal, stories_told, warned

from crisisroom.clock import ManualClock
from crisisroom.config import RoomConfig, Term
from crisisroom.core.errors import Usage
from crisisroom.core.playbook import Playbook, Severity
from crisisroom.room import Room, charting, lifecycle
from crisisroom.store import buckets

PLAN = Playbook(schema=1, id="p", title="P", version=1, severities=(Severity("sev1", "grave"),))
HOURS = timedelta(hours=4)


async def counted(room: Room, counts: dict[tuple[str, datetime], tuple[int, int]]) -> None:
    found = {(name, buckets.start_of(at)): value for (name, at), value in counts.items()}
    await room.store.write(lambda tx: buckets.add(tx, found))


async def test_an_empty_room_says_that_nothing_was_heard(room: Room) -> None:
    seen = await charting.volume(room, HOURS)
    assert (seen.chart.mentions, seen.heard_since, seen.acts) == (0, None, ())
    assert (seen.sources, seen.stories, seen.chart.usual) == ((), (), None)


async def test_counts_sources_and_stories_of_the_time(room: Room) -> None:
    await stories_told(room, {"N-1": 3, "N-2": 2})
    old = START - timedelta(days=2)
    await counted(
        room,
        {
            ("", START): (7, 3),
            ("", old): (50, 0),
            ("source:web", START): (5, 3),
            ("source:mail", START): (2, 0),
            ("source:gone", old): (50, 0),
            ("narrative:N-2", START): (4, 0),
            ("narrative:N-1", START): (3, 3),
        },
    )
    seen = await charting.volume(room, HOURS)
    assert (seen.chart.mentions, seen.chart.complaints) == (7, 3)
    assert seen.heard_since == buckets.start_of(old)
    assert [(one.name, one.mentions) for one in seen.sources] == [("web", 5), ("mail", 2)]
    assert [(one.story.id, one.mentions) for one in seen.stories] == [("N-2", 4), ("N-1", 3)]


async def test_acts_are_marked_where_they_happened(room: Room, clock: ManualClock) -> None:
    await stories_told(room, {"N-1": 3})
    await warned(room, signal())
    clock.advance(600)
    await lifecycle.declare(room, "It smokes", playbook=PLAN, candidate="C-1")
    clock.advance(600)
    seen = await charting.volume(room, HOURS)
    told = [(act.letter, act.words) for _, act in seen.acts]
    assert told == [("W", "early warning C-1"), ("D", "INC-1 declared")]
    places = [place for place, _ in seen.acts]
    assert places == sorted(places)


async def test_one_term_or_story_alone(room: Room) -> None:
    room.config = RoomConfig(terms=(Term(id="kettle", say="kettle", title="The kettle"),))
    await stories_told(room, {"N-1": 3})
    await counted(room, {("term:kettle", START): (4, 1), ("narrative:N-1", START): (3, 0)})
    term = await charting.volume(room, HOURS, series="term:kettle")
    assert (term.about, term.chart.mentions, term.sources) == ("The kettle", 4, ())
    story = await charting.volume(room, HOURS, series="narrative:N-1")
    assert (story.about, story.chart.mentions) == ("story N-1", 3)
    for series, flaw in (("term:pot", "no watched term"), ("narrative:N-9", "no story N-9")):
        with pytest.raises(Usage, match=flaw):
            await charting.volume(room, HOURS, series=series)
    with pytest.raises(Usage, match="60 days"):
        await charting.volume(room, timedelta(days=61))


async def test_what_is_usual_leaves_the_rise_itself_out(room: Room) -> None:
    day, hour = timedelta(days=1), timedelta(hours=1)
    await counted(
        room,
        {
            ("", START - day): (8, 2),
            ("", START): (9, 9),
            ("source:web", START - 5 * hour): (1, 0),
            ("source:mail", START - 5 * hour): (1, 0),
            ("source:web", START - 3 * hour): (1, 0),
            ("source:new", START): (9, 9),
        },
    )
    assert await charting.usual_share(room, "", START) == pytest.approx(0.25)
    assert await charting.usual_share(room, "term:x", START) is None
    assert await charting.usual_sources(room, START, 20) == pytest.approx(1.5)
    assert await charting.usual_sources(room, START - 9 * day, 20) is None
    assert await charting.complaining(room, "", START, 20) == (9, 9)


async def test_a_bin_may_count_a_longer_time(room: Room) -> None:
    await counted(
        room, {("", START - timedelta(minutes=ago)): (1, 0) for ago in (0, 5, 10, 15, 20)}
    )
    seen = await charting.volume(room, HOURS, over=timedelta(minutes=15))
    assert seen.chart.bins[-1].mentions == 3
