"""Who only reads, and what is for others, on the screen."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from tui.night import PLAYBOOK, night_room, screen
from tui.seeing import lines, see, text, until

from crisisroom.config import Member
from crisisroom.room import (
    Actor,
    Room,
    correcting,
    corrective,
    enquiries,
    facts,
    holding,
    lifecycle,
    places,
    reading,
    record,
    restricting,
    roles,
    searches,
    statements,
)
from crisisroom.room.settings import apply_config
from crisisroom.tui.action_table import ACTIONS
from crisisroom.tui.screens.room import RoomScreen

CANARY = "zanzibar"
TEAM = (
    Member("ada", "Ada", roles=("lead", "social")),
    Member("cy", "Cy", roles=("legal",)),
    Member("dan", "Dan", roles=("social",)),
    Member("kim", "Kim", access="observer"),
    Member("rex", "Rex", access="executive"),
)


async def with_team(room: Room) -> None:
    await apply_config(room, replace(room.config, team=TEAM), "x")


async def test_an_observer_reads_and_every_other_key_says_why(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        await with_team(room)
        before = await reading.timeline(room, "INC-1")
        app = screen(room.as_actor(Actor("kim")))
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "mira.k")
            await until(pilot, lambda: "INC-1 READ-ONLY" in lines(app)[0])
            assert "enter thread" in lines(app)[-1]
            assert "reply" not in lines(app)[-1]
            for key, verb in (("r", "reply"), ("m", "note"), ("a", "claim"), ("s", "severity")):
                await pilot.press(key)
                await see(pilot, f"{verb}: as observer you read only")
            await pilot.press("4")
            await see(pilot, "phoned dee")
        assert await reading.timeline(room, "INC-1") == before


async def test_an_executive_comes_to_the_page_that_is_for_them(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        await with_team(room)
        app = screen(room.as_actor(Actor("rex")))
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "needed from you")
            await see(pilot, "exec")
            await pilot.press("q")
            await until(pilot, lambda: "INC-1 READ-ONLY" in lines(app)[0])


async def test_a_restricted_incident_goes_from_other_screens_at_once(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        await with_team(room)
        await lifecycle.retitle(room, "INC-1", f"the {CANARY} matter")
        mine, theirs = screen(room), screen(room.as_actor(Actor("dan")))
        async with theirs.run_test(size=(120, 36)) as pilot:
            await see(pilot, CANARY)
            await restricting.restrict(room, "INC-1", ["cy"])
            await until(pilot, lambda: CANARY not in text(theirs))
            for view in "12345":
                await pilot.press(view)
                await pilot.pause()
                assert CANARY not in text(theirs)
                assert "INC-1" not in text(theirs)
            await restricting.restrict(room, "INC-1", ["cy", "dan"])
            await see(pilot, CANARY)
        async with mine.run_test(size=(120, 36)) as pilot:
            await until(pilot, lambda: "INC-1 RESTRICTED" in lines(mine)[0])


async def test_an_entry_that_becomes_legal_s_goes_from_other_screens(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        await with_team(room)
        acted = await record.note(room, "INC-1", f"we knew of {CANARY}")
        app = screen(room.as_actor(Actor("dan")))
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("4")
            await see(pilot, CANARY)
            seq = acted.entry.seq
            await correcting.mark(room, "INC-1", seq, "legal", "counsel")
            await until(pilot, lambda: CANARY not in text(app))


async def hidden(room: Room) -> None:
    """Declare INC-2 for ada and cy, with a word in it that nobody else is to see."""
    free = next(one for one in await reading.mentions(room) if not one.incident)
    await lifecycle.declare(
        room, f"the {CANARY}", playbook=PLAYBOOK, mentions=[free.id], restricted_to=["cy"]
    )
    await record.note(room, "INC-2", f"note {CANARY}")
    await facts.set_fact(room, "INC-2", "what", f"fact {CANARY}")
    await corrective.add(room, "INC-2", f"action {CANARY}", owner="ada")
    await enquiries.add(room, "INC-2", "media", f"{CANARY} times", f"why {CANARY}?")
    await holding.set_hold(room, "INC-2", f"{CANARY} suit")
    await searches.save(room, "ours", f"{CANARY} in:INC-2")
    await roles.take(room, "INC-2", "lead")
    await statements.draft(room, "INC-2", "holding")
    await places.here(room, "s9", "INC-2", "1", free.id, at=f"task:{CANARY}")


async def test_no_view_and_no_page_over_it_shows_what_is_for_others(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        await with_team(room)
        await hidden(room)
        app, opened = screen(room.as_actor(Actor("dan"))), set[str]()
        async with app.run_test(size=(140, 60)) as pilot:
            await see(pilot, "mira.k")
            for name in ("app.commands", *(one.id for one in ACTIONS if one.id != "quit")):
                act = "app.commands" if name == "app.commands" else f"act('{name}')"
                await app.screen.run_action(act)
                for key in ("", "down", "enter"):
                    if key and not isinstance(app.screen, RoomScreen):
                        await pilot.press(key)
                    await pilot.pause(0.02)
                    assert CANARY not in text(app), name
                    assert "INC-2" not in text(app), name
                opened.add(type(app.screen).__name__)
                while not isinstance(app.screen, RoomScreen):
                    app.pop_screen()
                    await pilot.pause()
            assert len(opened) > 8, opened  # a busy machine opens some a moment too late
