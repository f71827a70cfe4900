"""The sources on the screen: how each does, why one fails, where nobody listens."""

from __future__ import annotations

from pathlib import Path

from tui.night import empty_room, screen
from tui.seeing import lines, see, text, until
from tui.story_night import story_room


async def test_each_source_says_how_it_does(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("S")
            await see(pilot, "5, 1 need a look")
            shown = lines(app)
            failing = next(line for line in shown if "fails 12m" in line)
            assert failing.startswith("  ✗ forum")
            assert "forum.example answers 503" in failing
            await until(pilot, lambda: "silence there is not calm" in text(app))
            await pilot.press("j", "j")
            await see(pilot, "3 tries in vain, the last 03:33")
            await until(pilot, lambda: "next     03:38" in text(app))
            await pilot.press("G")
            await see(pilot, "No source listens to tube.")
            await pilot.press("k", "k", "enter")
            await see(pilot, "only on:stars")
            assert app.screen is app.room_screen


async def test_a_room_that_hears_nothing_says_what_to_do(tmp_path: Path) -> None:
    async with empty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "This room is empty")
            await pilot.press("enter", "S")
            await see(pilot, "crisisroom init")
            await until(pilot, lambda: "crisisroom doctor" in text(app))
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.room_screen)
