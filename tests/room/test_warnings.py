"""Early warnings: raised once, decided by a person, declared once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conftest import START
from room.heard import signal, stories_told, warned
from room.people import PLAN, as_

from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, lifecycle, reading, verifying, warnings


async def test_a_warning_waits_for_a_person(room: Room) -> None:
    await warned(room, signal(), playbook="billing-error")
    [one] = await warnings.candidates(room, warnings.OPEN)
    assert (one.id, one.state, one.suggested_playbook) == ("C-1", "open", "billing-error")
    assert one.reason == "9 in 20 min, usual 0.4; 9 people, 3 sources"
    [entry] = [one for one in await reading.room_log(room) if one.kind == "candidate.raised"]
    assert (entry.actor, entry.source) == ("room", "system")


async def test_watching_and_dismissing_are_decisions_on_record(room: Room) -> None:
    await warned(room, signal(), signal("s-2"))
    watched = await warnings.watch(room, "C-1", "until noon", command_id="w")
    assert (watched.state, watched.decided_by, watched.decision) == ("watched", "ada", "until noon")
    assert await warnings.watch(room, "C-1", "again", command_id="w") == watched
    with pytest.raises(Usage, match="say why"):
        await warnings.dismiss(room, "C-2", " ")
    assert (await warnings.dismiss(as_(room, "bo"), "C-2", "our own launch")).decided_by == "bo"
    assert [one.id for one in await warnings.candidates(room, warnings.OPEN)] == ["C-1"]
    assert (await warnings.reopen(room, "C-2")).state == "open"
    texts = [entry.text for entry in await reading.room_log(room)][-3:]
    said = ["watches it: until noon", "dismissed it: our own launch", "took the decision back"]
    assert [text.partition(": ")[2] for text in texts] == said


async def test_it_gets_worse_and_comes_back_to_the_top(room: Room) -> None:
    await warned(room, signal())
    await warnings.dismiss(room, "C-1", "nothing")
    later = START + timedelta(minutes=5)
    await warned(room, signal("s-2", kind="escalated", of="s-1", at=later, observed=60))
    [one] = await warnings.candidates(room, ("open",))
    assert (one.id, one.at, one.escalated_at, one.observed) == ("C-1", START, later, 60)


async def test_the_end_of_a_spike_is_told(room: Room) -> None:
    await warned(room, signal(), signal("s-2"))
    await warnings.watch(room, "C-2")
    end = START + timedelta(hours=1)
    for uid, of in (("e-1", "s-1"), ("e-2", "s-2")):
        await warned(room, signal(uid, kind="ended", of=of, at=end, reason="back to the usual"))
    states = {one.id: (one.state, one.ended_at) for one in await warnings.candidates(room)}
    assert states == {"C-1": ("ended", end), "C-2": ("watched", end)}


async def test_declaring_on_a_warning_brings_its_stories_and_posts(room: Room) -> None:
    await stories_told(room, {"N-1": 3})
    await warned(room, signal())
    acted = await lifecycle.declare(room, "Double charge", playbook=PLAN, candidate="C-1")
    state = acted.incident
    assert [story.id for story in state.stories.values()] == ["N-1"]
    assert len(state.mentions) == 3
    [warning] = state.warnings
    assert (warning.id, warning.at, warning.expected_hundredths) == ("C-1", START, 40)
    assert (await warnings.candidate(room, "C-1")).incident == state.id
    assert all(not checked.problems for checked in await verifying.verify(room))


async def test_a_warning_is_declared_once(room: Room) -> None:
    await warned(room, signal())
    await lifecycle.declare(room, "One", playbook=PLAN, candidate="C-1")
    with pytest.raises(Refused, match="C-1 was declared already: INC-1"):
        await lifecycle.declare(room, "Two", playbook=PLAN, candidate="C-1")
    assert [one.id for one in await reading.incidents(room)] == ["INC-1"]
    for decide in (warnings.watch(room, "C-1"), warnings.dismiss(room, "C-1", "no")):
        with pytest.raises(Refused, match="C-1 is INC-1 already"):
            await decide
    with pytest.raises(Usage, match="there is no early warning C-7"):
        await lifecycle.declare(room, "Three", playbook=PLAN, candidate="C-7")
