"""The digest on the screen: complaints, owners, outcomes, campaigns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import TextArea
from tui.night import advance, empty_room, screen
from tui.seeing import lines, see, text, until
from tui.story_night import mended, story_room
from tui.test_acts import choose, write

from crisisroom.room import campaigning, improving
from crisisroom.tui.digest.screen import day_flaw, day_of


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_it_tells_complaints_actions_and_campaigns(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with story_room(tmp_path) as room:
        await mended(room)
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("D")
            await see(pilot, "What people complained of")
            await see(pilot, "│ Checked again")
            shown = text(app)
            first = next(line for line in lines(app) if line.startswith(" ▌"))
    assert first.startswith(" ▌!")
    assert "bo" in first
    assert first.endswith("charged twice")
    assert "nobody  when is the refund" in shown
    assert "! by 2026-11-20" in shown
    assert "✓ no day" in shown
    assert "needs a result" in shown


async def test_a_story_gets_an_owner_and_the_action_its_outcome(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("D")
            await see(pilot, "Nobody mends it.")
            await pilot.press("plus")
            await see(pilot, "What is to be mended about N-1?")
            await write(pilot, "Stop the second charge")
            await choose(pilot, "Bo Lind")
            await see(pilot, "By which day?")
            await write(pilot, "in a week")
            await see(pilot, "a day is written YYYY-MM-DD")
            await write(pilot, "7d")
            await see(pilot, "ACT-1: bo mends it by 2026-11-29")
            await see(pilot, "▸ by 2026-11-29")
            await pilot.press("j", "j", "x")
            await see(pilot, "what came of it?")
            await write(pilot, "It charges once now.")
            await see(pilot, "ACT-1 is done")
            found = await improving.improvements_of(room, everything=True)
            assert [(one.state, one.owner) for one in found] == [("done", "bo")]
            await see(pilot, "It charges once now.")


async def test_a_campaign_that_is_over_gets_its_result(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("D")
            await see(pilot, "needs a result")
            await pilot.press("r")
            await see(pilot, "choose a campaign first")
            await pilot.press("G")
            await see(pilot, "500 people say its name")
            await until(pilot, lambda: "2026-11-16" in text(app))
            await pilot.press("r")
            await until(pilot, lambda: app.screen.query(TextArea))
            await write(pilot, "Fewer than hoped, and kinder.")
            await see(pilot, "autumn has its result")
            found = await campaigning.campaigns(room)
            assert found[0].result is not None
            await see(pilot, "Fewer than hoped")


async def test_enter_shows_the_posts_of_the_story(tmp_path: Path) -> None:
    async with story_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("D")
            await see(pilot, "What people complained of")
            await pilot.press("j", "enter")
            await see(pilot, "only story:N-2")
            await until(pilot, lambda: app.room_screen.feed.count() == 2)


async def test_a_calm_week_says_so(tmp_path: Path) -> None:
    async with empty_room(tmp_path) as room:
        advance(room, 1)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "This room is empty")
            await pilot.press("enter", "D")
            await see(pilot, "nothing to mend")
            await until(pilot, lambda: "none in crisisroom.yaml" in text(app))
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.room_screen)


def test_days_are_named_by_date_or_by_number() -> None:
    today = date(2026, 11, 22)
    assert day_of("7d", today) == "2026-11-29"
    assert day_of("2026-12-01", today) == "2026-12-01"
    assert day_of("", today) == ""
    assert day_flaw("7d") == day_flaw("") == ""
    assert day_flaw("2026-02-30") == "there is no such day"
