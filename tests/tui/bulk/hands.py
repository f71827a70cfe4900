"""What one does with the list of an answer to many: open it, go to somebody, write, let it go."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from tui.bulk.night import speaking_room
from tui.night import advance, screen
from tui.seeing import lines, see, text, until

from crisisroom.core.incident import Incident
from crisisroom.room import Room, reading
from crisisroom.tui.app import RoomApp
from crisisroom.tui.bulk.editing import EditOne
from crisisroom.tui.compose.editor import Editor


@asynccontextmanager
async def listing(
    folder: Path, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Room, RoomApp, Pilot[int]]]:
    """Show the list of the first story, as ada."""
    async with speaking_room(folder) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await opened(pilot)
            yield room, app, pilot


async def opened(pilot: Pilot[int]) -> None:
    """Open the list of the first story."""
    await see(pilot, "mira.k")
    await pilot.press("v")
    await see(pilot, "when is the refund")
    await pilot.press("K")
    await see(pilot, "They get")


def row_of(app: RoomApp, handle: str) -> str:
    """Return somebody's line of the list."""
    of_list = re.compile(rf"^.{{4}}\d\d:\d\d .* {re.escape(handle)}(?:\s|$)")
    return next((line for line in lines(app) if of_list.match(line)), "")


async def go_to(pilot: Pilot[int], app: RoomApp, handle: str) -> None:
    """Put the cursor on somebody."""
    await pilot.press("g")
    for _ in range(20):
        if row_of(app, handle).startswith(" ▌"):
            return
        await pilot.press("j")
        await pilot.pause()
    raise AssertionError(text(app))


async def send(pilot: Pilot[int], room: Room) -> None:
    """Go through the review, and let it go."""
    await pilot.press("ctrl+s")
    await see(pilot, "one reply a person")
    advance(room, 1)
    await pilot.press("y")
    await see(pilot, "on their way")


async def state(room: Room) -> Incident:
    """Return the incident."""
    return await reading.incident(room, "INC-1")


async def editing(pilot: Pilot[int], app: RoomApp, handle: str) -> Editor:
    """Open somebody's text."""
    await go_to(pilot, app, handle)
    await pilot.press("e")
    await until(pilot, lambda: isinstance(app.screen, EditOne) and app.screen.query(Editor))
    return app.screen.query_one(Editor)
