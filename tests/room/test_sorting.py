"""Sorting: the five answers of a good triage, one post or a whole story, and back."""

from __future__ import annotations

import pytest
from room.heard import stories_told
from room.people import as_, declared

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.query import Query
from crisisroom.room import Room, reading, sorting, triage, verifying
from crisisroom.store import clicks


async def _clicked(room: Room) -> dict[str, bool]:
    return {one.mention.id: one.wanted for one in await room.store.read(clicks.all)}


async def test_the_five_answers_are_kept_and_found(room: Room) -> None:
    await stories_told(room, {"N-1": 3})
    made = await sorting.sort(room, ["M-1", "M-3", "M-1"], "restore")
    assert [(one.id, one.verdict) for one in made.mentions] == [
        ("M-1", "restore"),
        ("M-3", "restore"),
    ]
    found = await reading.mentions(room, Query(verdict="restore"))
    assert [one.id for one in found] == ["M-3", "M-1"]
    with pytest.raises(Usage, match="no answer of a triage"):
        await sorting.sort(room, ["M-1"], "maybe")  # type: ignore[arg-type]


async def test_the_room_learns_from_what_people_decide(room: Room) -> None:
    await stories_told(room, {"N-1": 5})
    await sorting.sort(room, ["M-1"], "answer")
    await sorting.sort(room, ["M-2"], "monitor")
    await triage.dismiss(room, "M-3")
    await triage.claim(room, "M-4")
    await sorting.sort(room, ["M-5"], "thank")
    assert await _clicked(room) == {"M-1": True, "M-2": False, "M-3": False, "M-4": True}
    await triage.restore(room, "M-3")
    await sorting.sort(room, ["M-1"], "")
    assert await _clicked(room) == {"M-2": False, "M-4": True}


async def test_a_whole_story_is_sorted_and_put_back(room: Room) -> None:
    await stories_told(room, {"N-1": 4, "N-2": 1})
    await triage.claim(as_(room, "bo"), "M-2")
    posts = await sorting.posts_of(room, "N-1")
    assert sorted(posts) == ["M-1", "M-3", "M-4"]
    made = await sorting.dismiss_all(room, posts, command_id="all")
    assert {one.state for one in made.mentions} == {"dismissed"}
    assert len((await sorting.dismiss_all(room, posts, command_id="all")).mentions) == 3
    await triage.restore(room, "M-4")
    await triage.claim(as_(room, "cy"), "M-4")
    await sorting.put_back(room, made.before)
    states = {one.id: one.state for one in await reading.mentions(room, Query(narrative="N-1"))}
    assert states == {"M-1": "new", "M-2": "claimed", "M-3": "new", "M-4": "claimed"}
    with pytest.raises(Refused, match="none of these posts is free"):
        await sorting.dismiss_all(room, ["M-2"])


async def test_a_sorted_post_of_an_incident_is_on_its_timeline(room: Room) -> None:
    await declared(room)
    await sorting.sort(room, ["M-1"], "correct", command_id="once")
    await sorting.sort(room, ["M-1"], "correct", command_id="once")
    entries = [one for one in await reading.timeline(room) if one.kind == "mention.sorted"]
    assert [one.text for one in entries] == ["pat@social.example needs the facts put right"]
    assert all(not checked.problems for checked in await verifying.verify(room))


async def test_undo_leaves_a_verdict_that_was_there(room: Room) -> None:
    await stories_told(room, {"N-1": 1})
    await sorting.sort(room, ["M-1"], "monitor")
    made = await sorting.sort(room, ["M-1"], "answer")
    await sorting.put_back(room, made.before)
    assert (await reading.mention(room, "M-1")).verdict == "monitor"
    assert await _clicked(room) == {"M-1": False}
