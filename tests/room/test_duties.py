"""Legal duties and owed updates: what closes them, what puts them off, and how far."""

from __future__ import annotations

from datetime import timedelta

import pytest
from room.crisis import running

from crisisroom.clock import ManualClock
from crisisroom.core.cadence import next_update_at
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, cadences, deadlines, facts, lifecycle, tasks


async def test_a_duty_is_met_with_words(room: Room, clock: ManualClock) -> None:
    await running(room)
    with pytest.raises(Refused, match="waits for fact: Known since") as refused:
        await deadlines.met(room, "", "gdpr", "told them")
    assert "set the fact" in refused.value.hint
    await facts.set_fact(room, "", "known_since", "tonight")
    with pytest.raises(Usage, match="file number"):
        await deadlines.met(room, "", "gdpr", " ")
    met = await deadlines.met(room, "", "gdpr", "online form, file 12/345")
    duty = met.incident.deadlines["gdpr"]
    assert (duty.state, duty.words, duty.closed_by) == ("met", "online form, file 12/345", "ada")
    assert duty.due_at == clock.now() + timedelta(hours=72)
    for act in (deadlines.met(room, "", "gdpr", "x"), deadlines.waive(room, "", "gdpr", "x")):
        with pytest.raises(Refused, match="was met by ada already"):
            await act


async def test_a_duty_is_waived_with_a_reason(room: Room) -> None:
    await running(room)
    with pytest.raises(Usage, match="needs a reason"):
        await deadlines.waive(room, "", "gdpr", "")
    with pytest.raises(Refused, match="has not begun") as refused:
        await deadlines.waive(room, "", "gdpr", "no risk")
    assert "--not-applicable" in refused.value.hint
    gone = await deadlines.waive(room, "", "gdpr", "we are not the controller", not_applicable=True)
    expected = "does not apply: Tell the authority (Art. 33): we are not the controller"
    assert gone.entry.text == expected
    assert gone.incident.deadlines["gdpr"].state == "waived"
    await facts.set_fact(room, "", "known_since", "tonight")
    known = await facts.set_fact(room, "", "data", "yes")
    assert known.incident.deadlines["gdpr"].state == "waived"
    assert known.incident.deadlines["people"].state == "running"
    waived = await deadlines.waive(room, "", "people", "encrypted, says counsel")
    assert waived.entry.text == "waived: Tell those affected: encrypted, says counsel"


async def test_a_duty_of_another_situation_is_not_met(room: Room) -> None:
    await running(room)
    await facts.set_fact(room, "", "data", "no")
    for act in (deadlines.met(room, "", "people", "x"), deadlines.waive(room, "", "people", "x")):
        with pytest.raises(Refused, match="does not apply in this situation"):
            await act
    with pytest.raises(Usage, match="has no deadline gdrp") as usage:
        await deadlines.met(room, "", "gdrp", "x")
    assert usage.value.hint == "did you mean gdpr?"


async def test_an_update_is_put_off_from_when_it_is_due(room: Room, clock: ManualClock) -> None:
    state = (await running(room)).incident
    public = state.plan.cadences[0]
    due = next_update_at(state, public)
    assert due == clock.now() + timedelta(minutes=30)
    put = await cadences.snooze(room, "", "public", 900, "waiting for the lab")
    assert put.entry.text == "put the public update off until 03:52: waiting for the lab"
    assert next_update_at(put.incident, public) == due + timedelta(minutes=15)
    assert put.incident.snoozes["public"].reason == "waiting for the lab"
    clock.advance(3600)
    late = await cadences.snooze(room, "", "public", 600, "still waiting")
    assert next_update_at(late.incident, public) == clock.now() + timedelta(minutes=10)


async def test_it_cannot_be_put_off_for_ever(room: Room, clock: ManualClock) -> None:
    await running(room)  # public: every hour; its first is due after 30 minutes
    with pytest.raises(Refused, match="can wait until 05:37 at the latest"):
        await cadences.snooze(room, "", "public", 2 * 3600 + 1, "later")
    await cadences.snooze(room, "", "public", 3600, "later")
    with pytest.raises(Refused, match="until 05:37 at the latest"):
        await cadences.snooze(room, "", "public", 3601, "later")
    await cadences.snooze(room, "", "public", 3600, "later")
    with pytest.raises(Refused, match="at the latest"):
        await cadences.snooze(room, "", "public", 1, "later")
    with pytest.raises(Refused, match="until 03:47 at the latest"):
        await cadences.snooze(room, "", "inside", 1801, "later")
    await cadences.snooze(room, "", "inside", 1800, "later")


async def test_what_cannot_be_put_off(room: Room) -> None:
    await running(room)
    with pytest.raises(Refused, match="is a legal duty and cannot be put off"):
        await cadences.snooze(room, "", "gdpr", 900, "later")
    with pytest.raises(Usage, match="has no cadence press"):
        await cadences.snooze(room, "", "press", 900, "later")
    with pytest.raises(Usage, match="needs a reason"):
        await cadences.snooze(room, "", "public", 900, " ")
    with pytest.raises(Usage, match="by some time"):
        await cadences.snooze(room, "", "public", 0, "later")


async def test_nothing_is_put_off_once_it_is_over(room: Room, clock: ManualClock) -> None:
    acted = await running(room)
    for task in acted.incident.tasks.values():
        if task.required:
            await tasks.skip(room, "", task.id, "calm")
    for duty in acted.incident.deadlines:
        await deadlines.waive(room, "", duty, "not ours", not_applicable=True)
    clock.advance(48 * 3600)
    resolved = await lifecycle.resolve(room, "", "calm")
    assert resolved.incident.status == "resolved"
    with pytest.raises(Refused, match="no public update is due"):
        await cadences.snooze(room, "INC-1", "public", 900, "later")
