"""The acts one by one: what they leave, and what is refused with which words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from room.people import PLAN, WITH_TEAM, as_, declared

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import (
    Room,
    facts,
    lifecycle,
    places,
    reading,
    record,
    roles,
    sending,
    tasks,
    words,
)
from crisisroom.room.settings import apply_config


async def test_declaring_starts_checklist_and_clocks(room: Room, clock: ManualClock) -> None:
    at = clock.now() - timedelta(minutes=3)
    acted = await lifecycle.declare(room, "Kettles", playbook=PLAN, severity="SEV1", at=at)
    state = acted.incident
    assert (state.severity, state.declared_at, state.declared_by) == ("sev1", at, "ada")
    assert acted.entry.text == "declared SEV1, kettle: Kettles"
    assert {one.id: one.state for one in state.tasks.values()} == {
        "pause": "open",
        "ask": "waiting",
        "page": "waiting",
    }
    assert state.tasks["pause"].due_at == at + timedelta(minutes=5)
    clocks = (await reading.status(room)).clocks
    assert [(one.id, one.state) for one in clocks] == [
        ("task:pause", "ok"),
        ("task:ask", "ok"),
        ("cadence:public", "ok"),
    ]
    for title, severity in (("", ""), (" ", ""), ("x", "sev9")):
        with pytest.raises(Usage):
            await lifecycle.declare(room, title, playbook=PLAN, severity=severity)


async def test_an_incident_runs_its_course(room: Room) -> None:
    await declared(room)
    raised = await lifecycle.severity(room, "", "sev1", "the press is here")
    assert raised.entry.text == "raised SEV2 to SEV1: the press is here"
    with pytest.raises(Refused, match="is SEV1 already"):
        await lifecycle.severity(room, "", "SEV1")
    assert (await lifecycle.severity(room, "", "sev3")).entry.text == "lowered SEV1 to SEV3"
    with pytest.raises(Refused, match=r"required task pause \(Pause what is scheduled\) is open"):
        await lifecycle.resolve(room, "")
    await tasks.skip(room, "", "pause", "nothing is scheduled")
    resolved = await lifecycle.resolve(room, "", "calm again")
    assert resolved.incident.status == "resolved"
    with pytest.raises(Usage, match="no incident is open"):
        await lifecycle.resolve(room, "")
    with pytest.raises(Refused, match="is resolved already"):
        await lifecycle.resolve(room, "INC-1")
    with pytest.raises(Usage, match="needs a reason"):
        await lifecycle.reopen(room, "INC-1", "")
    reopened = await lifecycle.reopen(room, "INC-1", "it burns again")
    assert (reopened.incident.status, reopened.incident.resolved_at) == ("open", None)
    with pytest.raises(Refused, match="is open already"):
        await lifecycle.reopen(room, "INC-1", "again")
    assert (await lifecycle.retitle(room, "", "Kettles burn")).incident.title == "Kettles burn"


async def test_what_is_on_its_way_keeps_an_incident_open(room: Room) -> None:
    await declared(room)
    await tasks.done(room, "", "pause")
    saved = await words.save_reply(room, "", "M-1", "We are sorry.")
    await words.submit(room, "", saved.thing.id)
    await words.approve(room, "", saved.thing.id, saved.thing.sha256)
    await sending.send(room, "", saved.thing.id)
    with pytest.raises(Refused, match="R-1 is queued"):
        await lifecycle.resolve(room, "")


async def test_people_join_once(room: Room) -> None:
    await declared(room)
    joined = await lifecycle.join(as_(room, "bo"), "")
    assert joined.changed
    assert joined.incident.people == ("ada", "bo")
    again = await lifecycle.join(as_(room, "bo"), "")
    assert not again.changed
    assert again.incident.seq == joined.incident.seq


async def test_tasks_wait_for_what_they_need(room: Room) -> None:
    await declared(room)
    with pytest.raises(Refused, match="waits for fact: Product"):
        await tasks.done(room, "", "ask", "asked them")
    await facts.set_fact(room, "", "product", "the X1")
    with pytest.raises(Refused, match="asks for a note"):
        await tasks.done(room, "", "ask", " ")
    done = await tasks.done(room, "", "ask", "they test it tonight")
    assert done.entry.text == "done: Ask the lab (they test it tonight)"
    with pytest.raises(Refused, match="ada did this already"):
        await tasks.done(as_(room, "bo"), "", "ask", "me too")
    with pytest.raises(Refused, match="waits for task: Pause"):
        await tasks.done(room, "", "page", "https://e.example")
    await tasks.done(room, "", "pause")
    with pytest.raises(Refused, match="asks for a link") as refused:
        await tasks.done(room, "", "page", "on our page")
    assert refused.value.hint == "it starts with https://"
    assert (await tasks.done(room, "", "page", "https://e.example")).incident.tasks[
        "page"
    ].state == "done"
    reopened = await tasks.reopen(room, "", "pause")
    assert reopened.incident.tasks["page"].state == "done"
    with pytest.raises(Usage, match="has no task paus") as usage:
        await tasks.done(room, "", "paus")
    assert usage.value.hint == 'did you mean "pause"?'


async def test_a_task_taken_back_holds_others_back_again(room: Room) -> None:
    await declared(room)
    await tasks.done(room, "", "pause")
    assert (await reading.incident(room)).tasks["page"].state == "open"
    taken_back = await tasks.reopen(room, "", "pause")
    assert taken_back.incident.tasks["page"].state == "waiting"
    with pytest.raises(Refused, match="is open already"):
        await tasks.reopen(room, "", "pause")
    with pytest.raises(Usage, match="needs a reason"):
        await tasks.skip(room, "", "pause", "")


async def test_a_task_taken_back_waits_itself_while_it_has_needs(room: Room) -> None:
    await declared(room)
    await facts.set_fact(room, "", "product", "the X1")
    await tasks.done(room, "", "ask", "asked")
    await facts.set_fact(room, "", "product", "", "unknown")
    assert (await tasks.reopen(room, "", "ask")).incident.tasks["ask"].state == "waiting"


async def test_facts_are_known_with_their_value(room: Room) -> None:
    await declared(room)
    for value, state in (("", "known"), (" ", "changed"), ("x", "sure")):
        with pytest.raises(Usage):
            await facts.set_fact(room, "", "product", value, state)
    with pytest.raises(Usage, match="has no fact weather"):
        await facts.set_fact(room, "", "weather", "rain")
    known = await facts.set_fact(room, "", "product", "the X1", source="the lab")
    assert known.entry.text == "fact: Product: the X1"
    fact = known.incident.facts["product"]
    assert (fact.state, fact.value, fact.source, fact.by) == ("known", "the X1", "the lab", "ada")
    checking = await facts.set_fact(room, "", "product", "", "checking")
    assert checking.entry.text == "checks: Product"


async def test_roles_go_to_whom_the_team_names(room: Room) -> None:
    await declared(room, WITH_TEAM)
    with pytest.raises(Refused, match="ada may not be Legal"):
        await roles.take(room, "", "legal")
    with pytest.raises(Usage, match="mallory is not in the team"):
        await roles.assign(room, "", "legal", "mallory")
    with pytest.raises(Refused, match="ada may not be Legal"):
        await roles.assign(as_(room, "cy"), "", "legal", "ada")
    taken = await roles.take(as_(room, "dee"), "", "legal")
    assert taken.entry.text == "took Legal"
    assert taken.entry.role == ""
    assert (await record.note(as_(room, "dee"), "", "a note")).entry.role == "legal"
    over = await roles.take(as_(room, "cy"), "", "legal")
    assert over.entry.text == "took Legal, without a hand-over by dee"
    with pytest.raises(Refused, match="you are Legal already"):
        await roles.take(as_(room, "cy"), "", "legal")
    with pytest.raises(Refused, match="cy is Legal, not you"):
        await roles.leave(as_(room, "dee"), "", "legal")
    left = await roles.leave(as_(room, "cy"), "", "legal")
    assert left.incident.roles["legal"].holder == ""
    with pytest.raises(Usage, match="has no role king"):
        await roles.take(room, "", "king")


async def test_the_record(room: Room) -> None:
    await declared(room)
    decided = await record.decide(room, "", "we refund", "trust costs more")
    assert decided.entry.text == "decided: we refund, because trust costs more"
    assert decided.incident.decisions[0].reason == "trust costs more"
    called = await record.called(room, "", "lab", "phone", False, "voice mail")
    assert called.entry.text == "did not reach The lab by phone: voice mail"
    with pytest.raises(Usage, match="there is no contact moon"):
        await record.called(room, "", "moon", "phone", True)
    corrected = await record.correct(room, "", 3, "half of it")
    assert (corrected.entry.corrects, corrected.entry.text) == (3, "corrected entry 3: half of it")
    with pytest.raises(Usage, match="has no entry 99"):
        await record.correct(room, "", 99, "x")
    added = await record.add_action(room, "", "change the supplier", "dee", "2026-12-24")
    assert added.incident.actions["A-1"].due == "2026-12-24"
    with pytest.raises(Usage, match="is not a date"):
        await record.add_action(room, "", "x", due="24.12.")
    assert (await record.action_done(room, "", "A-1")).incident.actions["A-1"].state == "done"
    with pytest.raises(Refused, match="is done already"):
        await record.action_done(room, "", "A-1")
    with pytest.raises(Usage, match="has no action A-7"):
        await record.action_done(room, "", "A-7")
    with pytest.raises(Refused, match="20000 fit"):
        await record.note(room, "", "x" * 20_001)


async def test_status_tells_where_the_room_stands(room: Room, clock: ManualClock) -> None:
    await apply_config(room, WITH_TEAM, "crisisroom.yaml")
    await places.here(room, "s1", "", "feed")
    status = await reading.status(room)
    assert (status.watcher, status.unwatched) == (None, ())
    assert [(one.id, one.state) for one in status.sources] == [("masto-in", "new")]
    assert [(one.actor, one.view) for one in status.people] == [("ada", "feed")]
    await places.gone(room, "s1")
    assert (await reading.status(room)).people == ()
    place = await places.last_place(room)
    assert place is not None
    assert place.view == "feed"
