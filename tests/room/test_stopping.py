"""One act stops all outgoing words, until the lead lets them go."""

from __future__ import annotations

import pytest
from room.people import PLAN, as_, prepared, reply

from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, lifecycle, reading, record, roles, sending, stopping, tasks


async def test_nothing_is_released_while_it_is_stopped(room: Room) -> None:
    await prepared(room, team=True)
    saved = await reply(room)
    held = await stopping.stop(as_(room, "cy"), "the cause is another one")
    assert (held.by, await stopping.stopped(room)) == ("cy", held)
    state = await reading.incident(room)
    assert state.stopped is not None
    with pytest.raises(Refused, match="cy stopped all outgoing words: the cause is another one"):
        await sending.send(room, "", saved.id)
    assert (await stopping.stop(room, "me too")).by == "cy"
    with pytest.raises(Refused, match=r"only Lead \(bo\) may let words go out again"):
        await stopping.resume(room, "all is well")
    with pytest.raises(Usage, match="say why"):
        await stopping.resume(as_(room, "bo"), " ")
    await stopping.resume(as_(room, "bo"), "Legal read the new words")
    assert (await reading.incident(room)).stopped is None
    assert (await sending.send(room, "", saved.id)).thing.state == "queued"
    with pytest.raises(Refused, match="nothing is stopped"):
        await stopping.resume(as_(room, "bo"), "again")


async def test_the_reason_may_come_after_the_stop(room: Room) -> None:
    await prepared(room)
    with pytest.raises(Refused, match="nothing is stopped"):
        await stopping.because(room, "too early")
    await stopping.stop(room)
    await stopping.because(room, "the wrong plant")
    held = await stopping.stopped(room)
    state = await reading.incident(room)
    assert held is not None
    assert state.stopped is not None
    assert (held.why, state.stopped.why) == ("the wrong plant", "the wrong plant")


async def test_a_repeat_stops_once(room: Room) -> None:
    await prepared(room)
    await stopping.stop(room, "wait", command_id="c1")
    await stopping.resume(room, "go on", command_id="c2")
    await stopping.resume(room, "go on", command_id="c2")
    kinds = [one.kind for one in await reading.timeline(room)]
    assert kinds.count("outgoing.stopped") == kinds.count("outgoing.resumed") == 1


async def test_a_drill_holds_nobody_up(room: Room) -> None:
    await prepared(room, team=True)
    await lifecycle.declare(
        as_(room, "cy"), "A rehearsal", playbook=PLAN, severity="sev2", drill=True
    )
    await stopping.stop(room, "wait")
    await stopping.resume(as_(room, "bo"), "Legal read the new words")
    assert await stopping.stopped(room) is None


async def _two_incidents(room: Room) -> None:
    """Open INC-1, which bo leads, and INC-2, which dee leads."""
    await prepared(room, team=True)
    await lifecycle.declare(as_(room, "dee"), "Another one", playbook=PLAN, severity="sev2")
    await roles.take(as_(room, "dee"), "INC-2", "lead")


async def test_the_lead_of_the_incident_it_was_stopped_in_resumes(room: Room) -> None:
    await _two_incidents(room)
    held = await stopping.stop(as_(room, "ada"), "the cause is another one", inc="inc-2")
    assert held.incident == "INC-2"
    state = await reading.incident(room, "INC-1")
    assert state.stopped == held
    assert [one.id for one in await stopping.deciding(room)] == ["INC-2"]
    with pytest.raises(Refused, match=r"only Lead \(dee\) of INC-2 may let words") as refused:
        await stopping.resume(as_(room, "bo"), "all is well")
    assert refused.value.hint == "it was stopped there"
    await stopping.resume(as_(room, "dee"), "Legal read the new words")
    for inc in ("INC-1", "INC-2"):
        assert (await reading.timeline(room, inc))[-1].kind == "outgoing.resumed"
    assert await stopping.deciding(room) == ()


async def test_stopped_in_none_any_lead_resumes(room: Room) -> None:
    await _two_incidents(room)
    await stopping.stop(room, "wait")
    both = r"only Lead \(bo\) of INC-1 or Lead \(dee\) of INC-2 may"
    with pytest.raises(Refused, match=both):
        await stopping.resume(room, "all is well")
    await stopping.resume(as_(room, "bo"), "Legal read the new words")
    assert await stopping.stopped(room) is None


async def test_once_its_incident_is_closed_any_lead_resumes(room: Room) -> None:
    await _two_incidents(room)
    await stopping.stop(room, "wait", inc="INC-2")
    await tasks.skip(as_(room, "dee"), "INC-2", "pause", "nothing is scheduled")
    await lifecycle.resolve(as_(room, "dee"), "INC-2", anyway="it was nothing")
    await stopping.resume(as_(room, "bo"), "Legal read the new words")
    assert await stopping.stopped(room) is None


async def test_an_unknown_incident_stops_nothing(room: Room) -> None:
    await prepared(room)
    with pytest.raises(Usage, match="no incident INC-9"):
        await stopping.stop(room, "wait", inc="INC-9")
    assert await stopping.stopped(room) is None


async def test_a_repeat_after_words_were_let_go_stops_nothing(room: Room) -> None:
    await prepared(room)
    first = await stopping.stop(room, "wait", command_id="c1")
    assert await stopping.stop(room, "wait", command_id="c1") == first
    await stopping.resume(room, "go on")
    again = await stopping.stop(room, "wait", command_id="c1")
    assert (again.by, again.at) == (first.by, first.at)
    assert await stopping.stopped(room) is None


async def test_an_id_that_stands_for_another_act_is_refused(room: Room) -> None:
    await prepared(room)
    await record.note(room, "", "it rang", command_id="c1")
    with pytest.raises(Refused, match="another act"):
        await stopping.stop(room, "wait", command_id="c1")
    assert await stopping.stopped(room) is None
