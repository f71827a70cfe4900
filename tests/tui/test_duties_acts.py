"""Calls, duties by law, updates: the key, the question, the record, the way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.duty_night import choose, duty_room, now, offered, on_row, plan, tell
from tui.night import advance, screen
from tui.seeing import lines, see, text, until

from crisisroom.room import Actor, Room, escalations, facts, lifecycle, tasks

CALL, GDPR = "call:call-lead", "deadline:gdpr"


async def test_a_call_is_taken_and_taken_back(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await escalations.start(room, "INC-1", "call-lead", "nobody decides")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "call now   Bo: Reach the")
            await on_row(pilot, CALL)
            await see(pilot, "space who has it")
            await pilot.press("space")
            await see(pilot, "because: nobody decides")
            await choose(pilot, "Reach the lead", "I have it")
            await tell(pilot, "what will you do?", "decides in 5 minutes [b]now[/b]")
            await see(pilot, "acknowledged: Reach the lead")
            await until(pilot, lambda: "call now" not in text(app))
            run = (await now(room)).escalations["call-lead"]
            assert (run.acknowledged_by, run.next_at) == ("ada", None)
            await pilot.press("z")
            await see(pilot, "taken back: acknowledgement of Reach the lead")
            await see(pilot, "call now   Bo: Reach the")
            assert (await now(room)).escalations["call-lead"].next_at


@pytest.mark.parametrize(
    ("told", "said", "runs"),
    [
        ("reached: Bo Bee", "Bo Bee acknowledged: Reach the lead", False),
        ("no answer: Bo Bee", "did not reach Bo Bee by phone", True),
        ("left a message: Bo Bee", "left a message for Bo Bee by phone", True),
    ],
)
async def test_what_came_of_a_call_is_noted(
    tmp_path: Path, told: str, said: str, runs: bool
) -> None:
    async with duty_room(tmp_path) as room:
        await escalations.start(room, "INC-1", "call-lead", "test")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, CALL)
            await pilot.press("space")
            await choose(pilot, "Reach the lead", told)
            await tell(pilot, "what was said?", "")
            await see(pilot, said)
            assert bool((await now(room)).escalations["call-lead"].next_at) is runs
            if runs:
                await see(pilot, "03:20")  # beside the number, so that nobody dials twice


async def test_the_next_call_rings_and_moves_no_row_under_the_cursor(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        rings: list[int] = []
        app.bell = lambda: rings.append(1)  # type: ignore[method-assign]
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:pause")
            before = app.room_screen.tasks.cursor
            bo = room.as_actor(Actor("bo"))
            await escalations.start(bo, "INC-1", "call-lead", "nobody decides")
            await see(pilot, "call Bo Bee: Reach the lead")
            assert app.room_screen.tasks.chosen == "task:pause"
            assert app.room_screen.tasks.cursor == before + 3
            assert rings == [1]
            advance(room, 5)
            await facts.set_fact(bo, "INC-1", "known", "yes")  # any act writes down what was due
            await see(pilot, "call now   Lou: Reach t")
            assert rings == [1, 1]
            advance(room, 5)
            await facts.set_fact(bo, "INC-1", "known", "no")
            await see(pilot, "call now   nobody answe")
            await see(pilot, "! nobody")


@pytest.mark.parametrize("view", "12345")
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_call_shows_on_every_view(tmp_path: Path, view: str, size: tuple[int, int]) -> None:
    async with duty_room(tmp_path) as room:
        await escalations.start(room, "INC-1", "call-lead", "test")
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await pilot.press(view)
            await see(pilot, "call now   Bo: Reach the")


async def test_escalating_shows_whom_to_call(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            app.room_screen.action_act("escalate")
            await see(pilot, "Bo Bee, then Lou Lee")
            await choose(pilot, "Call whom?", "Reach the lead")
            await tell(pilot, "Why?", "")
            await tell(pilot, "it needs some words", "nobody decides")
            await see(pilot, "begun: Reach the lead")
            await until(pilot, lambda: app.room_screen.tasks.chosen == CALL)
            shown = lines(app)
            assert shown[6] == "    Call now", "the title of the first group is not scrolled away"
            app.room_screen.action_act("escalate")
            await choose(pilot, "Call whom?", "Reach the lead")
            await see(pilot, "already under way: space says who has it")
            await pilot.press("z")
            await see(pilot, "taken back: escalation Reach the lead")
            assert (await now(room)).escalations["call-lead"].next_at is None


async def test_a_call_somebody_else_takes_leaves_no_other_row_to_be_ticked(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await escalations.start(room, "INC-1", "call-lead", "test")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, CALL)
            await escalations.acknowledge(room.as_actor(Actor("bo")), "INC-1", "call-lead")
            await until(pilot, lambda: app.room_screen.tasks.index_of(CALL) is None)
            await pilot.press("space")
            await see(pilot, "the list just moved, press again")
            advance(room, 1)
            await on_row(pilot, "task:threads")
            await pilot.press("space")
            await see(pilot, "done: Look at the threads")


async def test_the_ladder_begins_with_who_is_called_now(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await escalations.start(room, "INC-1", "call-lead", "test")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, CALL)
            await pilot.press("exclamation_mark")
            await see(pilot, "Whom to call")
            assert offered(pilot)[0].startswith("Ada Ax +1 Crisis lead")
            await pilot.press("enter")  # Bo, not the first of the list
            await choose(pilot, "hours not known", "signal +22 left a message")
            await tell(pilot, "left a message: Bo Bee", "calls back")
            await see(pilot, "left a message for Bo Bee by signal: calls back")


async def begin_law(room: Room) -> None:
    """Let the law's time begin: personal data, and known since 03:15."""
    await facts.set_fact(room, "INC-1", "personal", "unclear")
    await facts.set_fact(room, "INC-1", "aware", "-5m")


