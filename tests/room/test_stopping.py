"""One act stops all outgoing words, until the lead lets them go."""

from __future__ import annotations

import pytest
from room.people import PLAN, as_, prepared, reply

from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, lifecycle, reading, sending, stopping


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
