"""A screen that only looks on: nothing it does reaches the room, and every other key says why."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from tui.night import night_room, screen
from tui.seeing import lines, see, until

from crisisroom.core.errors import Refused
from crisisroom.room import Room, reading, record
from crisisroom.tui.action_table import ACTIONS
from crisisroom.tui.screens.room import RoomScreen


@asynccontextmanager
async def looked_on(room: Room) -> AsyncIterator[Room]:
    """The same room, opened once more to look on."""
    address = str(room.store.path)
    async with await Room.open(address, actor=room.actor, clock=room.clock, create=False) as other:
        other.store.under.looks_on = True
        yield other


def kept(room: Room) -> list[str]:
    """Return all that the room's file holds."""
    with closing(sqlite3.connect(room.store.path)) as connection:
        return [*connection.iterdump()]


async def test_every_act_says_why_not_and_nothing_is_written(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room, looked_on(room) as other:
        before = kept(room)
        app = screen(other)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "mira.k")
            await until(pilot, lambda: "READ-ONLY" in lines(app)[0])
            for key, verb in (("r", "reply"), ("m", "note"), ("a", "claim"), ("s", "severity")):
                await pilot.press(key)
                await see(pilot, f"{verb}: as spectator you read only")
            for name in (one.id for one in ACTIONS if one.id not in ("quit", "leave")):
                await app.screen.run_action(f"act('{name}')")
                for key in ("", "enter", "space"):
                    if key and not isinstance(app.screen, RoomScreen):
                        await pilot.press(key)
                    await pilot.pause(0.02)
                while not isinstance(app.screen, RoomScreen):
                    app.pop_screen()
                    await pilot.pause()
        assert kept(room) == before  # nor that anybody is here


async def test_the_room_refuses_whoever_asks_it_and_still_hears_of_others(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room, looked_on(room) as other:
        for one in (other, other.for_machine(), other.whole(), other.as_actor(room.actor)):
            with pytest.raises(Refused, match="--read-only"):
                await record.note(one, "INC-1", "it rang")
        app = screen(other)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("4")
            await record.note(room, "INC-1", "it rang at the gate")
            await see(pilot, "it rang at the gate")
        assert len(await reading.timeline(other, "INC-1")) == len(
            await reading.timeline(room, "INC-1")
        )
