"""The early warnings on the screen: told once, opened, decided, taken back, declared."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.widgets import Input
from tui.night import BEGIN, advance, calm_room, screen
from tui.seeing import see, text, until
from tui.warned_night import PLAYBOOKS, heard_room, signal, warn, warned_room

from crisisroom.room import Room, reading, warnings
from crisisroom.tui.app import RoomApp
from crisisroom.tui.hooks import Hooks
from crisisroom.tui.warn.listing import WarningsScreen
from crisisroom.tui.warn.screen import WarningScreen


def shown(room: Room, **wishes: object) -> RoomApp:
    return screen(room, hooks=Hooks(playbooks=(PLAYBOOKS,)), **wishes)


async def state_of(room: Room, name: str = "C-1") -> str:
    return (await warnings.candidate(room, name)).state


async def two_wait(room: Room) -> None:
    later = signal(
        BEGIN, "s-2", reason="5 in 10 min, usual 0.1; 5 authors, 1 source", narratives=()
    )
    await warn(room, later, playbook="")


async def test_it_tells_by_bell_line_and_desktop_and_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with heard_room(tmp_path) as room:
        bells: list[str] = []
        notices: list[str] = []
        app = shown(room)
        monkeypatch.setattr(app, "bell", lambda: bells.append("rang"))
        app.notice = notices.append
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "is it only me")
            await warn(room, signal(BEGIN - timedelta(minutes=3)))
            await see(pilot, "early warning: 9 in 20 min, usual 0.4   W opens it")
            await until(pilot, lambda: notices)
            advance(room, 1)
            app.tick()
            await see(pilot, "waits 5m")
            assert bells == ["rang"]
            assert notices == ["an early warning waits"]


async def test_what_waited_already_shows_in_the_corner_and_rings_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with warned_room(tmp_path) as room:
        bells: list[str] = []
        app = shown(room)
        monkeypatch.setattr(app, "bell", lambda: bells.append("rang"))
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "waits 4m   early warning C-1  9 in 20 min")
            await see(pilot, "W warnings")
            app.look()
            await pilot.pause()
            assert not bells


async def test_the_screen_says_why_and_what_declaring_would_start(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = shown(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "W early warnings")
            await pilot.press("W")
            await see(pilot, "Nothing is published by declaring")
            found = text(app)
            for words in (
                "If you declare   billing-error 4",
                "posts say charged twice",
                "SEV2 serious",
                "in 5m   Lead Pause scheduled posts",
                "9 people, 3 sources    usual 2 sources",
                "9 of 9 complain",
                "widest 7.9k, no press",
                "9 posts   enter shows them in the feed",
                "N-1  9 posts, 9 free: charged twice",
            ):
                assert words in found, words


async def test_a_narrow_screen_has_one_column_that_scrolls(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = shown(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("W")
            await see(pilot, "more lines below, j shows them")
            assert "If you declare" not in text(app)
            await pilot.press("space", "space", "space")
            await see(pilot, "Nothing is published by declaring")
            await pilot.press("pageup", "pageup", "pageup", "k")
            await see(pilot, "Early warning C-1")


async def test_not_a_crisis_needs_its_reason_and_can_be_taken_back(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = shown(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("W")
            await see(pilot, "x not a crisis")
            await pilot.press("x")
            await see(pilot, "C-1 is not a crisis")
            await pilot.press("enter")
            await see(pilot, "it needs some words")
            app.screen.query_one(Input).value = "our own test run"
            await pilot.press("enter")
            await see(pilot, "no crisis, says ada at 03:11: our own test run")
            assert await state_of(room) == "dismissed"
            await see(pilot, "no incident")
            await pilot.press("z")
            await see(pilot, "waits for a person")
            assert await state_of(room) == "open"


async def test_the_rooms_own_undo_takes_a_decision_back(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = shown(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("W")
            await see(pilot, "w watch")
            await pilot.press("w")
            await see(pilot, "What do you look out for?")
            await pilot.press("enter")
            await see(pilot, "ada watches it")
            assert await state_of(room) == "watched"
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.room_screen)
            await pilot.press("z")
            await see(pilot, "taken back: decision on C-1")
            assert await state_of(room) == "open"


async def test_leaving_a_question_decides_nothing(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = shown(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("W")
            for key, question in (("x", "not a crisis"), ("w", "look out"), ("I", "playbook fits")):
                await see(pilot, "Nothing is published")
                await pilot.press(key)
                await see(pilot, question)
                await pilot.press("escape")
                await until(pilot, lambda: isinstance(app.screen, WarningScreen))
            assert await state_of(room) == "open"


async def test_declaring_brings_playbook_severity_and_warning_with_it(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = shown(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("W")
            await see(pilot, "I declare")
            await pilot.press("I")
            await see(pilot, "Which playbook fits?")
            await pilot.press("enter")
            await see(pilot, "How serious is it?")
            await pilot.press("enter")
            await see(pilot, "What is it called?")
            app.screen.query_one(Input).value = "Double charge"
            await pilot.press("enter")
            await see(pilot, "INC-1 Double charge")
            await until(pilot, lambda: app.screen is app.room_screen)
            [state] = await reading.incidents(room)
            assert (state.playbook.id, state.severity) == ("billing-error", "sev2")
            assert (len(state.mentions), [one.id for one in state.warnings]) == (9, ["C-1"])
            await pilot.press("W")
            await see(pilot, "INC-1")
            await pilot.press("enter")
            await see(pilot, "INC-1, declared by ada at 03:11; I opens it")
            await pilot.press("w")
            await see(pilot, "C-1 is INC-1 already")
            await pilot.press("I")
            await until(pilot, lambda: app.screen is app.room_screen)


async def test_enter_narrows_the_feed_to_its_story(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = shown(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("W")
            await see(pilot, "enter posts")
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is app.room_screen)
            assert app.room_screen.feed.filter.typed == "story:N-1"


async def test_several_are_a_list_and_stepped_through(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        await two_wait(room)
        app = shown(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "early warning C-1 +1")
            await pilot.press("W")
            await see(pilot, "2 wait for a person")
            assert isinstance(app.screen, WarningsScreen)
            await pilot.press("j", "enter")
            await see(pilot, "Early warning C-2")
            await until(pilot, lambda: "C-2   2 of 2   early" in text(app))
            await pilot.press("n")
            await see(pilot, "Early warning C-1")
            await pilot.press("p")
            await see(pilot, "Early warning C-2")
            await pilot.press("space")
            await see(pilot, "which one you take")
            await pilot.press("l")
            await see(pilot, "2 wait for a person")


async def test_an_empty_room_says_what_would_warn(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = shown(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("W")
            await see(pilot, "none waits")
            found = text(app)
            assert "at least 3 different people" in found
            assert "There was none in this room yet" in found
            room.config = replace(room.config, warn=replace(room.config.warn, off=True))
            await pilot.press("escape", "W")
            await see(pilot, "The early warning is off")


async def test_the_last_one_is_named_when_none_waits(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        await warnings.dismiss(room, "C-1", "our own launch")
        app = shown(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("W")
            await see(pilot, "The last one was C-1, 03:07: no crisis, ada")
            await pilot.press("enter")
            await see(pilot, "no crisis, says ada")


async def test_the_minute_moves_the_chart_on(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = shown(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("W")
            await see(pilot, "Mentions")
            top = app.screen
            assert isinstance(top, WarningScreen)
            before = top.seen
            top.tick()
            await pilot.pause()
            assert top.seen is before
            advance(room, 10)
            top.tick()
            await until(pilot, lambda: top.seen is not before)
            assert top.seen is not None
            assert before is not None
            assert top.seen.volume.chart.since > before.volume.chart.since


async def test_a_click_on_the_corner_opens_it(tmp_path: Path) -> None:
    async with warned_room(tmp_path) as room:
        app = shown(room, mouse=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "waits 4m")
            await pilot.click(offset=(3, 1))
            await see(pilot, "Early warning C-1   early")
