"""The fact sheet: kinds of values, who confirms, what changed, and what waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from room.growing import rich
from room.people import WITH_TEAM, as_

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.evidence import waits_on
from crisisroom.room import Room, facts, reading, roles, tasks


@pytest.mark.parametrize(
    ("fact", "typed", "kept"),
    [
        ("hurt", "Nein", "no"),
        ("count", "1,200 kettles", "1,200"),
        ("place", "germany", "Germany"),
        ("aware", "-20m", "2026-11-22T01:47:00.000Z"),
        ("aware", "03:00", "2026-11-22T02:00:00.000Z"),
        ("cause", " a bad fuse ", " a bad fuse "),
    ],
)
async def test_a_value_is_kept_in_one_form(room: Room, fact: str, typed: str, kept: str) -> None:
    await rich(room)
    acted = await facts.set_fact(room, "", fact, typed)
    assert (acted.incident.facts[fact].state, acted.incident.facts[fact].value) == ("known", kept)


@pytest.mark.parametrize(
    ("fact", "typed", "hint"),
    [
        ("hurt", "maybe", "unknown"),
        ("count", "a lot", "1200"),
        ("place", "Frence", "Europe, Germany"),
        ("aware", "soon", "-20m"),
        ("hrut", "no", '"hurt"'),
    ],
)
async def test_what_does_not_fit_is_refused_with_advice(
    room: Room, fact: str, typed: str, hint: str
) -> None:
    await rich(room)
    with pytest.raises(Usage) as refused:
        await facts.set_fact(room, "", fact, typed)
    assert hint in refused.value.hint


async def test_texts_on_the_timeline_are_for_people(room: Room, clock: ManualClock) -> None:
    await rich(room)
    told = [
        (await facts.set_fact(room, "", *words)).entry.text
        for words in (
            ("count", "1,200"),
            ("aware", "-20m"),
            ("count", "1,300"),
            ("count", "", "unknown"),
            ("cause", "", "checking"),
            ("cause", "the fuse", "checking"),
        )
    ]
    assert told == [
        "fact: How many: 1,200 kettles",
        "fact: When we knew: 02:47",
        "fact changed: How many: 1,300 kettles",
        "fact: How many: unknown",
        "checks: Cause",
        "checks: Cause: the fuse",
    ]


async def test_another_value_makes_a_known_fact_changed(room: Room) -> None:
    await rich(room)
    await facts.set_fact(room, "", "count", "100", source="the shop")
    same = await facts.set_fact(room, "", "count", "100", source="the shop")
    assert not same.changed
    changed = await facts.set_fact(room, "", "count", "200")
    fact = changed.incident.facts["count"]
    assert (fact.state, fact.value, fact.source) == ("changed", "200", "")
    again = await facts.set_fact(room, "", "count", "300", source="the plant")
    assert again.incident.facts["count"].state == "changed"
    seen = (await facts.set_fact(room, "", "count")).incident.facts["count"]
    assert (seen.state, seen.value, seen.source) == ("known", "300", "the plant")


async def test_what_is_unknown_has_no_value_and_what_is_known_has_one(room: Room) -> None:
    await rich(room)
    with pytest.raises(Usage, match="an unknown fact has no value"):
        await facts.set_fact(room, "", "count", "5", "unknown")
    with pytest.raises(Usage, match="what is count"):
        await facts.set_fact(room, "", "count")
    with pytest.raises(Usage, match="a fact is not 'sure'"):
        await facts.set_fact(room, "", "count", "5", "sure")
    await facts.set_fact(room, "", "count", "5")
    with pytest.raises(Usage, match="what is count"):
        await facts.set_fact(room, "", "count", "", "changed")
    forgotten = await facts.set_fact(room, "", "count", "", "unknown", "it was another shop")
    assert (forgotten.incident.facts["count"].state, forgotten.incident.facts["count"].value) == (
        "unknown",
        "",
    )


async def test_whoever_holds_the_role_confirms(room: Room) -> None:
    await rich(room)
    alone = await facts.set_fact(room, "", "legal", "say nothing yet")
    assert alone.incident.facts["legal"].state == "known"  # nobody holds the role
    await roles.take(as_(room, "cy"), "", "legal")
    said = await facts.set_fact(room, "", "legal", "tell them", source="a call")
    fact = said.incident.facts["legal"]
    assert (fact.state, fact.value, fact.source, fact.by) == (
        "checking",
        "tell them",
        "a call",
        "ada",
    )
    assert said.entry.text == "checks: What counsel says: tell them; Legal (cy) confirms it"
    still = await facts.set_fact(room, "", "legal")
    assert still.incident.facts["legal"].state == "checking"
    sure = await facts.set_fact(as_(room, "cy"), "", "legal")
    fact = sure.incident.facts["legal"]
    assert (fact.state, fact.value, fact.source, fact.by) == ("known", "tell them", "a call", "cy")


async def test_history_says_who_said_what_when(room: Room, clock: ManualClock) -> None:
    await rich(room)
    await facts.set_fact(room, "", "count", "100", source="the shop")
    clock.advance(60)
    await facts.set_fact(room, "", "cause", "x")
    await facts.set_fact(as_(room, "bo"), "", "count", "200", source="the plant")
    told = await facts.history(room, "", "count")
    assert [(one.actor, one.data["value"], one.data["words"]) for one in told] == [
        ("ada", "100", "the shop"),
        ("bo", "200", "the plant"),
    ]
    assert told[1].at - told[0].at == timedelta(minutes=1)
    assert await facts.history(room, "", "hurt") == ()
    with pytest.raises(Usage, match="has no fact cont"):
        await facts.history(room, "", "cont")


async def test_a_task_behind_an_unknown_fact_waits_and_then_appears_in_its_own_time(
    room: Room, clock: ManualClock
) -> None:
    acted = await rich(room)
    task = acted.incident.tasks["doctor"]
    assert (task.state, task.waiting_for, task.due_at) == ("waiting", "fact: Is anybody hurt", None)
    assert waits_on(acted.incident, task) == ("fact.hurt",)
    with pytest.raises(Refused, match="waits for fact: Is anybody hurt") as refused:
        await tasks.done(room, "", "doctor")
    assert refused.value.hint == "crisisroom fact set INC-1 hurt VALUE"
    clock.advance(2 * 3600)
    known = await facts.set_fact(room, "", "hurt", "ja")
    task = known.incident.tasks["doctor"]
    assert (task.state, task.waiting_for) == ("open", "")
    assert task.due_at == clock.now() + timedelta(minutes=15)
    assert [(one.kind, one.actor, one.source) for one in known.followed] == [
        ("task.opened", "room", "rule")
    ]
    assert known.followed[0].text == "now to do: Ring whoever is hurt"
    assert known.followed[0] == (await reading.timeline(room))[-1]


async def test_a_task_that_the_facts_rule_out_is_not_needed(room: Room) -> None:
    await rich(room)
    known = await facts.set_fact(room, "", "hurt", "no")
    assert known.incident.tasks["doctor"].state == "not_needed"
    for act in (tasks.done(room, "", "doctor"), tasks.skip(room, "", "doctor", "so")):
        with pytest.raises(Refused, match="is not needed"):
            await act
    with pytest.raises(Refused, match="is not needed already"):
        await tasks.reopen(room, "", "doctor")
    back = await facts.set_fact(room, "", "hurt", "yes")
    assert back.incident.tasks["doctor"].state == "open"


async def test_a_team_member_without_the_role_only_checks(room: Room) -> None:
    await rich(room, WITH_TEAM)
    await roles.take(as_(room, "dee"), "", "legal")
    said = await facts.set_fact(as_(room, "bo"), "", "legal", "no comment yet")
    assert said.incident.facts["legal"].state == "checking"
