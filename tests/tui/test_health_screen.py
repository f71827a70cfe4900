"""The room's health on the screen: what is wrong, who works on it, versions side by side."""

from __future__ import annotations

from pathlib import Path

from tui.night import screen
from tui.seeing import lines, see, text, until
from tui.story_night import story_room

from crisisroom import __version__
from crisisroom.room import keeping, programs


async def test_it_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("S")
            await see(pilot, "5, 1 need a look")
            await pilot.press("h")
            await see(pilot, "Health   1 to look at")
            assert any("forum failing, last heard" in line for line in lines(app))
            await until(pilot, lambda: "never copied" in text(app))
            await pilot.press("g")
            await see(pilot, "crisisroom doctor sources")
            await pilot.press("escape")
            await see(pilot, "5, 1 need a look")


async def test_it_shows_who_works_and_with_which_version(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        await programs.begun(room, "watch", "0.0.1")
        await keeping.backup(room, tmp_path / "copy.db")
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("S", "h")
            await see(pilot, f"0.0.1 beside {__version__}")
            assert any("clocks, sending" in line and "process" in line for line in lines(app))
            assert "never copied" not in text(app)
            await pilot.press("j")
            await until(
                pilot, lambda: "start the older one anew" in text(app) or "taken once" in text(app)
            )
