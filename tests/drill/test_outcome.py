"""What came of a drill, read from a timeline: each due time once, as the engine saw it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from drill.holding import BEGIN
from drill.small import HEAD, small

from crisisroom.clock import ManualClock
from crisisroom.drill.outcome import Outcome, outcome
from crisisroom.room import (
    Room,
    cadences,
    deadlines,
    escalations,
    facts,
    lifecycle,
    reading,
    roles,
    tasks,
)
from crisisroom.watch.late import note_late

MORE = """\
deadlines:
  - {id: law, title: "Tell the authority", starts: hurt, within: 2h, role: legal}
escalations:
  - {id: climb, title: "Reach the lead", steps: [{call: [ada], wait: 5m}, {call: [bo], wait: 5m}]}
"""
PLAN = small(MORE, HEAD.replace(", confirm_by: legal", ""))


class Case:
    """An incident of the small playbook, and the clock it stands on."""

    def __init__(self, room: Room, clock: ManualClock) -> None:
        self.room = room
        self.clock = clock

    async def pass_(self, **span: float) -> None:
        """Let time pass, with a watcher that looks afterwards."""
        self.clock.advance(timedelta(**span).total_seconds())
        await note_late(self.room)

    async def outcome(self) -> Outcome:
        return outcome(await reading.timeline(self.room, "INC-1"), self.clock.now())


@pytest.fixture
async def case(room: Room, clock: ManualClock) -> Case:
    await lifecycle.declare(room, "Smoke", playbook=PLAN, severity="sev1", drill=True)
    return Case(room, clock)


def _verdicts(made: Outcome, kind: str) -> list[tuple[str, str, int]]:
    return [(one.id, one.verdict, one.late) for one in made.items if one.kind == kind]


async def test_nothing_is_said_of_an_empty_timeline() -> None:
    with pytest.raises(ValueError, match="nobody declared"):
        outcome((), BEGIN)


async def test_a_skipped_task_is_left_out_and_a_late_one_late(case: Case) -> None:
    await case.pass_(minutes=4)
    await tasks.skip(case.room, "", "call", "they called us")
    await tasks.done(case.room, "", "pause")
    made = await case.outcome()
    found = {one.id: one for one in made.items if one.kind == "task"}
    assert (found["call"].verdict, found["pause"].verdict) == ("left out", "late")
    assert (found["pause"].late, found["never"].verdict) == (120, "running")


async def test_a_task_nobody_needs_is_no_one_s_fault(case: Case) -> None:
    await facts.set_fact(case.room, "", "hurt", "no")
    await case.pass_(hours=1)
    assert "help" not in {one.id for one in (await case.outcome()).items}


async def test_a_duty_by_law_is_met_late_or_never(case: Case) -> None:
    await facts.set_fact(case.room, "", "hurt", "yes")
    await case.pass_(hours=3)
    assert _verdicts(await case.outcome(), "deadline") == [("law", "never", 3600)]
    await deadlines.met(case.room, "", "law", "file 7")
    await case.pass_(hours=3)
    assert _verdicts(await case.outcome(), "deadline") == [("law", "late", 3600)]


async def test_an_update_put_off_is_due_when_it_was_put_off_to(case: Case) -> None:
    await cadences.snooze(case.room, "", "public", 25 * 60, "the plant calls at twenty past")
    await case.pass_(minutes=20)
    assert _verdicts(await case.outcome(), "cadence") == [("public", "running", 0)]


async def test_a_role_taken_late_and_left_again(case: Case) -> None:
    await case.pass_(minutes=7)
    await roles.take(case.room, "", "lead")
    await case.pass_(minutes=1)
    await roles.leave(case.room, "", "lead")
    await case.pass_(minutes=6)
    assert _verdicts(await case.outcome(), "role") == [("lead", "late", 120), ("lead", "never", 60)]


async def test_escalations_are_told_one_by_one(case: Case) -> None:
    await escalations.start(case.room, "", "climb", "nobody is there")
    await case.pass_(minutes=6)
    await escalations.acknowledge(case.room, "")
    await escalations.start(case.room, "", "climb", "gone again")
    await case.pass_(minutes=1)
    first, second = (await case.outcome()).calls
    assert (first.why, first.waited) == ("nobody is there", 360)
    assert (second.why, second.waited) == ("gone again", None)


async def test_what_a_resolved_incident_left_undone(case: Case) -> None:
    await case.pass_(minutes=10)
    for task in ("pause", "call"):
        await tasks.done(case.room, "", task, "done")
    await deadlines.waive(case.room, "", "law", "a drill", not_applicable=True)
    await lifecycle.resolve(case.room, "", anyway="a drill")
    await case.pass_(hours=5)
    found = {one.id: one for one in (await case.outcome()).items if one.kind == "task"}
    assert (found["never"].verdict, found["never"].late) == ("never", 300)
    assert found["later"].verdict == "running"
