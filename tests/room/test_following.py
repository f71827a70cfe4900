"""What follows in the room: clocks stop for no other incident, and call nobody in the past."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from core.night import YAML, plan

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Consequence, Phase, Playbook, Role, Task
from crisisroom.core.timeline import Entry
from crisisroom.room import Room, lifecycle, reading, record, tasks
from crisisroom.room import plan as plans
from crisisroom.watch.late import next_moment, note_late

replace = msgspec.structs.replace
NIGHT = plan(YAML)


def _unsound(**follows: object) -> Playbook:
    """Return a plan that `check` refuses, as an import from elsewhere may bring one."""
    late = Consequence(**follows)  # type: ignore[arg-type]
    task = Task("pause", "Pause posts", within=300, on_overdue=(late,))
    return replace(NIGHT, phases=(Phase("assess", "Assess", (task,)),))


@pytest.mark.parametrize(
    "unsound", [_unsound(escalate="nobody"), _unsound(note="x", after=10**15)], ids=["whom", "when"]
)
async def test_a_plan_that_nobody_can_follow_stops_no_other(
    room: Room, clock: ManualClock, unsound: Playbook
) -> None:
    await lifecycle.declare(room, "Fine", playbook=NIGHT)
    await lifecycle.declare(room, "Brought", playbook=unsound)
    await lifecycle.declare(room, "Fine too", playbook=NIGHT)
    clock.advance(299)
    assert await next_moment(room) == clock.now() + timedelta(seconds=1)
    clock.advance(1)
    assert await note_late(room) == 6
    assert await note_late(room) == 0
    for inc in ("INC-1", "INC-3"):
        entries = await reading.timeline(room, inc)
        assert "late: Pause posts" in [one.text for one in entries]
    with pytest.raises(Refused, match="INC-2 cannot be followed"):
        await record.note(room, "INC-2", "hello")


def _calls(entries: tuple[Entry, ...]) -> list[Entry]:
    return [one for one in entries if one.kind == "escalation.step"]


async def test_nobody_is_called_before_the_incident_was_declared(
    room: Room, clock: ManualClock
) -> None:
    before = clock.now() - timedelta(hours=3)
    acted = await lifecycle.declare(room, "A night", playbook=NIGHT, at=before)
    assert [one.at for one in _calls(acted.followed)] == [clock.now()]
    assert acted.incident.tasks["pause"].due_at == before + timedelta(minutes=5)


async def test_a_tick_set_back_calls_nobody_in_the_past(room: Room, clock: ManualClock) -> None:
    again = Task("again", "Again", within=60, after="task.pause")
    calls = replace(again, on_overdue=(Consequence(escalate="call-lead"),))
    first = NIGHT.phases[0]
    grown = replace(NIGHT, phases=(replace(first, tasks=(*first.tasks, calls)), *NIGHT.phases[1:]))
    await lifecycle.declare(room, "A night", playbook=grown)
    clock.advance(240)
    then = clock.now() - timedelta(minutes=3)
    acted = await tasks.done(room, "", "pause", at=then)
    assert acted.incident.tasks["again"].due_at == then + timedelta(minutes=1)
    assert [one.at for one in _calls(acted.followed)] == [clock.now()]


async def test_a_role_has_its_new_plan_s_time_from_when_that_took_the_lead(
    room: Room, clock: ManualClock
) -> None:
    await lifecycle.declare(room, "A night", playbook=NIGHT)
    clock.advance(7200)
    lead, legal = NIGHT.roles
    quick: tuple[Role, ...] = (replace(lead, title="Head"), replace(legal, within=900))
    other = replace(NIGHT, id="other", roles=quick)
    acted = await plans.switch_playbook(room, "", other, "it is graver")
    head, law = (acted.incident.roles[one] for one in ("lead", "legal"))
    assert (head.title, law.empty_since) == ("Head", clock.now())
    assert head.empty_since == clock.now() - timedelta(hours=2)
