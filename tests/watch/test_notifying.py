"""Telling people: who is told, by which way, in which words, and what ends it."""

from __future__ import annotations

import msgspec
import pytest
from room.people import PLAN, as_
from watch.paging import AGAIN, TOLD, Answer, Died, Ground, InDoubt, NotDelivered, ground

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Unavailable, Usage
from crisisroom.core.playbook import Reach
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, lifecycle, notifying, notifying_answers, notifying_steps, roles
from crisisroom.room.settings import apply_config


@pytest.fixture
async def there(room: Room, clock: ManualClock, fetch: Fetcher) -> Ground:
    return await ground(room, clock, fetch)


async def declare(there: Ground, severity: str = "sev1") -> None:
    await lifecycle.declare(
        as_(there.room, "ada"), "Kettles overheat", playbook=PLAN, severity=severity
    )


async def test_a_grave_incident_wakes_whoever_is_on_duty_once(there: Ground) -> None:
    await declare(there)
    await there.work()
    assert there.pings.people == ["bo"]
    ((to, message),) = there.pings.taken
    assert (to, message.title) == ("crisis-bo", "crisisroom: PAGE-1, INC-1 SEV1")
    assert message.text.splitlines() == [
        "An incident was declared, INC-1 SEV1.",
        "Acknowledge: the button, or crisisroom notify ack PAGE-1",
        "Look: crisisroom brief INC-1",
    ]
    assert message.urgent
    assert "Kettles" not in message.text
    await there.work()
    await there.work(AGAIN / 2)
    assert there.pings.people == ["bo"]
    assert not there.letters.taken
    assert await there.entries("page.sent") == ["told bo by ntfy: PAGE-1"]


async def test_a_small_incident_wakes_nobody_until_it_grows(there: Ground) -> None:
    await declare(there, "sev3")
    await there.work()
    assert not there.pings.taken
    await lifecycle.severity(as_(there.room, "ada"), "INC-1", "sev2", "a child was burnt")
    await there.work()
    assert there.pings.people == ["bo"]
    await lifecycle.severity(as_(there.room, "ada"), "INC-1", "sev3", "it was another kettle")
    await lifecycle.severity(as_(there.room, "ada"), "INC-1", "sev2", "it was not")
    await there.work()
    assert there.pings.people == ["bo"]


async def test_nobody_answers_so_the_next_way_and_then_the_next_person(there: Ground) -> None:
    await declare(there)
    await there.work()
    await there.work(AGAIN)
    assert (there.pings.people, there.letters.people) == (["bo"], ["bo"])
    await there.work(AGAIN)
    await there.work()
    assert there.pings.people == ["bo", "dee"]
    await there.work(AGAIN)
    assert there.letters.people == ["bo", "dee"]
    assert "(told once before)" in there.pings.texts[-1]
    for _ in range(40):
        await there.work(AGAIN)
    assert await there.state("bo") == [("declared", "unanswered")]
    assert await there.state("dee") == [("declared", "unanswered")]
    counts = [there.pings.people.count("bo"), there.letters.people.count("dee")]
    assert counts == [TOLD.notifying.rounds] * 2
    told = await there.entries("page.unanswered")
    assert told == ["bo did not answer PAGE-1", "dee did not answer PAGE-2"]


async def test_an_acknowledgement_stops_it_for_everybody(there: Ground) -> None:
    await declare(there)
    await there.work()
    await there.work(AGAIN)
    await there.work(AGAIN)
    await there.work()
    assert there.pings.people == ["bo", "dee"]
    done = await notifying.acknowledge(as_(there.room, "dee"), "page-1", "I am up")
    assert {one.closed_by for one in done} == {"dee"}
    for _ in range(5):
        await there.work(AGAIN)
    assert there.pings.people == ["bo", "dee"]
    assert there.letters.people == ["bo"]
    assert await there.entries("page.acknowledged") == ["dee acknowledged PAGE-1, PAGE-2: I am up"]
    again = await notifying.acknowledge(as_(there.room, "bo"), "PAGE-2")
    assert {one.closed_by for one in again} == {"dee"}
    assert len(await there.entries("page.acknowledged")) == 1


async def test_an_answer_from_outside_needs_the_code_of_the_message(there: Ground) -> None:
    await declare(there)
    await there.work()
    message = there.pings.taken[0][1]
    assert message.answer.startswith("ack PAGE-1 ")
    for wrong in ("ack PAGE-1 " + "0" * 24, "ack PAGE-1", message.answer + " x", "", "é" * 300):
        there.pings.answering = [Answer(words=wrong)]
        await there.work(10)
        assert await there.state("bo") == [("declared", "open")]
    there.pings.answering = [Answer(words=message.answer)]
    await there.work(10)
    assert await there.state("bo") == [("declared", "acknowledged")]
    assert await there.entries("page.acknowledged") == ["bo acknowledged PAGE-1, by ntfy"]