async def test_a_duty_is_met_as_of_when_it_was(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "2 wait for personal")
            await begin_law(room)
            await see(pilot, "Tell the autho… Wed 03:15")
            await on_row(pilot, GDPR)
            await pilot.press("enter")
            await see(pilot, "Article 33")
            await see(pilot, "Late is worse.")
            await see(pilot, "counts from: 03:15, due Wed 03:15")
            await see(pilot, "role: Legal: nobody holds it")
            await pilot.press("escape", "space")
            await choose(pilot, "Tell the authority", "met")
            await tell(pilot, "who was told, by which way?", "-3m by telephone, file [77]")
            await see(pilot, "met: Tell the authority")
            law = (await now(room)).deadlines["gdpr"]
            assert (law.state, law.words) == ("met", "by telephone, file [77]")
            assert law.closed_at is not None
            assert f"{law.closed_at:%H:%M}" == "02:17"
            await pilot.press("z")
            await see(pilot, "a duty that is met cannot be taken back: m notes what was wrong")
            await until(pilot, lambda: app.room_screen.tasks.index_of(GDPR) is None)


async def test_a_duty_that_waits_can_only_be_waived(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "deadlines:waiting")
            await pilot.press("space")
            await see(pilot, "they wait, enter lists them")
            await pilot.press("enter")
            await choose(pilot, "Legal duties", "Tell the exchange")
            await see(pilot, "waits for fact: what happened")
            assert [one.split()[0] for one in offered(pilot)] == ["waived"]
            await pilot.press("enter")
            await tell(pilot, "why, and who says so?", " ")
            await tell(pilot, "it needs some words", "we are not listed, says Lou")
            await see(pilot, "waived: Tell the exchange")
            assert (await now(room)).deadlines["stock"].state == "waived"


async def test_a_running_duty_is_waived_with_its_reason(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await begin_law(room)
            await on_row(pilot, GDPR)
            await pilot.press("space")
            await choose(pilot, "Tell the authority", "waived")
            await tell(pilot, "Waive: Tell the authority", "no person is concerned, says Lou")
            await see(pilot, "waived: Tell the authority")
            assert (await now(room)).deadlines["gdpr"].words == "no person is concerned, says Lou"


async def test_a_duty_stands_in_the_way_of_the_end(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await facts.set_fact(room, "INC-1", "what", "a list was copied")
        await tasks.skip(room, "INC-1", "pause", "nothing is scheduled")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            app.room_screen.action_act("resolve")
            await see(pilot, "INC-1 cannot be resolved yet")
            await see(pilot, "legal duty stock")


async def test_an_update_is_put_off_within_its_bounds(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            app.room_screen.action_act("put-off")
            await see(pilot, "due 04:00")
            await choose(pilot, "Put which update off?", "public update")
            await tell(pilot, "at the latest", "soon")
            await tell(pilot, "write it like 10m or 1h", "5h")
            await tell(pilot, "why? it stands on the timeline", "waits for legal")
            await see(pilot, "until 04:40 at the latest: say that there")
            app.room_screen.action_act("put-off")
            await choose(pilot, "Put which update off?", "public update")
            await tell(pilot, "at the latest", "10m")
            await tell(pilot, "why?", "waits for legal")
            await see(pilot, "public update put off until 04:10")
            assert "public" in (await now(room)).snoozes


async def test_a_drill_is_marked_on_every_view(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await lifecycle.declare(room, "Practice", playbook=plan(), severity="sev2", drill=True)
        app = screen(room, incident="INC-2")
        async with app.run_test(size=(80, 24)) as pilot:
            for key in ("1", "2", "3", "4", "5", "question_mark"):
                await pilot.press(key)
                await see(pilot, "DRILL      INC-2 SEV2")
