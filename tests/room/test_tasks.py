"""Ticks: evidence of each kind, what repeats, what is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from room.growing import rich
from room.people import post

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.room import Room, facts, sending, statements, tasks, triage


async def refused(room: Room, task: str, given: str) -> Refused:
    with pytest.raises(Refused) as caught:
        await tasks.done(room, "", task, given)
    return caught.value


async def test_a_mention_counts_once_it_belongs_to_the_incident(room: Room) -> None:
    await rich(room)
    await triage.ingest(room, [post("it burns", "p1")])
    assert (await refused(room, "report", " ")).message.endswith(
        "asks for a mention of this incident, like M-12"
    )
    flaw = await refused(room, "report", "M-1")
    assert flaw.message == "M-1 is no mention of INC-1"
    assert flaw.hint == "link it first: crisisroom mention link INC-1 M-12"
    await triage.link(room, "", ["M-1"])
    done = await tasks.done(room, "", "report", "m-1 we rang her")
    assert done.incident.tasks["report"].given == "m-1 we rang her"


async def test_a_statement_counts_once_it_went_out(room: Room) -> None:
    await rich(room)
    assert (await refused(room, "out", "ST-1")).message == "INC-1 has no statement ST-1"
    saved = (await statements.draft(room, "", "inside")).thing
    assert "has not gone out: it is draft" in (await refused(room, "out", saved.id)).message
    await sending.send(room, "", saved.id, "by-hand")
    await sending.confirm(room, "", saved.id, url="https://intranet.example")
    assert (await tasks.done(room, "", "out", saved.id.lower())).incident.tasks[
        "out"
    ].state == "done"


async def test_a_fact_counts_once_it_is_known(room: Room) -> None:
    await rich(room)
    assert (await refused(room, "sheet", "cuont")).message == "INC-1 has no fact cuont"
    assert (await refused(room, "sheet", "count")).message == "How many is unknown"
    await facts.set_fact(room, "", "count", "5")
    assert (await tasks.done(room, "", "sheet", "count")).incident.tasks["sheet"].state == "done"


async def test_what_repeats_is_due_again(room: Room, clock: ManualClock) -> None:
    await rich(room)
    first = await tasks.done(room, "", "round", "quiet")
    task = first.incident.tasks["round"]
    assert (task.state, task.times, task.due_at) == ("open", 1, clock.now() + timedelta(minutes=30))
    clock.advance(20 * 60)
    second = await tasks.done(room, "", "round")
    assert second.entry.text == "done: Look at the feed, for the 2nd time"
    assert second.incident.tasks["round"].due_at == clock.now() + timedelta(minutes=30)
    back = await tasks.reopen(room, "", "round")
    assert (back.incident.tasks["round"].times, back.incident.tasks["round"].state) == (1, "open")
    await tasks.skip(room, "", "round", "the crowd sleeps")
    assert "skipped this" in (await refused(room, "round", "")).message


async def test_a_tick_is_taken_back_and_a_skip_needs_its_reason(room: Room) -> None:
    await rich(room)
    with pytest.raises(Refused, match="needs a reason"):
        await tasks.skip(room, "", "pause", " ")
    skipped = await tasks.skip(room, "", "pause", "nothing is planned")  # though it is required
    assert skipped.incident.tasks["pause"].given == "nothing is planned"
    with pytest.raises(Refused, match="is skipped already"):
        await tasks.skip(room, "", "pause", "again")
    with pytest.raises(Refused, match="ada skipped this") as caught:
        await tasks.done(room, "", "pause")
    assert caught.value.hint == "crisisroom task reopen INC-1 pause"
    assert (await tasks.reopen(room, "", "pause")).incident.tasks["pause"].state == "open"
    with pytest.raises(Refused, match="is open already"):
        await tasks.reopen(room, "", "pause")


async def test_what_waits_says_for_what_and_how_to_settle_it(room: Room) -> None:
    await rich(room)
    assert (await refused(room, "ask", "x")).hint == "crisisroom fact set INC-1 product VALUE"
    assert (await refused(room, "page", "x")).hint == "crisisroom task done INC-1 pause"
