"""Escalations: begun by hand, climbing by the clock, over the moment somebody has it."""

from __future__ import annotations

import pytest
from room.crisis import TWO, kinds, run_of, running
from room.people import declared

from crisisroom.clock import ManualClock
from crisisroom.core.engine import next_due
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, escalations, reading, record


async def test_it_climbs_until_somebody_acknowledges(room: Room, clock: ManualClock) -> None:
    await running(room)
    begun = await escalations.start(room, "", why="a child is hurt")
    assert begun.entry.text == "escalates: Wake the lead (a child is hurt)"
    assert kinds(begun) == ["escalation.step"]
    assert run_of(begun.incident) == (1, 0, ("ada",))
    with pytest.raises(Refused, match="already under way"):
        await escalations.start(room, "")
    clock.advance(300)
    climbed = await record.note(room, "", "nobody yet")
    assert run_of(climbed.incident) == (1, 1, ("bo", "lab"))
    over = await escalations.acknowledge(room, "", words="I am up")
    assert over.entry.text == "acknowledged: Wake the lead: I am up"
    run = over.incident.escalations["lead-awake"]
    assert (run.acknowledged_by, run.acknowledged_at, run.next_at) == ("ada", clock.now(), None)
    seq = over.incident.seq
    clock.advance(86_400)
    calls = [entry.kind for entry in await reading.timeline(room, after=seq)]
    assert "escalation.step" not in calls


async def test_reaching_somebody_who_was_called_ends_it(room: Room, clock: ManualClock) -> None:
    await running(room)
    await escalations.start(room, "")
    for outcome in ("no-answer", "message"):
        tried = await record.called(room, "", "ada", "phone", outcome)
        assert kinds(tried) == []
    other = await record.called(room, "", "bo", "phone", "reached")
    assert kinds(other) == []  # nobody has called Bo yet
    reached = await record.called(room, "", "ada", "phone", "reached", "on her way")
    assert reached.entry.text == "reached Ada by phone: on her way"
    assert kinds(reached) == ["escalation.acknowledged"]
    run = reached.incident.escalations["lead-awake"]
    assert (run.acknowledged_by, run.next_at) == ("Ada", None)
    with pytest.raises(Refused, match="Ada acknowledged it"):
        await escalations.acknowledge(room, "", "lead-awake")
    again = await escalations.start(room, "", "lead-awake")
    assert run_of(again.incident) == (1, 0, ("ada",))


async def test_one_that_nobody_answered_can_still_be_taken(room: Room, clock: ManualClock) -> None:
    await running(room)
    await escalations.start(room, "")
    clock.advance(7200)
    state = (await record.note(room, "", "two rounds are over")).incident
    assert state.escalations["lead-awake"].exhausted
    assert [run.id for run in escalations.unanswered(state)] == ["lead-awake"]
    taken = await escalations.acknowledge(room, "", words="I have it")
    assert escalations.unanswered(taken.incident) == ()


async def test_nothing_runs_is_said_plainly(room: Room) -> None:
    await running(room, plan=TWO)
    with pytest.raises(Refused, match="no escalation runs in INC-1"):
        await escalations.acknowledge(room, "")
    with pytest.raises(Refused, match="Tell the board does not run"):
        await escalations.acknowledge(room, "", "board")
    with pytest.raises(Usage, match="has no escalation moon"):
        await escalations.acknowledge(room, "", "moon")
    with pytest.raises(Usage, match="has no escalation moon"):
        await escalations.start(room, "", "moon")
    with pytest.raises(Usage, match="which escalation") as usage:
        await escalations.start(room, "")
    assert "lead-awake (Wake the lead), board" in usage.value.hint
    await escalations.start(room, "", "board")
    await escalations.start(room, "", "lead-awake")
    with pytest.raises(Usage, match="several escalations run: board, lead-awake"):
        await escalations.acknowledge(room, "")


async def test_a_plan_without_escalations_says_whom_to_call(room: Room) -> None:
    await declared(room)
    with pytest.raises(Refused, match="has no escalation") as refused:
        await escalations.start(room, "")
    assert "crisisroom team" in refused.value.hint


async def test_calls_are_written_down_by_what_came_of_them(room: Room) -> None:
    await running(room)
    texts = [
        (await record.called(room, "", "lab", way, outcome, words)).entry.text  # type: ignore[arg-type]
        for way, outcome, words in (
            ("phone", "no-answer", ""),
            ("phone", "message", "call us back"),
            ("", "reached", ""),
            ("mail", False, ""),
            ("mail", True, "file 12"),
        )
    ]
    assert texts == [
        "did not reach The lab by phone",
        "left a message for The lab by phone: call us back",
        "reached The lab",
        "did not reach The lab by mail",
        "reached The lab by mail: file 12",
    ]
    state = await reading.incident(room)
    assert [(call.outcome, call.reached) for call in state.calls] == [
        ("no-answer", False),
        ("message", False),
        ("reached", True),
        ("no-answer", False),
        ("reached", True),
    ]
    with pytest.raises(Usage, match="a call is not 'shouted'"):
        await record.called(room, "", "lab", "", "shouted")  # type: ignore[arg-type]
    assert next_due(state, room.clock.now()) is not None
