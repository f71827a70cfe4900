"""Promises in replies: who keeps what by when, and what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from room.people import WITH_TEAM, as_, declared, reply

from crisisroom.clock import ManualClock
from crisisroom.core.clocks import clocks
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, lifecycle, promising, reading, words
from crisisroom.room.settings import apply_config

WORDS = "a call with the lab's result"


async def test_a_promise_runs_its_course(room: Room, clock: ManualClock) -> None:
    await declared(room, WITH_TEAM)
    await reply(room, "Hello @pat@social.example, we call you today.")
    due = clock.now() + timedelta(hours=2)
    made = await promising.add(
        room, "", "R-1", WORDS, due_at=due, owner="bo", ticket=" https://desk.example/t/88 "
    )
    assert made.entry.text == f"P-1 in R-1, bo by 05:07: {WORDS}"
    one = made.incident.promised["P-1"]
    assert (one.reply, one.mention, one.words) == ("R-1", next(iter(made.incident.mentions)), WORDS)
    assert (one.due_at, one.owner, one.ticket) == (due, "bo", "https://desk.example/t/88")
    assert (one.state, one.by) == ("open", "ada")
    kept = await promising.keep(as_(room, "bo"), "", "P-1", "rang her at four")
    assert kept.entry.text == f"kept: P-1 to @pat@social.example: {WORDS}: rang her at four"
    one = kept.incident.promised["P-1"]
    assert (one.state, one.closed_by, one.outcome) == ("kept", "bo", "rang her at four")
    for act in (promising.keep(room, "", "P-1"), promising.drop(room, "", "P-1", "no")):
        with pytest.raises(Refused, match="P-1 was kept by bo already"):
            await act


async def test_a_late_promise_is_told_of_once(room: Room, clock: ManualClock) -> None:
    await declared(room)
    await reply(room, "We call you.")
    await promising.add(room, "", "R-1", WORDS, due_at=clock.now() + timedelta(minutes=20))
    clock.advance(30 * 60)
    state = (await promising.add(room, "", "R-1", "a letter")).incident
    lines = [e.text for e in await reading.timeline(room) if e.kind == "clock.late"]
    assert lines.count(f"late: promise P-1: {WORDS}") == 1
    running = {one.id: one.state for one in clocks(state, clock.now())}
    assert running["promise:P-1"] == "overdue"
    assert "promise:P-2" not in running
    state = (await promising.drop(room, "", "P-1", "she hung up; she knows")).incident
    assert state.promised["P-1"].state == "dropped"
    assert "promise:P-1" not in {one.id for one in clocks(state, clock.now())}
    lines = [e.text for e in await reading.timeline(room) if e.kind == "clock.late"]
    assert lines.count(f"late: promise P-1: {WORDS}") == 1


async def test_what_is_asked_of_a_promise(room: Room, clock: ManualClock) -> None:
    await declared(room, WITH_TEAM)
    await reply(room, "We call you.")
    with pytest.raises(Refused, match="lies in the past"):
        await promising.add(room, "", "R-1", WORDS, due_at=clock.now())
    with pytest.raises(Usage, match="what was promised"):
        await promising.add(room, "", "R-1", " ")
    with pytest.raises(Usage, match="has no reply R-9") as refused:
        await promising.add(room, "", "R-9", WORDS)
    assert refused.value.hint == "one of R-1"
    with pytest.raises(Usage, match="mallory is not in the team"):
        await promising.add(room, "", "R-1", WORDS, owner="mallory")
    for ticket in ("javascript:alert(1)", "desk 88", "https://a\u202eb.example/"):
        with pytest.raises(Usage, match="the ticket is no link"):
            await promising.add(room, "", "R-1", WORDS, ticket=ticket)
    with pytest.raises(Refused, match="at line 1, column 1"):
        await promising.add(room, "", "R-1", "\x1b[2J")
    with pytest.raises(Usage, match="has no promise P-1"):
        await promising.keep(room, "", "P-1")
    with pytest.raises(Usage, match="were they told"):
        await promising.drop(room, "", "P-1", " ")
    role = await promising.add(room, "", "R-1", WORDS, owner="legal")
    assert role.incident.promised["P-1"].owner == "legal"
    mine = await promising.add(room, "", "R-1", WORDS, command_id="one")
    again = await promising.add(room, "", "R-1", WORDS, command_id="one")
    assert mine.incident.promised["P-2"].owner == "ada"
    assert list(again.incident.promised) == ["P-1", "P-2"]
    await words.withdraw(room, "INC-1", "R-1", "not now")
    with pytest.raises(Refused, match="R-1 was withdrawn"):
        await promising.add(room, "", "R-1", WORDS)


async def test_without_a_team_anybody_keeps_it(room: Room) -> None:
    await declared(room)
    await reply(room, "We call you.")
    made = await promising.add(room, "", "R-1", WORDS, owner="the night desk")
    assert made.incident.promised["P-1"].owner == "the night desk"
    known = await lifecycle.before_the_end(room, made.incident)
    assert f"promise P-1 to @pat@social.example is open: {WORDS}" in known.loose


async def test_the_settings_say_who_is_in_the_team(room: Room) -> None:
    await declared(room)
    await reply(room, "We call you.")
    await apply_config(room, WITH_TEAM, "crisisroom.yaml")
    with pytest.raises(Usage, match="not in the team"):
        await promising.add(room, "", "R-1", WORDS, owner="the night desk")
