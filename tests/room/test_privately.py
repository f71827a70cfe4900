"""Talks in private stay open until somebody notes what came of them."""

from __future__ import annotations

import pytest
from room.people import as_, declared

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.promises import threads
from crisisroom.room import Room, lifecycle, privately, reading, triage


async def test_a_talk_in_private_runs_its_course(room: Room, clock: ManualClock) -> None:
    await declared(room, texts=["it smokes", "it burns"])
    assert await privately.open_in(room) == ()
    clock.advance(60)
    await triage.offline(as_(room, "bo"), "M-1")
    clock.advance(60)
    await triage.offline(room, "M-2")
    first, second = await privately.open_in(room)
    assert (first.mention, first.handle, first.by) == ("M-1", "pat@social.example", "bo")
    assert first.since is not None
    assert (clock.now() - first.since).total_seconds() == 60
    assert second.mention == "M-2"
    known = await lifecycle.before_the_end(room, await reading.incident(room))
    assert (
        "M-1 of pat@social.example goes on in private: nobody noted what came of it" in known.loose
    )
    acted = await privately.close(room, "", "M-1", "refunded, content")
    assert acted.entry.text == ("closed in private, M-1 of pat@social.example: refunded, content")
    assert (acted.thing.mention, acted.thing.outcome) == ("M-1", "refunded, content")
    assert [one.mention for one in await privately.open_in(room)] == ["M-2"]
    assert len(threads(acted.incident)) == 2
    with pytest.raises(Refused, match="M-1 is closed already: refunded"):
        await privately.close(room, "", "M-1", "again")


async def test_moved_to_private_again_it_is_open_again(room: Room, clock: ManualClock) -> None:
    await declared(room)
    await triage.offline(room, "M-1")
    await privately.close(room, "", "M-1", "refunded")
    await triage.restore(room, "M-1")
    assert await privately.open_in(room) == ()
    clock.advance(60)
    await triage.offline(room, "M-1")
    (one,) = await privately.open_in(room)
    assert (one.since, one.outcome) == (clock.now(), "")


async def test_what_is_asked_of_an_outcome(room: Room) -> None:
    await declared(room)
    with pytest.raises(Refused, match="M-1 is new, not private"):
        await privately.close(room, "", "M-1", "refunded")
    with pytest.raises(Usage, match="INC-1 has no mention M-7"):
        await privately.close(room, "", "M-7", "refunded")
    await triage.offline(room, "M-1")
    with pytest.raises(Usage, match="what came of it"):
        await privately.close(room, "", "M-1", " ")
    with pytest.raises(Refused, match="at line 1, column 1"):
        await privately.close(room, "", "M-1", "\x1b[2J")
    one = await privately.close(room, "", "M-1", "refunded", command_id="one")
    again = await privately.close(room, "", "M-1", "refunded", command_id="one")
    assert (again.entry.seq, again.thing) == (one.entry.seq, one.thing)
