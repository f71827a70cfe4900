"""Keys typed into the palette above a last look: none of them lets words go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from tui.bulk.hands import listing
from tui.compose.stage import Night, night
from tui.seeing import see, until

from crisisroom.room import Room
from crisisroom.tui.app import RoomApp
from crisisroom.tui.bulk.review import BulkReview
from crisisroom.tui.compose.ask import Confirm
from crisisroom.tui.compose.review import Going, ReviewScreen
from crisisroom.tui.compose.said import line
from crisisroom.tui.screens.palette import Palette

WORDS = {"review": "let it go", "confirm": "yes, do it", "bulk-review": "let it go to everybody"}


def _review(stage: Night) -> Screen[Any]:
    going = Going(title="R-1", text="We are sorry.", sha256="ab" * 32, act="send")
    return ReviewScreen(stage.room, going)


def _confirm(stage: Night) -> Screen[Any]:
    monotonic = stage.room.clock.monotonic
    return Confirm(line("really?"), (line("it is public"),), monotonic, verb="go")


async def _one_burst(room: Room, pilot: Pilot[int], words: str) -> None:
    """Open the palette over a question that stood long enough, then paste a command into it."""
    asked = pilot.app.screen
    room.clock.advance(5)  # type: ignore[attr-defined]
    await pilot.press("colon")
    await until(pilot, lambda: isinstance(pilot.app.screen, Palette))
    room.clock.advance(5)  # type: ignore[attr-defined]
    await pilot.press(*words, "enter", "y")
    await see(pilot, "too fast to be meant")
    assert pilot.app.screen is asked


@pytest.mark.parametrize("make", [_review, _confirm])
async def test_a_command_that_is_pasted_into_the_palette_answers_nothing(
    tmp_path: Path, make: Any
) -> None:
    async with night(tmp_path) as stage:
        app = RoomApp(stage.room, stage.incident.id, environ={"TERM": "xterm"}, remote=False)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.screen is app.room_screen and app.situation.incident)
            answers: list[object] = []
            screen = make(stage)
            app.push_screen(screen, answers.append)
            await see(pilot, "n ")
            await _one_burst(stage.room, pilot, WORDS[screen.place])
            assert answers == []
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: answers)


async def test_too_fast_is_told_with_the_keys_that_one_has(tmp_path: Path) -> None:
    wishes = {"review.act": "f5", "review.edit": "E", "leave": "f8", "screen.leave": "f6"}
    async with night(tmp_path) as stage:
        app = RoomApp(
            stage.room,
            stage.incident.id,
            keys=wishes,
            environ={"TERM": "xterm"},
            remote=False,
        )
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.screen is app.room_screen and app.situation.incident)
            app.action_how_to_leave()
            await see(pilot, "f8 leaves the room, from everywhere but a text; f6 goes back")
            app.push_screen(_review(stage))
            await see(pilot, "f5 send")
            await pilot.press("f5")
            await see(pilot, "once more:   f5 send   E edit   n back")


async def test_nor_does_it_answer_many(tmp_path: Path) -> None:
    async with listing(tmp_path) as (room, app, pilot):
        await pilot.press("ctrl+s")
        await see(pilot, "one reply a person")
        assert isinstance(app.screen, BulkReview)
        await _one_burst(room, pilot, WORDS["bulk-review"])
