"""Enquiries: who asks what by when, whose it is, and what they were told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from room.crisis import running
from room.people import WITH_TEAM, as_

from crisisroom.clock import ManualClock
from crisisroom.core.clocks import clocks
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Acted, Room, enquiries, reading

QUESTION = "Is it true that a child was hurt?"


async def asked(room: Room, clock: ManualClock, hours: float = 2) -> Acted:
    return await enquiries.add(
        room,
        "",
        "media",
        "Daily",
        QUESTION,
        name="Kim Reporter",
        reach="+49 30 77",
        due_at=clock.now() + timedelta(hours=hours),
    )


async def test_an_enquiry_runs_its_course(room: Room, clock: ManualClock) -> None:
    await running(room, WITH_TEAM)
    added = await asked(room, clock)
    assert added.entry.text == f"EQ-1, media: Kim Reporter, Daily asks: {QUESTION}"
    one = added.incident.enquiries["EQ-1"]
    assert (one.state, one.sort, one.outlet, one.name) == ("open", "media", "Daily", "Kim Reporter")
    assert (one.reach, one.question) == ("+49 30 77", QUESTION)
    assert one.due_at == clock.now() + timedelta(hours=2)
    given = await enquiries.assign(room, "", "EQ-1", "bo")
    assert given.incident.enquiries["EQ-1"].owner == "bo"
    with pytest.raises(Refused, match="is bo's already"):
        await enquiries.assign(room, "", "EQ-1", "bo")
    with pytest.raises(Usage, match="mallory is not in the team"):
        await enquiries.assign(room, "", "EQ-1", "mallory")
    told = await enquiries.answer(as_(room, "bo"), "", "EQ-1", "Nobody was, as far as we know.")
    one = told.incident.enquiries["EQ-1"]
    assert (one.state, one.answered_by, one.answered_at) == ("answered", "bo", clock.now())
    with pytest.raises(Refused, match="answered by bo already"):
        await enquiries.answer(room, "", "EQ-1", "Again.")
    closed = await enquiries.close(room, "", "EQ-1")
    assert closed.entry.text == "closed EQ-1 of Daily"
    for act in (
        enquiries.assign(room, "", "EQ-1", "cy"),
        enquiries.answer(room, "", "EQ-1", "x"),
        enquiries.close(room, "", "EQ-1"),
    ):
        with pytest.raises(Refused, match="is closed already"):
            await act


async def test_their_deadline_is_a_clock_until_they_are_answered(
    room: Room, clock: ManualClock
) -> None:
    await running(room)
    state = (await asked(room, clock)).incident
    assert "enquiry:EQ-1" in {one.id for one in clocks(state, clock.now())}
    clock.advance(2 * 3600)
    late = await enquiries.assign(room, "", "EQ-1", "cy")
    lines = [entry.text for entry in await reading.timeline(room)]
    assert any(line.startswith("late: ") and "Daily" in line for line in lines), lines
    state = (await enquiries.answer(room, "", "EQ-1", "We do not know yet.")).incident
    assert late.incident.enquiries["EQ-1"].state == "open"
    assert "enquiry:EQ-1" not in {one.id for one in clocks(state, clock.now())}


async def test_what_is_asked_of_an_enquiry(room: Room, clock: ManualClock) -> None:
    await running(room)
    with pytest.raises(Refused, match="lies in the past"):
        await asked(room, clock, hours=0)
    for sort, outlet, question in (
        ("press", "Daily", "?"),
        ("media", " ", "?"),
        ("media", "Daily", " "),
    ):
        with pytest.raises(Usage):
            await enquiries.add(room, "", sort, outlet, question)
    with pytest.raises(Refused, match="one line of up to 200"):
        await enquiries.add(room, "", "media", "Daily\nNews", "?")
    with pytest.raises(Refused, match="at line 1, column 1"):
        await enquiries.add(room, "", "media", "Daily", "\x1b[2J")
    with pytest.raises(Usage, match="has no enquiry EQ-1") as refused:
        await enquiries.close(room, "", "EQ-1")
    assert "enquiry add" in refused.value.hint
    await enquiries.add(room, "", "partner", "The agency", "May we post?")
    with pytest.raises(Refused, match="is not answered yet"):
        await enquiries.close(room, "", "EQ-1")
    closed = await enquiries.close(room, "", "EQ-1", "they found it themselves")
    assert closed.entry.text == "closed EQ-1 of The agency: they found it themselves"
    second = await enquiries.add(room, "", "authority", "BAuA", "Which batches?", command_id="one")
    again = await enquiries.add(room, "", "authority", "BAuA", "Which batches?", command_id="one")
    assert list(again.incident.enquiries) == ["EQ-1", "EQ-2"]
    assert again.entry.seq == second.entry.seq