async def test_a_reaction_to_a_message_of_ours_answers_it(there: Ground) -> None:
    await declare(there)
    await there.work()
    there.pings.answering = [Answer(remote="pings-9"), Answer(remote="pings-1", by="@bo:acme")]
    await there.work(10)
    assert await there.state("bo") == [("declared", "acknowledged")]


async def test_what_is_done_needs_no_answer_any_more(there: Ground) -> None:
    await declare(there)
    await there.work()
    await there.work(60)
    await roles.hand_over(as_(there.room, "bo"), "INC-1", "lead", "dee")
    await there.work()
    assert there.pings.people == ["bo", "dee"]
    assert "offered a part" in there.pings.texts[1]
    await roles.accept(as_(there.room, "dee"), "INC-1", "lead")
    await there.work()
    assert await there.state("dee") == [("offer", "over")]


async def test_a_way_that_fails_is_left_for_the_next_at_once(there: Ground) -> None:
    there.pings.fails, there.pings.well = NotDelivered("connection refused", away=True), False
    await declare(there)
    await there.work()
    assert there.letters.people == ["bo"]
    told = await there.entries("page.sent")
    assert told == ["told bo by email: PAGE-1 (not by ntfy: connection refused)"]
    await there.work(30)
    assert there.letters.people == ["bo", "bo"]
    assert "A way to people fails, pings." in there.letters.texts[1]
    there.pings.fails, there.pings.well = None, True
    await there.work(100)
    await there.work(1)
    assert ("notifier", "over") in await there.state("bo")


async def test_two_addresses_by_one_way_are_tried_one_after_the_other(there: Ground) -> None:
    """The second one where the first does not answer; an answer by either counts."""
    two = (Reach("ntfy", "crisis-bo-1"), Reach("ntfy", "crisis-bo-2"))
    team = [msgspec.structs.replace(one, reach=two) if one.id == "bo" else one for one in TOLD.team]
    await apply_config(there.room, msgspec.structs.replace(TOLD, team=tuple(team)), "x.yaml")
    there.notifier = there.fresh()
    await declare(there)
    await there.work()
    await there.work(AGAIN)
    assert [to for to, _ in there.pings.taken] == ["crisis-bo-1", "crisis-bo-2"]
    waiting = await notifying_answers.awaited(there.room.for_machine())
    assert [one.to for one in waiting["pings"]] == ["crisis-bo-1", "crisis-bo-2"]


async def test_a_repeated_test_is_the_first_one(there: Ground) -> None:
    (first,) = await notifying.send_test(there.room, "ada", command_id="c1")
    (again,) = await notifying.send_test(there.room, "ada", command_id="c1")
    assert again.id == first.id
    assert len(await there.pages()) == 1


