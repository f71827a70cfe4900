"""Roles taken, given, handed over and taken back; the sheet of facts in each of its kinds."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import OptionList
from tui.duty_night import choose, duty_room, now, offered, on_row, tell
from tui.night import PLAYBOOK, screen
from tui.seeing import see, text, until

from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Fact
from crisisroom.room import Actor, facts, lifecycle, reading, roles


async def test_the_board_begins_with_what_is_free_and_names_who_fits_first(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("R")
            await see(pilot, "Roles")
            assert offered(pilot)[0] == "Crisis lead ada since 03:10"
            assert offered(pilot)[1] == "Legal free for 10m, backup Lou Lee"
            await choose(pilot, "Roles", "Legal")
            await see(pilot, "Who is Legal?")
            assert offered(pilot)[:2] == ["ada Ada Ax", "lou Lou Lee"]
            await choose(pilot, "Who is Legal?", "lou")
            await see(pilot, "lou is Legal")
            await pilot.press("R")
            await choose(pilot, "Roles", "Scribe")
            await choose(pilot, "Who is Scribe?", "somebody else")
            await tell(pilot, "whose name?", "Zoë [b]Z[/b]")
            await see(pilot, "Zoë [b]Z[/b] is Scribe")
            state = await now(room)
            assert (state.roles["legal"].holder, state.roles["scribe"].holder) == (
                "lou",
                "Zoë [b]Z[/b]",
            )


async def test_what_somebody_has_is_taken_only_when_it_is_meant(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await roles.take(room.as_actor(Actor("lou")), "INC-1", "legal")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await take_legal(pilot)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.room_screen)
            assert (await now(room)).roles["legal"].holder == "lou"
            await take_legal(pilot)
            await tell(pilot, "lou is gone; why?", "")
            await tell(pilot, "it needs some words", "nobody reaches Lou")
            await see(pilot, "Brief for you, Legal")
            await see(pilot, "you are Legal")
            assert (await now(room)).roles["legal"].holder == "ada"
            newest = (await reading.timeline(room, "INC-1"))[-2:]
            assert [one.text for one in newest] == [
                "tells lou: ada is Legal now, without a hand-over by lou: nobody reaches Lou",
                "took Legal, without a hand-over by lou: nobody reaches Lou",
            ]
            await pilot.press("escape", "z")
            await see(pilot, "taken back: change of Legal")
            assert (await now(room)).roles["legal"].holder == "lou"


async def take_legal(pilot: Pilot[int]) -> None:
    """Let ada ask for what lou holds."""
    await pilot.press("R")
    await choose(pilot, "Roles", "Legal")
    await choose(pilot, "Who is Legal?", "ada")
    await see(pilot, "Legal: ada instead of lou, without a hand-over")


async def test_handing_over_shows_the_brief_and_can_be_taken_back(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await offer(pilot, "bo")
            assert (await now(room)).roles["lead"].holder == "ada"
            assert (await now(room)).offers["lead"].person == "bo"
            await pilot.press("z")
            await see(pilot, "taken back: offer of Crisis lead")
            assert (await now(room)).offers == {}


async def offer(pilot: Pilot[int], name: str) -> None:
    """Let who leads offer the lead to somebody."""
    await pilot.press("R")
    await choose(pilot, "Roles", "Crisis lead")
    await choose(pilot, "You are Crisis lead", "hand it over")
    await see(pilot, "from now on?")
    assert not [one for one in offered(pilot) if one.startswith("ada")]
    await choose(pilot, "from now on?", name)
    await tell(pilot, "what should they know?", "the page is [i]next[/i]")
    await see(pilot, f"Brief for {name}, Crisis lead")
    await see(pilot, "what happened")
    await pilot.press("escape")


async def test_what_is_offered_is_kept_while_nobody_accepts(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await offer(pilot, "bo")
            await pilot.press("R")
            await choose(pilot, "Roles", "Crisis lead ada since 03:10, offered to bo")
            await choose(pilot, "You are Crisis lead", "keep it")
            await see(pilot, "you keep Crisis lead")
            assert (await now(room)).offers == {}


async def test_the_successor_accepts_and_reads_the_brief(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await roles.hand_over(room, "INC-1", "lead", "bo", "the page is [i]next[/i]")
        theirs = screen(room.as_actor(Actor("bo")))
        async with theirs.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("R")
            await see(pilot, "Roles")
            highlighted = theirs.screen.query_one(OptionList).highlighted
            assert offered(pilot)[highlighted or 0].startswith(
                "Crisis lead ada since 03:10, offered"
            )
            await pilot.press("enter")
            await choose(pilot, "ada offers you Crisis lead", "read the brief first")
            await see(pilot, "Brief for you, Crisis lead")
            await see(pilot, "take Crisis lead over from ada")
            await pilot.press("escape", "R", "enter")
            await choose(pilot, "ada offers you Crisis lead", "accept Crisis lead from ada")
            await see(pilot, "you are Crisis lead")
            await see(pilot, "Brief for you, Crisis lead")
            await pilot.press("escape")
            assert (await now(room)).roles["lead"].holder == "bo"
            await pilot.press("z")
            await see(pilot, "taken back: hand-over of Crisis lead")
            assert (await now(room)).roles["lead"].holder == "ada"


async def test_an_offer_is_answered_by_name_too_and_may_be_declined(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        theirs = screen(room.as_actor(Actor("bo")))
        async with theirs.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            theirs.room_screen.action_act("accept")
            await see(pilot, "nobody offers you a role")
            await roles.hand_over(room, "INC-1", "lead", "bo")
            await see(pilot, "ada offers you Crisis")
            theirs.room_screen.action_act("accept")
            await choose(pilot, "ada offers you Crisis lead", "decline it")
            await tell(pilot, "Decline Crisis lead", "I am on the train")
            await see(pilot, "declined: Crisis lead stays with ada")
            state = await now(room)
            assert (state.roles["lead"].holder, state.offers) == ("ada", {})


async def test_leaving_and_taking_are_each_others_way_back(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("R")
            await choose(pilot, "Roles", "Crisis lead")
            await choose(pilot, "You are Crisis lead", "leave it")
            await see(pilot, "Crisis lead is free")
            await pilot.press("z")
            await see(pilot, "taken back: leaving Crisis lead")
            assert (await now(room)).roles["lead"].holder == "ada"


async def test_a_team_says_who_may_be_what(tmp_path: Path) -> None:
    async with duty_room(tmp_path, team=("ada", "bo")) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("R")
            await choose(pilot, "Roles", "Legal")
            await see(pilot, "nobody of the team may be Legal")
            await pilot.press("R")
            await choose(pilot, "Roles", "Scribe")
            await see(pilot, "Who is Scribe?")
            assert offered(pilot) == ["ada Ada", "bo Bo"]


@pytest.mark.parametrize("view", "12345")
async def test_the_sheet_is_one_key_away(tmp_path: Path, view: str) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press(view, "f")
            await see(pilot, "what happened   " if view == "5" else "What we know")


async def test_a_choice_is_made_at_once_and_confirmed_by_its_role(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        lou = room.as_actor(Actor("lou"))
        await roles.take(lou, "INC-1", "legal")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("f")
            await choose(pilot, "What we know", "personal data")
            await see(pilot, "being checked")
            assert [one.split()[0] for one in offered(pilot)] == [
                "yes",
                "no",
                "unclear",
                "being",
                "unknown",
            ]
            await pilot.press("1")
            await tell(pilot, "Legal (lou) confirms it", "the logs")
            await see(pilot, "checks: personal data: yes; Legal (lou) confirms it")
        theirs = screen(lou)
        async with theirs.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("f")
            await choose(pilot, "What we know", "personal data being checked yes (ada 03:20)")
            await choose(pilot, "personal data", "yes confirms it")
            await tell(pilot, "who says so?", "the logs")
            await see(pilot, "fact: personal data: yes")
            assert (await now(room)).facts["personal"].state == "known"


async def test_what_somebody_found_is_confirmed_as_it_is(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await facts.set_fact(room, "INC-1", "aware", "03:15", "checking", "log")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("f")
            await choose(pilot, "What we know", "aware since being checked 03:15 (ada 03:20)")
            await choose(pilot, "aware since", "it is so: 03:15 confirms it")
            await tell(pilot, "aware since: 03:15", "log")
            await see(pilot, "fact: aware since: 03:15")
            assert (await now(room)).facts["aware"].value == "2026-11-22T02:15:00.000Z"


@pytest.mark.parametrize(
    ("fact", "wrong", "why", "typed", "value"),
    [
        ("how many", "about many", "write it like 1200", "1,200", "1,200"),
        ("aware since", "yesterday", "write it like 03:10", "-20m", "2026-11-22T02:00:00.000Z"),
        ("what happened", " ", "it needs a value", "a [red]list[/red]", "a [red]list[/red]"),
    ],
)
async def test_a_typed_fact_is_checked_while_one_types(
    tmp_path: Path, fact: str, wrong: str, why: str, typed: str, value: str
) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("f")
            await choose(pilot, "What we know", fact)
            await choose(pilot, fact, "known")
            await until(pilot, lambda: app.screen.query("Input"))
            await tell(pilot, fact, wrong)
            await tell(pilot, why, typed)
            await tell(pilot, "who says so?", "security")
            await see(pilot, f"fact: {fact}")
            known = {one.label: one.value for one in (await now(room)).facts.values()}
            assert known[fact] == value
            await pilot.press("z")
            await see(pilot, f"taken back: fact {fact}")
            assert {one.label: one.value for one in (await now(room)).facts.values()}[fact] == ""


async def test_what_was_said_before_can_be_read(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await facts.set_fact(room, "INC-1", "what", "one list", "known", "log")
        await facts.set_fact(room, "INC-1", "what", "two [b]lists[/b]", "known", "Lou")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("f")
            await choose(pilot, "What we know", "what happened changed two [b]lists[/b]")
            await choose(pilot, "what happened", "what was said before")
            await see(pilot, "fact changed: what happened: two [b]lists[/b]  (by Lou)")
            await see(pilot, "fact: what happened: one list  (by log)")


async def test_a_task_that_waits_for_a_fact_leads_to_it(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:judge")
            await see(pilot, "f facts")
            await pilot.press("f")
            await see(pilot, "What we know   0 of 5 known")
            assert app.screen.query_one(OptionList).highlighted == 1
            await pilot.press("escape")
            await on_row(pilot, "deadlines:waiting")
            await pilot.press("f")
            await see(pilot, "What we know")
            assert app.screen.query_one(OptionList).highlighted == 1


async def test_a_long_list_is_narrowed_by_letters(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        more = tuple(Fact(f"f{at}", f"line {at}") for at in range(30))
        long = replace(PLAYBOOK, facts=(*PLAYBOOK.facts, *more))
        await lifecycle.declare(room, "Long", playbook=long, severity="sev2")
        app = screen(room, incident="INC-2")
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Long")
            await pilot.press("f")
            await see(pilot, "/ narrow")
            await pilot.press("slash", *"line 27")
            await until(pilot, lambda: offered(pilot) == ["line 27 unknown"])
            await pilot.press(*"x")
            await until(pilot, lambda: not offered(pilot))
            await pilot.press("enter", "backspace")
            await until(pilot, lambda: len(offered(pilot)) == 1)
            await pilot.press("enter")
            await see(pilot, "being checked")


async def test_there_is_no_sheet_without_facts(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        bare = replace(PLAYBOOK, facts=(), roles=(), contacts=(), statements=(), approvals=())
        bare = replace(bare, phases=(), cadences=())
        await lifecycle.declare(room, "Bare", playbook=bare, severity="sev2")
        app = screen(room, incident="INC-2")
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Bare")
            for key, told in (
                ("f", "asks for no facts"),
                ("R", "names no roles"),
                ("exclamation_mark", "names no contacts"),
            ):
                await pilot.press(key)
                await see(pilot, told)
            app.room_screen.action_act("escalate")
            await see(pilot, "has no escalations")
            app.room_screen.action_act("put-off")
            await see(pilot, "no update is due")
            app.room_screen.action_act("duties")
            await see(pilot, "legal duties: no legal duty is open")


async def test_a_resolved_incident_keeps_its_sheet_shut(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        with pytest.raises(Refused):
            await lifecycle.resolve(room, "INC-1", "over")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            app.room_screen.action_act("resolve")
            await see(pilot, "INC-1 cannot be resolved yet")
            await until(pilot, lambda: "required task pause" in text(app))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_an_offer_has_the_corner_of_its_successor(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with duty_room(tmp_path) as room:
        theirs = screen(room.as_actor(Actor("bo")))
        async with theirs.run_test(size=size) as pilot:
            await see(pilot, "Leak")
            await roles.hand_over(room, "INC-1", "lead", "bo")
            await see(pilot, " offered    Crisis lead")
            await see(pilot, "ada offers you Crisis")
            await roles.keep(room, "INC-1", "lead")
            await until(pilot, lambda: " offered  " not in text(theirs))
