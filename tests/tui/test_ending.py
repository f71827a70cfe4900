"""The end of an incident on the screen: what stands in the way, calm, and going on again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace
from tui.duty_night import now, plan, tell
from tui.night import BEGIN, advance, incoming, screen
from tui.record.hands import fill
from tui.seeing import see, text, until

from crisisroom.clock import ManualClock
from crisisroom.config import RoomConfig
from crisisroom.core.playbook import Calm, Resolve
from crisisroom.room import Actor, Room, enquiries, lifecycle, reading, tasks, triage


@asynccontextmanager
async def ending_room(folder: Path, resolve: Resolve) -> AsyncIterator[Room]:
    """Open a room in which nothing stands in the way but what `resolve` asks for."""
    clock = ManualClock(BEGIN)
    async with await Room.open(str(folder / "room.db"), actor=Actor("ada"), clock=clock) as room:
        room.config = RoomConfig(zone="Europe/Berlin")
        bare = replace(plan(), deadlines=(), resolve=resolve)
        await lifecycle.declare(room, "Leak", playbook=bare, severity="sev2")
        await tasks.skip(room, "INC-1", "pause", "nothing is scheduled")
        added = await triage.ingest(room, [incoming(1, "masto", "pat", 9, "what now?")])
        advance(room, 10)
        await triage.link(room, "INC-1", [f"M-{added.added[0]}"])
        yield room


async def test_a_crowd_asleep_is_not_calm_unless_somebody_says_why(tmp_path: Path) -> None:
    async with ending_room(tmp_path, Resolve(calm=Calm(below=1))) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            app.room_screen.action_act("resolve")
            await tell(pilot, "Not calm yet", "")
            await see(pilot, "it needs some words")
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.room_screen)
            assert (await now(room)).status == "open"
            app.room_screen.action_act("resolve")
            await tell(pilot, "Not calm yet", "it was a [b]test[/b]")
            await tell(pilot, "how did it end?", "nothing was lost")
            await see(pilot, "its clocks stop")
            await pilot.press("y")
            await see(pilot, "INC-1 is resolved")
            assert (await now(room)).status == "resolved"
            await until(pilot, lambda: "resolved" in text(app).splitlines()[0])
            await pilot.press("z")
            await see(pilot, "taken back: resolving of INC-1")
            assert (await now(room)).status == "open"


async def test_what_is_good_to_know_is_said_before_the_end(tmp_path: Path) -> None:
    async with ending_room(tmp_path, Resolve()) as room:
        await enquiries.add(room, "INC-1", "media", "Daily", "why?")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            app.room_screen.action_act("resolve")
            await tell(pilot, "how did it end?", "")
            await see(pilot, "enquiry EQ-1 of Daily is open")
            await pilot.press("n")
            await until(pilot, lambda: app.screen is app.room_screen)
            assert (await now(room)).status == "open"


async def test_a_resolved_incident_says_so_and_is_opened_again(tmp_path: Path) -> None:
    async with ending_room(tmp_path, Resolve()) as room:
        await lifecycle.resolve(room, "INC-1", "over")
        app = screen(room, incident="INC-1")
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "resolved")
            await pilot.press("f")
            await see(pilot, "facts: INC-1 is resolved")
            app.room_screen.action_act("reopen")
            await tell(pilot, "Reopen INC-1", "it goes on")
            await see(pilot, "INC-1 is open again")
            assert (await now(room)).status == "open"


async def test_what_was_forgotten_is_noted_after_the_end(tmp_path: Path) -> None:
    async with ending_room(tmp_path, Resolve()) as room:
        await lifecycle.resolve(room, "INC-1", "over")
        app = screen(room, incident="INC-1")
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "resolved")
            await pilot.press("m")
            await fill(pilot, "-2m the plant had rung at noon")
            await see(pilot, "noted, at 03:18")
        last = (await reading.timeline(room, "INC-1"))[-1]
    assert last.text == "the plant had rung at noon"
    assert last.recorded_at - last.at == timedelta(minutes=2)