async def test_a_room_that_is_busy_costs_nobody_a_message(
    there: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise Unavailable("busy", "somebody else writes")

    await declare(there)
    with monkeypatch.context() as held:
        held.setattr(notifying_steps, "begin", busy)
        with pytest.raises(Unavailable):
            await there.work()
    await there.work()
    assert there.pings.people == ["bo"]


async def test_a_way_that_refuses_us_is_well_only_when_it_took_something(there: Ground) -> None:
    there.pings.fails = NotDelivered("that token is none")
    await declare(there)
    for _ in range(4):
        await there.work(100)
    there.pings.fails = None
    assert ("notifier", "open") in await there.state("bo")
    for _ in range(4):
        await there.work(AGAIN)
    assert ("notifier", "over") in await there.state("bo")


async def test_with_nothing_left_it_is_loud(there: Ground) -> None:
    there.pings.fails = there.letters.fails = NotDelivered("connection refused")
    await declare(there)
    for _ in range(12):
        await there.work(AGAIN)
    assert ("declared", "unanswered") in await there.state("bo")
    assert ("declared", "unanswered") in await there.state("dee")
    told = await there.entries("page.sent")
    assert told[0].startswith("could not tell bo: PAGE-1 (ntfy: connection refused; email: ")


async def test_a_message_in_doubt_goes_by_the_next_way_too(there: Ground) -> None:
    there.pings.fails = InDoubt("no answer")
    await declare(there)
    await there.work()
    assert there.letters.people == ["bo"]


@pytest.mark.parametrize("dies", ["before", "after"])
@pytest.mark.parametrize("looks", [True, False])
async def test_a_death_while_sending_loses_nothing(there: Ground, dies: str, looks: bool) -> None:
    there.pings.looks = looks
    await declare(there)
    there.pings.dies = dies
    with pytest.raises((Died, BaseExceptionGroup)):
        await there.work()
    there.pings.dies = ""
    there.notifier = there.fresh()
    await there.work()
    sent = 1 if dies == "before" or looks else 2
    assert there.pings.people == ["bo"] * sent
    assert len({message.id for _, message in there.pings.taken}) == 1
    await there.work()
    there.notifier = there.fresh()
    await there.work()
    assert there.pings.people == ["bo"] * sent
    assert await there.state("bo") == [("declared", "open")]


async def test_dying_again_and_again_sends_no_third_one(there: Ground) -> None:
    await declare(there)
    there.pings.dies = "after"
    for _ in range(4):
        there.notifier = there.fresh()
        try:
            await there.work()
        except Died:
            continue
    assert there.pings.people == ["bo", "bo"]


async def test_what_is_not_important_waits_for_the_morning_and_comes_as_one(
    there: Ground, clock: ManualClock
) -> None:
    """Two at night in Berlin: cy is left alone until seven."""
    from crisisroom.room import tasks

    await declare(there, "sev3")
    await tasks.assign(as_(there.room, "ada"), "INC-1", "pause", "cy")
    await tasks.assign(as_(there.room, "ada"), "INC-1", "ask", "cy")
    await there.work(61)
    assert not there.pings.taken
    await there.work(3600)
    assert not there.pings.taken
    await there.work(4 * 3600)
    assert there.pings.people == ["cy"]
    assert there.pings.texts == ["2 tasks are yours now, INC-1 SEV3.\nLook: crisisroom status"]
    assert (there.pings.taken[0][1].urgent, there.pings.taken[0][1].answer) == (False, "")
    await there.work(AGAIN)
    assert there.pings.people == ["cy"]
    assert await there.state("cy") == [("task", "told"), ("task", "told")]


async def test_what_is_important_breaks_the_quiet(there: Ground) -> None:
    from crisisroom.room import roles

    await declare(there, "sev3")
    await roles.hand_over(as_(there.room, "bo"), "INC-1", "lead", "dee")
    quiet = msgspec.structs.replace(TOLD.team[3], notify=TOLD.team[2].notify)
    team = (*TOLD.team[:3], quiet)
    await apply_config(there.room, msgspec.structs.replace(TOLD, team=team), "x.yaml")
    there.notifier = there.fresh()
    await there.work()
    assert there.pings.people == ["dee"]


async def test_a_test_page_is_for_each_and_told_of_when_missed(there: Ground) -> None:
    await notifying.send_test(there.room, "ada")
    await there.work()
    assert there.pings.people == ["ada"]
    assert "This is a test page." in there.pings.texts[0]
    await there.work(AGAIN)
    assert there.letters.people == ["ada"]
    await there.work(3 * 3600)
    assert await there.state("ada") == [("test", "unanswered")]
    await there.work(61)
    assert there.pings.people == ["ada", "dee"]
    assert "test page was not acknowledged, ada" in there.pings.texts[1]
    with pytest.raises(Usage):
        await notifying.send_test(there.room, "zoe")


async def test_who_may_not_see_an_incident_hears_nothing_of_it(there: Ground) -> None:
    from crisisroom.room import restricting

    await declare(there)
    await restricting.restrict(as_(there.room, "ada"), "INC-1", ("ada", "dee"))
    await there.work()
    assert there.pings.people == ["dee"]
    with pytest.raises(Usage):
        await notifying.acknowledge(as_(there.room, "bo"), "PAGE-1")


async def test_who_may_see_it_no_longer_hears_no_more_of_it(there: Ground) -> None:
    from crisisroom.room import restricting

    await declare(there)
    await there.work()
    assert there.pings.people == ["bo"]
    await restricting.restrict(as_(there.room, "ada"), "INC-1", ("ada", "dee"))
    for _ in range(4):
        await there.work(AGAIN)
    assert there.pings.people == ["bo"]
    assert not there.letters.taken
    assert await there.state("bo") == [("declared", "over")]


async def test_a_drill_reaches_nobody(there: Ground) -> None:
    await lifecycle.declare(
        as_(there.room, "ada"), "Rehearsal", playbook=PLAN, severity="sev1", drill=True
    )
    await there.work()
    assert not there.pings.taken
    assert await there.entries("page.sent") == ["told bo by ntfy: PAGE-1"]
