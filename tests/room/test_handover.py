"""Handing a part over: offered, accepted or declined; what goes with it, and the page to read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from room.crisis import running
from room.people import WITH_TEAM, as_

from crisisroom.clock import ManualClock
from crisisroom.core.brief import Brief, brief
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, enquiries, escalations, facts, reading, record, roles, tasks
from crisisroom.room.settings import apply_config
from crisisroom.watch.late import note_late


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
    offered = await roles.hand_over(ada, "", "social", "bo", "posts are paused but for one")
    assert offered.entry.kind == "role.offered"
    assert offered.entry.text == "offers Social media to bo: posts are paused but for one"
    state = offered.incident
    assert state.roles["social"].holder == "ada"
    assert state.offers["social"].person == "bo"
    assert isinstance(offered.thing, Brief)
    assert offered.thing.needed_from_you[0].startswith("take Social media over from ada")

    acted = await roles.accept(bo, "", "social")
    assert acted.entry.kind == "role.handed"
    assert acted.entry.actor == "bo"
    assert acted.entry.text == "took Social media over from ada: posts are paused but for one"
    assert (acted.entry.data["was"], acted.entry.data["tasks"]) == ("ada", ["pause"])
    state = acted.incident
    assert state.offers == {}
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


async def test_who_may_hold_it_is_asked_again_when_it_is_accepted(room: Room) -> None:
    await running(room, WITH_TEAM)
    cy, dee = as_(room, "cy"), as_(room, "dee")
    await roles.take(cy, "", "legal")
    await roles.hand_over(cy, "", "legal", "dee")
    other = [one for one in WITH_TEAM.team if one.id != "dee"]
    await apply_config(room, type(WITH_TEAM)(zone="Europe/Berlin", team=tuple(other)), "c.yaml")
    with pytest.raises(Refused, match="dee may not be Legal"):
        await roles.accept(dee, "", "legal")
    assert (await reading.incident(room)).roles["legal"].holder == "cy"


async def test_only_who_is_asked_answers(room: Room) -> None:
    await running(room, WITH_TEAM)
    cy, dee, bo = as_(room, "cy"), as_(room, "dee"), as_(room, "bo")
    await roles.take(cy, "", "legal")
    with pytest.raises(Refused, match="nobody offers you Legal"):
        await roles.accept(dee, "", "legal")
    with pytest.raises(Refused, match="Legal is offered to nobody"):
        await roles.keep(cy, "", "legal")
    await roles.hand_over(cy, "", "legal", "dee")
    for answer in (roles.accept(bo, "", "legal"), roles.decline(bo, "", "legal", "no")):
        with pytest.raises(Refused, match="Legal is offered to dee, not to you"):
            await answer
    with pytest.raises(Usage, match="say why"):
        await roles.decline(dee, "", "legal", " ")
    declined = await roles.decline(dee, "", "legal", "I am on the train")
    assert declined.entry.text == "declined Legal: I am on the train"
    assert declined.incident.offers == {}
    assert declined.incident.roles["legal"].holder == "cy"
    with pytest.raises(Refused, match="nobody offers you Legal"):
        await roles.accept(dee, "", "legal")


async def test_the_giver_keeps_it_or_asks_somebody_else(room: Room) -> None:
    await running(room)
    ada, bo, cy = (as_(room, name) for name in ("ada", "bo", "cy"))
    await roles.take(ada, "", "lead")
    await roles.hand_over(ada, "", "lead", "bo")
    with pytest.raises(Refused, match="ada is Lead, not you"):
        await roles.keep(bo, "", "lead")
    kept = await roles.keep(ada, "", "lead")
    assert kept.entry.text == "keeps Lead: bo has not accepted it"
    await roles.hand_over(ada, "", "lead", "bo")
    await roles.hand_over(ada, "", "lead", "cy")
    with pytest.raises(Refused, match="Lead is offered to cy"):
        await roles.accept(bo, "", "lead")
    assert (await roles.accept(cy, "", "lead")).incident.roles["lead"].holder == "cy"


async def test_who_leads_gives_a_part_at_once_and_that_ends_an_offer(room: Room) -> None:
    await running(room)
    ada, bo = as_(room, "ada"), as_(room, "bo")
    await roles.take(ada, "", "lead")
    await roles.hand_over(ada, "", "lead", "bo")
    state = (await roles.assign(room, "", "lead", "cy")).incident
    assert (state.roles["lead"].holder, state.offers) == ("cy", {})
    with pytest.raises(Refused, match="nobody offers you Lead"):
        await roles.accept(bo, "", "lead")


async def told(room: Room) -> list[tuple[str, str]]:
    """Return who was told what."""
    entries = await reading.timeline(room)
    data = [one.data for one in entries if one.kind == "person.notified"]
    return [(one["who"], one["words"]) for one in data]


async def test_each_answer_is_told_to_whoever_waits_for_it(room: Room) -> None:
    await running(room)
    ada, bo = as_(room, "ada"), as_(room, "bo")
    await roles.take(ada, "", "lead")
    await roles.hand_over(ada, "", "lead", "bo")
    await roles.decline(bo, "", "lead", "on a train")
    await roles.hand_over(ada, "", "lead", "bo")
    await roles.keep(ada, "", "lead")
    await roles.hand_over(ada, "", "lead", "bo")
    taken = await roles.take(bo, "", "lead")  # who is offered a part and takes it accepts it
    assert taken.entry.kind == "role.handed"
    assert await told(room) == [
        ("ada", "bo declined Lead, it is still yours: on a train"),
        ("bo", "ada keeps Lead: you need not answer"),
        ("ada", "bo is Lead now: you are free of it"),
    ]


async def test_a_part_of_somebody_who_is_gone_goes_on_with_its_tasks(room: Room) -> None:
    await running(room)
    ada, bo = as_(room, "ada"), as_(room, "bo")
    await roles.take(ada, "", "social")
    await tasks.assign(ada, "", "pause", "ada")
    await tasks.assign(ada, "", "ask", "ada")  # not of this part
    acted = await roles.take(bo, "", "social", "ada sleeps")
    assert acted.entry.text == "took Social media, without a hand-over by ada: ada sleeps"
    tasks_now = acted.incident.tasks
    assert (tasks_now["pause"].assignee, tasks_now["ask"].assignee) == ("bo", "ada")
    page = brief(acted.incident, room.clock.now(), "bo")
    assert "task: Pause what is scheduled, by 03:12" in page.needed_from_you
    given = await roles.assign(ada, "", "social", "cy")
    assert given.entry.text == "made cy Social media, without a hand-over by bo"
    assert await told(room) == [
        ("ada", "bo is Social media now, without a hand-over by ada: ada sleeps"),
        ("bo", "ada made cy Social media now, without a hand-over by bo"),
    ]


async def test_a_part_that_nobody_holds_moves_no_task(room: Room) -> None:
    await running(room)
    acted = await roles.take(as_(room, "bo"), "", "social")
    assert [one.kind for one in acted.entries] == ["role.taken"]
    assert acted.entry.text == "took Social media"


async def test_an_offer_without_an_answer_is_said_again_once(
    room: Room, clock: ManualClock
) -> None:
    await running(room)
    await roles.take(as_(room, "ada"), "", "lead")
    await roles.hand_over(as_(room, "ada"), "", "lead", "bo")
    for _ in range(3):
        clock.advance(timedelta(minutes=6).total_seconds())
        await note_late(room)
    entries = await reading.timeline(room)
    told = [one for one in entries if one.kind == "person.notified" and "Lead" in one.text]
    assert [one.data["who"] for one in told] == ["bo", "ada"]
    assert {(one.at - entries[0].at) for one in told} == {timedelta(minutes=10)}


async def test_a_hand_over_twice_with_one_id_happens_once(room: Room) -> None:
    await running(room)
    await roles.take(room, "", "lead")
    first = await roles.hand_over(room, "", "lead", "bo", command_id="h1")
    again = await roles.hand_over(room, "", "lead", "bo", command_id="h1")
    assert again.entry.seq == first.entry.seq
    assert isinstance(again.thing, Brief)
    bo = as_(room, "bo")
    accepted = await roles.accept(bo, "", "lead", command_id="h2")
    assert (await roles.accept(bo, "", "lead", command_id="h2")).entry.seq == accepted.entry.seq


async def test_leaving_a_required_part_says_so(room: Room) -> None:
    await running(room)
    await roles.take(room, "", "lead")
    left = await roles.leave(room, "", "lead")
    assert left.entry.text == "left Lead, which is required: nobody holds it now"
    await roles.take(room, "", "legal")
    assert (await roles.leave(room, "", "legal")).entry.text == "left Legal"
