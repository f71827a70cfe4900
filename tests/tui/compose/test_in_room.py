"""The screens of words inside the real app: opened by its keys, answered on its line of keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot
from tui.compose.stage import night

from crisisroom.room import drafting
from crisisroom.tui.app import RoomApp
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.reply import ReplyScreen
from crisisroom.tui.compose.review import ReviewScreen
from crisisroom.tui.widgets.hints import Hints


async def until(pilot: Pilot[int], condition: Callable[[], object]) -> None:
    """Wait for a condition, letting the app work."""
    for _ in range(3000):  # a busy machine is no failure
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came to that")


async def test_a_reply_goes_from_the_feed_to_the_outbox(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        app = RoomApp(stage.room, stage.incident.id, environ={"TERM": "xterm"}, remote=False)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.screen is app.room_screen and app.situation.incident)
            screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
            app.push_screen(screen)
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+p")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is screen)
            assert screen.query_one(Editor).has_focus
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: app.screen is app.room_screen)
            line = app.room_screen.query_one(Hints)
            await until(pilot, lambda: line.message.startswith("R-1 is queued"))
            await pilot.pause(0.3)
            assert line.message.startswith("R-1 is queued")
        found = (await stage.now()).words("R-1")
        assert found is not None
        assert found.sends["masto"].state == "queued"


async def test_the_draft_survives_the_end_of_the_program(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        app = RoomApp(stage.room, stage.incident.id, environ={"TERM": "xterm"}, remote=False)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.screen is app.room_screen and app.situation.incident)
            screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
            app.push_screen(screen)
            await until(pilot, lambda: screen.reviewed)
            await pilot.press(*" still here")
            app.end(129)
        drafts = await drafting.saved_drafts(stage.room)
        assert "still here" in drafts[0].text
