"""Telling people when things go wrong: ways in doubt, deaths, nights; and what is said of it."""

from __future__ import annotations

import msgspec
import pytest
from room.people import PLAN, as_
from watch.paging import AGAIN, TOLD, Answer, Died, Ground, InDoubt, NotDelivered, ground

from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, lifecycle, notifying, notifying_looking, tasks
from crisisroom.room.settings import apply_config

replace = msgspec.structs.replace


@pytest.fixture
async def there(room: Room, clock: ManualClock, fetch: Fetcher) -> Ground:
    return await ground(room, clock, fetch)


async def declare(there: Ground) -> None:
    await lifecycle.declare(as_(there.room, "ada"), "Kettles", playbook=PLAN, severity="sev1")


async def test_a_way_that_never_answers_clearly_is_one_that_fails(there: Ground) -> None:
    there.pings.fails, there.pings.well = InDoubt("503 Service Unavailable"), False
    await declare(there)
    await there.work()
    assert there.letters.people == ["bo"]
    await there.work(30)
    assert "A way to people fails, pings." in there.letters.texts[-1]
    assert [name for name, _ in (await notifying_looking.standing(there.room)).failing] == ["pings"]
    await there.work(300)
    assert sum("way to people" in text for text in there.letters.texts) <= 2
    there.pings.fails, there.pings.well = None, True
    await there.work(121)
    await there.work()
    assert ("notifier", "over") in await there.state("bo")
    assert (await notifying_looking.standing(there.room)).failing == ()


async def test_our_own_death_is_not_the_fault_of_the_way(there: Ground) -> None:
    await declare(there)
    there.pings.dies = "after"
    with pytest.raises(Died):
        await there.work()
    await notifying.acknowledge(as_(there.room, "bo"), "PAGE-1")
    there.pings.dies = ""
    there.notifier = there.fresh()
    await there.work()
    assert there.pings.people == ["bo"]
    assert (await notifying_looking.standing(there.room)).failing == ()


async def test_a_death_between_two_ways_goes_on_by_the_second(there: Ground) -> None:
    there.pings.fails = NotDelivered("connection refused", away=True)
    there.letters.dies = "before"
    await declare(there)
    with pytest.raises(Died):
        await there.work()
    there.letters.dies = ""
    there.notifier = there.fresh()
    await there.work()
    assert there.letters.people == ["bo"]
    assert ("declared", "open") in await there.state("bo")
    assert "dee" not in there.pings.people + there.letters.people


async def test_what_may_have_come_twice_is_said_to(there: Ground) -> None:
    await declare(there)
    there.pings.dies = "after"
    with pytest.raises(Died):
        await there.work()
    there.pings.dies = ""
    there.notifier = there.fresh()
    await there.work()
    assert there.pings.people == ["bo", "bo"]
    (told,) = await there.entries("page.sent")
    assert told == "told bo by ntfy: PAGE-1, perhaps twice: a watcher died while it went out"


async def test_a_test_page_that_waits_for_the_morning_may_be_answered_all_its_time(
    there: Ground,
) -> None:
    """Three at night in Berlin: cy is left alone until seven, and then has two hours."""
    await notifying.send_test(there.room, "cy")
    await there.work()
    await there.work(3 * 3600)
    assert not there.pings.taken
    assert await there.state("cy") == [("test", "open")]
    await there.work(3600)
    assert there.pings.people == ["cy"]
    await there.work(3600)
    assert await there.state("cy") == [("test", "open")]
    await there.work(3600)
    assert await there.state("cy") == [("test", "unanswered")]


async def test_a_colleague_who_reacts_in_a_shared_room_is_who_has_it(there: Ground) -> None:
    team = tuple(replace(one, handles=(f"@{one.id}:acme.example",)) for one in TOLD.team)
    await apply_config(there.room, replace(TOLD, team=team), "x.yaml")
    there.notifier = there.fresh()
    await declare(there)
    await there.work()
    there.pings.answering = [Answer(remote="pings-1", by="@Dee:acme.example")]
    await there.work(10)
    assert await there.entries("page.acknowledged") == ["dee acknowledged PAGE-1, by ntfy"]


async def test_what_wants_no_answer_is_not_called_unanswered(there: Ground) -> None:
    there.pings.fails = NotDelivered("connection refused")
    await lifecycle.declare(as_(there.room, "bo"), "Kettles", playbook=PLAN, severity="sev3")
    await tasks.assign(as_(there.room, "ada"), "INC-1", "pause", "dee")
    await there.work()
    for _ in range(4):
        await there.work(AGAIN)
    assert ("task", "unanswered") in await there.state("dee")
    assert not [one for one in await there.entries("page.unanswered") if "PAGE-1" in one]
    assert "could not tell dee: PAGE-1 (ntfy: connection refused)" in (
        await there.entries("page.sent")
    )


async def test_each_way_says_how_to_answer_on_it(there: Ground) -> None:
    await declare(there)
    await there.work()
    await there.work(AGAIN)
    by_push, by_mail = there.pings.texts[0].splitlines(), there.letters.texts[0].splitlines()
    assert by_push[1] == "Acknowledge: the button, or crisisroom notify ack PAGE-1"
    assert by_mail[1] == (
        "Acknowledge: crisisroom notify ack PAGE-1 (nobody reads an answer to this mail)"
    )
    assert by_push[::2] == by_mail[::2]
