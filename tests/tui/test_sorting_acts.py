"""What posts need and stories put right: the key, the question, the record, the way back."""

from __future__ import annotations

from pathlib import Path

from tui.night import by_handle, screen
from tui.seeing import lines, see, text, until
from tui.story_night import story_room
from tui.test_acts import choose, write
from tui.test_by_story import by_story

from crisisroom.core.query import Query
from crisisroom.room import Room, reading, stories


async def verdicts(room: Room) -> list[str]:
    """Return what was said that the posts of the first story need."""
    return [one.verdict for one in await reading.mentions(room, Query(narrative="N-1"))]


async def test_each_answer_of_a_triage_is_one_key(tmp_path: Path) -> None:
    told = {
        "d": ("answer", "A", "mira.k needs an answer"),
        "C": ("correct", "F", "mira.k needs the facts put right"),
        "P": ("restore", "P", "mira.k needs to be put right"),
        "M": ("monitor", "W", "mira.k is watched"),
        "T": ("thank", "T", "mira.k is to be thanked"),
    }
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            for key, (verdict, letter, words) in told.items():
                await pilot.press(key)
                await see(pilot, words)
                assert (await by_handle(room))["mira.k"].verdict == verdict
                await until(pilot, lambda letter=letter: lines(app)[6][9] == letter)  # type: ignore[misc]
            await pilot.press("T")
            await see(pilot, "is to be thanked already")
            await pilot.press("z")
            await see(pilot, "taken back: sorting of 1 post")
            assert (await by_handle(room))["mira.k"].verdict == "monitor"


async def test_a_story_is_sorted_whole_and_put_back(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            assert set(await verdicts(room)) == {""}
            await pilot.press("d")
            await see(pilot, "6 posts need an answer")
            assert set(await verdicts(room)) == {"answer"}
            await pilot.press("z")
            await see(pilot, "taken back: sorting of 6 posts")
            assert set(await verdicts(room)) == {""}


async def test_a_story_is_dismissed_and_taken_offline_whole(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await pilot.press("x")
            await see(pilot, "6 posts: not relevant")
            await see(pilot, "0 free of 6")
            await pilot.press("x")
            await see(pilot, "none of its posts is free")
            await pilot.press("z")
            await see(pilot, "6 free of 6")
            await pilot.press("O")
            await see(pilot, "6 posts: moved to private")
            states = {one.state for one in await reading.mentions(room, Query(narrative="N-1"))}
            assert states == {"offline"}


async def test_marked_posts_are_acted_on_together(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await pilot.press("j", "space", "space")
            await see(pilot, "2 marked")
            assert "B break off" in lines(app)[23]
            await pilot.press("escape")
            await until(pilot, lambda: "2 marked" not in text(app))
            await pilot.press("j", "space", "V")
            await see(pilot, "tomk: an advocate")
            assert (await by_handle(room))["tomk"].tags == ("advocate",)
            assert "marked" not in text(app)
            await pilot.press("z")
            await until(pilot, lambda: "taken back" in text(app))
            assert (await by_handle(room))["tomk"].tags == ()


async def test_posts_are_broken_off_and_joined_again(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await pilot.press("j", "space", "space", "B")
            await see(pilot, "Which story do 2 posts tell?")
            await write(pilot, "Phone line")
            await see(pilot, "2 posts broken off N-1 as N-3")
            await see(pilot, "4 free of 4")
            assert (await stories.narrative(room, "N-3")).title == "Phone line"
            await pilot.press("z")
            await see(pilot, "taken back: breaking off of N-3")
            assert (await stories.narrative(room, "N-1")).mentions == 6


async def test_a_story_is_named_joined_and_set_aside(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await pilot.press("N")
            await see(pilot, "What is N-1 called?")
            await write(pilot, "Double charge")
            await see(pilot, "N-1 is called Double charge")
            await pilot.press("X")
            await see(pilot, "N-1 is set aside")
            await until(pilot, lambda: app.room_screen.feed.at != "head:N-1")
            app.perform("story-back", app.room_screen.context())
            await choose(pilot, "N-1")
            await see(pilot, "N-1 is shown again")
            await pilot.press("g")
            await until(pilot, lambda: app.room_screen.feed.at == "head:N-1")
            await pilot.press("J")
            await choose(pilot, "N-2")
            await see(pilot, "N-2 is part of N-1 now")
            assert (await stories.narrative(room, "N-1")).mentions == 8
            await pilot.press("z")
            await see(pilot, "taken back: joining of N-2")
            assert (await stories.narrative(room, "N-1")).mentions == 6


async def test_a_story_is_linked_to_the_incident(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await by_story(pilot)
            await pilot.press("i")
            await see(pilot, "N-1 belongs to INC-1")
            story = await stories.narrative(room, "N-1")
            await until(pilot, lambda: story.uid in (app.situation.incident.stories))  # type: ignore[union-attr]
            await pilot.press("i")
            await see(pilot, "it belongs to INC-1 already")
            app.room_screen.action_act("story-unlink")
            await see(pilot, "N-1 is out of INC-1")
            assert story.uid not in (await reading.incident(room)).stories


async def test_keys_of_stories_say_what_they_need(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("N")
            await see(pilot, "choose a story first, v shows them")
            await pilot.press("v", "G")
            await until(pilot, lambda: app.room_screen.feed.at == "head:others")
            await pilot.press("B")
            await see(pilot, "mark its posts first, with space")
            await pilot.press("d")
            await see(pilot, "choose a post first")
