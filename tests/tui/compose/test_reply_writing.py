"""What the composer says while one types: length as posts, people's numbers, promises."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.screen import Screen
from tui.compose.replies import reply_night
from tui.compose.stage import settled, showing, text_of, until
from tui.compose.test_reply_walk import at_the_post, room_app
from tui.compose.test_reply_walk import until as until_app

from crisisroom.tui.app import RoomApp
from crisisroom.tui.compose.reply import ReplyScreen
from crisisroom.tui.compose.review import ReviewScreen
from crisisroom.tui.screens.dialogs import Ask
from crisisroom.tui.screens.picking import Pick
from crisisroom.tui.widgets.hints import Hints

SORRY = "We are sorry. You were charged twice, and that is our mistake."
CARD = "No card data was involved. You do not need to block your card."
LONG = " ".join([SORRY] * 6) + "\n\n" + " ".join([CARD] * 5)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_long_reply_says_how_many_posts_it_is_and_where_it_is_cut(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with reply_night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            screen.put_in(LONG)
            await until(pilot, lambda: "goes as 2 posts" in text_of(app))
            await until(pilot, lambda: "cut after  …and that is our mistake." in text_of(app))
            (cut,) = [one for one in screen.editor.marks if one.kind == "cut"]
            assert LONG[: cut.end].endswith("our mistake.")
            assert LONG[cut.end :].startswith("\n\nNo card")
            assert screen.reviewed is not None
            assert not screen.reviewed.blocking
            await settled(app, pilot)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await until(pilot, lambda: "Reply, as 2 posts" in text_of(app))


async def test_what_is_far_too_long_for_a_thread_is_too_long(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            screen.put_in(LONG * 12)
            await until(pilot, lambda: "too long" in text_of(app))
            assert "goes as" not in text_of(app)


async def test_the_next_problem_walks_over_all_of_them(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            screen.put_in("We always guarantee ‹refund by›, 4111 1111 1111 1111.", 0)
            await until(pilot, lambda: "a card number stands here" in text_of(app))
            kinds = [mark.kind for mark in screen.editor.marks]
            assert kinds == ["asked", "forbidden", "blank", "forbidden"]
            walked = []
            for _ in kinds:
                await pilot.press("ctrl+n")
                walked.append(screen.editor.selected_text)
            assert walked == ["always", "guarantee", "‹refund by›", "4111 1111 1111 1111"]


async def test_what_a_reply_promises_is_written_down_from_the_composer(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        app = room_app(stage)
        async with app.run_test(size=(80, 24)) as pilot:
            await at_the_post(app, pilot, stage)
            await pilot.press("r")
            await until_app(pilot, lambda: getattr(app.screen, "reviewed", None))
            composer = app.screen
            await pilot.press("f4")
            for answer in ("the money is back", "+2h"):
                await until_app(pilot, lambda: isinstance(app.screen, Ask))
                asked = app.screen
                await pilot.press(*answer, "enter")
                await until_app(pilot, partial(_left, app, asked))
            await until_app(pilot, lambda: isinstance(app.screen, Pick))
            await pilot.press("enter")
            await until_app(pilot, lambda: isinstance(app.screen, Ask))
            await pilot.press("enter")
            await until_app(pilot, lambda: app.screen is composer)
            hints = composer.query_one(Hints)
            await until_app(pilot, lambda: hints.message.startswith("P-1: "))
        promised = (await stage.now()).promised["P-1"]
        assert (promised.words, promised.reply) == ("the money is back", "R-1")


def _left(app: RoomApp, asked: Screen[object]) -> bool:
    return app.screen is not asked
