"""What is typed before the room has read its first page waits for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input
from tui.night import night_room, screen
from tui.seeing import see, text, until

from crisisroom.core.errors import Refused
from crisisroom.tui.drawing import RoomDriver
from crisisroom.tui.feed_reader import FeedReader, Page


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Hold the first page back until this is set."""
    opened, top = asyncio.Event(), FeedReader.top

    async def held(reader: FeedReader) -> Page:
        await opened.wait()
        return await top(reader)

    monkeypatch.setattr(FeedReader, "top", held)
    return opened


async def test_keys_wait_for_the_posts_they_are_meant_for_and_keep_their_order(
    tmp_path: Path, gate: asyncio.Event
) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            for key in ("down", "r"):
                await pilot.press(key)
            assert not app.room_screen.feed.loaded
            gate.set()
            await see(pilot, "nothing is written yet")
            assert app.room_screen.feed.cursor == 1
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.room_screen)


async def test_what_follows_a_key_that_opens_a_line_is_typed_there(
    tmp_path: Path, gate: asyncio.Event
) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*"/cx")
            gate.set()
            await until(pilot, lambda: app.room_screen.feed.filter.typed == "cx")
            assert not app.undo


async def test_what_follows_a_key_that_asks_is_its_answer(
    tmp_path: Path, gate: asyncio.Event
) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*"mx13")
            gate.set()
            await until(pilot, lambda: [one.value for one in app.screen.query(Input)] == ["x13"])
            assert app.room_screen.active == 1


async def test_who_leaves_at_once_has_left(tmp_path: Path, gate: asyncio.Event) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*"Qmx")
            gate.set()
            await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0


async def test_a_page_that_cannot_be_read_lets_them_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: FeedReader) -> Page:
        raise Refused("away", "the room does not answer")

    monkeypatch.setattr(FeedReader, "top", broken)
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("?")
            await until(pilot, lambda: app.screen is not app.room_screen)


async def test_keys_wait_no_longer_than_the_first_paint_stays(
    tmp_path: Path, gate: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RoomDriver, "hold", 0.05)
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("?")
            await until(pilot, lambda: app.screen is not app.room_screen)
            assert not app.room_screen.feed.loaded
            assert "keys" in text(app).lower()
            gate.set()
