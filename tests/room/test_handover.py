"""Handing a part over: who may, what goes with it, and the page the successor reads."""

from __future__ import annotations

import pytest
from room.crisis import running
from room.people import WITH_TEAM, as_

from crisisroom.core.brief import Brief
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, enquiries, escalations, facts, record, roles, tasks


async def test_the_part_goes_on_with_its_tasks_and_a_brief(room: Room) -> None:
    await running(room, WITH_TEAM)
    ada, bo = as_(room, "ada"), as_(room, "bo")
    await roles.take(ada, "", "social")
    await tasks.assign(ada, "", "pause", "ada")
    await tasks.assign(ada, "", "ask", "ada")  # not of this part
    await facts.set_fact(ada, "", "product", "the X1")
    await record.decide(ada, "", "stop the sale", "children use it")
    await enquiries.add(ada, "", "media", "Daily", "Is it safe?")
    await enquiries.assign(ada, "", "EQ-1", "bo")
    await escalations.start(ada, "")
    acted = await roles.hand_over(ada, "", "social", "bo", "posts are paused but for one")
    assert acted.entry.kind == "role.handed"
    assert acted.entry.text == "handed Social media over to bo: posts are paused but for one"
    assert acted.entry.data["tasks"] == ["pause"]
    state = acted.incident
    assert state.roles["social"].holder == "bo"
    assert (state.tasks["pause"].assignee, state.tasks["ask"].assignee) == ("bo", "ada")
    page = acted.thing
    assert isinstance(page, Brief)
    assert page.role == "social"
    assert page.known == ("Product: the X1",)
    assert "Cause" in page.unknown
    assert page.decided == ("03:07 ada: stop the sale, because children use it",)
    assert "task: Pause what is scheduled, by 03:12" in page.needed_from_you
    assert "answer EQ-1 of Daily" in page.needed_from_you
    assert page.escalations == ("Wake the lead: called Ada, the next call is at 03:12",)
    with pytest.raises(Refused, match="bo is Social media, not you"):
        await roles.hand_over(ada, "", "social", "bo")
    with pytest.raises(Refused, match="you are Social media already"):
        await roles.hand_over(bo, "", "social", "bo")


async def test_only_its_holder_hands_it_and_only_to_whom_may_hold_it(room: Room) -> None:
    await running(room, WITH_TEAM)
    cy = as_(room, "cy")
    with pytest.raises(Refused, match="nobody is Legal, not you") as refused:
        await roles.hand_over(cy, "", "legal", "dee")
    assert "role assign" in refused.value.hint
    await roles.take(cy, "", "legal")
    with pytest.raises(Refused, match="bo may not be Legal"):
        await roles.hand_over(cy, "", "legal", "bo")
    with pytest.raises(Usage, match="mallory is not in the team"):
        await roles.hand_over(cy, "", "legal", "mallory")
    with pytest.raises(Usage, match="has no role king"):
        await roles.hand_over(cy, "", "king", "dee")


async def test_a_hand_over_twice_with_one_id_happens_once(room: Room) -> None:
    await running(room)
    await roles.take(room, "", "lead")
    first = await roles.hand_over(room, "", "lead", "bo", command_id="h1")
    again = await roles.hand_over(room, "", "lead", "bo", command_id="h1")
    assert again.entry.seq == first.entry.seq
    assert isinstance(again.thing, Brief)


async def test_leaving_a_required_part_says_so(room: Room) -> None:
    await running(room)
    await roles.take(room, "", "lead")
    left = await roles.leave(room, "", "lead")
    assert left.entry.text == "left Lead, which is required: nobody holds it now"
    await roles.take(room, "", "legal")
    assert (await roles.leave(room, "", "legal")).entry.text == "left Legal"
