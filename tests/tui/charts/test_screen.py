"""The chart screen: spans by keys, one term or story, painted anew only with the minute."""

from __future__ import annotations

from pathlib import Path

from tui.night import advance, calm_room, screen
from tui.seeing import see, text, until
from tui.warned_night import warned_room

from crisisroom.tui.charts.screen import VolumeScreen


async def test_spans_are_switched_by_keys(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("t")
            await see(pilot, "12 in 4 h, every 5m   now usual 0 to 1")
            for words in ("W  03:07", "9 of 12 mentions", "9 free   charged twice", "3 complain"):
                await see(pilot, words)
            for key, words in (("2", "every 30m"), ("3", "7 days, every 3h"), ("4", "every 12h")):
                await pilot.press(key)
                await see(pilot, words)


async def test_it_is_of_one_story_alone(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("t")
            await see(pilot, "12 in 4 h")
            await pilot.press("t")
            await see(pilot, "Chart of what?")
            await pilot.press("escape", "t")
            await see(pilot, "Chart of what?")
            await pilot.press("2")
            await see(pilot, "N-1  charged twice")
            await see(pilot, "9 in 4 h")
            assert "Sources" not in text(app)


async def test_nothing_is_read_before_the_minute_is_over(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("t")
            await see(pilot, "12 in 4 h")
            top = app.screen
            assert isinstance(top, VolumeScreen)
            before = top.seen
            top.tick()
            await pilot.pause()
            assert top.seen is before
            advance(room, 1)
            top.tick()
            await until(pilot, lambda: top.seen is not before)


async def test_a_young_room_says_that_nothing_is_usual_yet(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("t")
            await see(pilot, "nothing was heard yet")


async def test_in_ascii_the_numbers_stand_there(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = screen(room, ascii_only=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("t")
            await see(pilot, "02:15")
            assert text(app).isascii()
