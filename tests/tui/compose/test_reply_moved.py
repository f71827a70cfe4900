"""Facts that move under a reply: held back, put right with one key, or said to hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.compose.replies import reply_night
from tui.compose.stage import Night, Shown, settled, showing, text_of, until

from crisisroom.room import facts
from crisisroom.tui.compose.ask import Ask
from crisisroom.tui.compose.reply import ReplyScreen

BEFORE = "Hello @pat@social.example,\nThe second payment goes back to your card by 23 November."
AFTER = BEFORE.replace("23", "25")


async def refund(stage: Night, value: str) -> None:
    """Say by when the money is back."""
    await facts.set_fact(stage.room, stage.incident.id, "refund", value, source="bank")


async def held(stage: Night) -> ReplyScreen:
    """Return the composer of a reply that a moved fact holds back."""
    await refund(stage, "23 November")
    await stage.reply(BEFORE)
    await refund(stage, "25 November")
    return ReplyScreen(stage.room, stage.incident.id, stage.mention.id)


async def ready(app: Shown, pilot: Pilot[None], screen: ReplyScreen) -> None:
    """Wait until everything is shown."""
    await until(pilot, lambda: screen.reviewed)
    await settled(app, pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_one_key_puts_the_new_value_where_the_old_one_stood(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with reply_night(tmp_path) as stage:
        screen = await held(stage)
        async with showing(stage, screen, size) as (app, pilot):
            await ready(app, pilot, screen)
            await until(
                pilot, lambda: "refund by moved: 23 November, now 25 November" in text_of(app)
            )
            await until(pilot, lambda: "ctrl+u new value   ctrl+y still holds" in text_of(app))
            assert [one.code for one in screen.reviewed.blocking] == ["moved"]  # type: ignore[union-attr]
            await pilot.press("ctrl+u")
            await until(pilot, lambda: screen.editor.text == AFTER)
            await until(pilot, lambda: screen.reviewed and not screen.reviewed.blocking)
            await until(pilot, lambda: "refund by moved" not in text_of(app))


async def test_one_key_says_that_it_still_holds_and_why(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = await held(stage)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await ready(app, pilot, screen)
            await pilot.press("ctrl+y")
            await until(pilot, lambda: isinstance(app.screen, Ask))
            await pilot.press(*"theirs is earlier")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "R-1 holds as it reads" in app.told())
            await until(pilot, lambda: "refund by moved" not in text_of(app))
        words = await stage.words("R-1")
        assert (words.suspended, words.text) == ((), BEFORE)


async def test_a_fact_that_moves_while_one_writes_is_told_at_once(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        await refund(stage, "23 November")
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await ready(app, pilot, screen)
            screen.put_in(BEFORE)
            await refund(stage, "25 November")
            await until(pilot, lambda: "refund by moved: 23 November" in text_of(app))
            await pilot.press("ctrl+y")
            await until(pilot, lambda: "refund by moved" not in text_of(app))
            assert screen.editor.text == BEFORE


async def test_without_a_moved_fact_the_keys_are_the_editors(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen) as (app, pilot):
            await ready(app, pilot, screen)
            screen.put_in("one two")
            await pilot.press("ctrl+u")
            await until(pilot, lambda: screen.editor.text == "")
            await pilot.press("ctrl+z")
            await until(pilot, lambda: screen.editor.text == "one two")
            await pilot.press("ctrl+y")
            await until(pilot, lambda: screen.editor.text == "")


async def test_the_next_problem_walks_to_the_old_value(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = await held(stage)
        async with showing(stage, screen) as (app, pilot):
            await ready(app, pilot, screen)
            screen.editor.go_to(0)
            await pilot.press("ctrl+n")
            assert screen.editor.selected_text == "23 November"
