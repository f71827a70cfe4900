"""From a post in the feed to the published reply, in a small terminal, counted in key presses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot
from tui.compose.replies import reply_night
from tui.compose.stage import Night
from watch.boxes import Obedient, box_of

from crisisroom.fetch import Fetcher
from crisisroom.room import lines
from crisisroom.tui.app import RoomApp
from crisisroom.tui.compose.reply import ReplyScreen
from crisisroom.tui.compose.review import ReviewScreen
from crisisroom.tui.widgets.hints import Hints

MOST = 6  # key presses that are allowed
SAID = "We are sorry. You were charged twice, and that is our mistake."


async def until(pilot: Pilot[int], condition: Callable[[], object]) -> None:
    """Wait for a condition, letting the app work."""
    for _ in range(3000):  # a busy machine is no failure
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came to that")


def room_app(stage: Night) -> RoomApp:
    """Return the whole app, as it runs in a terminal."""
    return RoomApp(stage.room, stage.incident.id, environ={"TERM": "xterm"}, remote=False)


async def at_the_post(app: RoomApp, pilot: Pilot[int], stage: Night) -> None:
    """Wait until the cursor stands on the post that is answered."""
    await until(pilot, lambda: app.screen is app.room_screen and app.situation.incident)
    feed = app.room_screen.feed
    await until(pilot, lambda: feed.mention is not None)
    for _ in range(10):
        if feed.mention is not None and feed.mention.id == stage.mention.id:
            return
        await pilot.press("j")
    raise AssertionError("the post is not in the feed")


async def test_three_keys_answer_a_post_with_approved_words(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        app = room_app(stage)
        pressed = []
        async with app.run_test(size=(80, 24)) as pilot:
            await at_the_post(app, pilot, stage)

            async def press(key: str) -> None:
                pressed.append(key)
                stage.clock.advance(1)  # a hand, not a paste
                await pilot.press(key)

            await press("r")
            await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and app.screen.reviewed)
            await press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await press("y")
            hints = app.room_screen.query_one(Hints)
            await until(pilot, lambda: hints.message.startswith("R-1 is queued"))
        assert pressed == ["r", "ctrl+s", "y"]
        assert len(pressed) <= MOST
        async with Fetcher() as fetch:
            network = Obedient(stage.clock)
            assert await box_of(stage.room, fetch, network).work() == 1
        assert [SAID in one.text for one in network.sent] == [True]
        out = await stage.words("R-1")
        assert (out.state, out.approval) == ("sent", "")


async def test_what_the_lead_only_monitors_opens_no_composer(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        await lines.set_line(stage.room, stage.incident.id, "all", "monitor", "it would grow")
        app = room_app(stage)
        async with app.run_test(size=(80, 24)) as pilot:
            await at_the_post(app, pilot, stage)
            stage.clock.advance(1)
            await pilot.press("r")
            hints = app.room_screen.query_one(Hints)
            await until(pilot, lambda: "monitor, set by ada" in hints.message)
            assert app.screen is app.room_screen
            assert "it would grow" in hints.message
