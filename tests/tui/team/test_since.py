"""The page of what happened while somebody was away."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.night import PLAYBOOK, advance, night_room, screen
from tui.seeing import see, text, until

from crisisroom.room import Actor, Room, lifecycle, places, record, tasks
from crisisroom.tui.app import RoomApp
from crisisroom.tui.screens.dialogs import Ask
from crisisroom.tui.team.since import SinceScreen


async def away_for_an_hour(room: Room) -> None:
    """Let ada leave, and bo go on in two incidents."""
    await places.here(room, "s0", "INC-1", "1")
    await places.gone(room, "s0")
    advance(room, 60)
    bo = room.as_actor(Actor("bo"))
    await record.note(bo, "INC-1", "rang the plant, they call back at six")
    await tasks.assign(bo, "INC-1", "pause", "ada")
    await lifecycle.declare(bo, "A second thing", playbook=PLAYBOOK, severity="sev3")


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_it_names_every_incident_and_what_was_for_this_person(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with night_room(tmp_path) as room:
        await away_for_an_hour(room)
        async with screen(room, incident="INC-1").run_test(size=size) as pilot:
            await see(pilot, "Double charge")
            await pilot.press("0")
            await see(pilot, "While you were away")
            await see(pilot, "INC-2 A second thing   1 entry by bo")
            await see(pilot, "INC-1 Double charge")
            await until(pilot, lambda: "for you: gave ada" in text(pilot.app) or size[1] < 30)
            app = pilot.app
            assert isinstance(app, RoomApp)
            assert isinstance(app.screen, SinceScreen)
            await record.note(room.as_actor(Actor("bo")), "INC-2", "a second word")
            await see(pilot, "2 entries by bo")
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is app.room_screen)
            await see(pilot, "A second thing")
            assert app.incident_id == "INC-2"
            assert app.room_screen.active == 4


async def test_from_another_time_on_and_on_the_timeline(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        await away_for_an_hour(room)
        app = screen(room, incident="INC-1")
        async with app.run_test(size=(160, 48)) as pilot:
            await see(pilot, "Double charge")
            await pilot.press("0")
            await see(pilot, "While you were away")
            await pilot.press("s")
            await see(pilot, "Since when?")
            await pilot.press(*"soon", "enter")
            await see(pilot, "a time: -8h, -30m or 14:00")
            await pilot.press(*["backspace"] * 4, *"-90m", "enter")
            await see(pilot, "since 03:05")
            await see(pilot, "fact: since: 02:40, stopped 03:19")
            await pilot.press("t")
            await until(pilot, lambda: app.screen is app.room_screen)
            await see(pilot, "only since:03:05")


async def test_a_newcomer_is_asked_since_when(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "Double charge")
            app.away_since = None
            await pilot.press("0")
            await until(pilot, lambda: isinstance(app.screen, Ask))
            await pilot.press(*"-1m", "enter")
            await see(pilot, "nothing happened; s asks from another time on")
            assert "enter on the timeline" not in text(app), "there is no row to be on"
