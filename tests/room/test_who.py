"""Who is here, what everybody holds, and all of it handed over at shift change."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta

import msgspec
import pytest
from room.crisis import running
from room.people import WITH_TEAM, as_, post

from crisisroom.clock import ManualClock
from crisisroom.config import Member
from crisisroom.core.drafts import SavedDraft, id_of_draft
from crisisroom.core.errors import Refused
from crisisroom.room import (
    Room,
    drafting,
    enquiries,
    places,
    reading,
    record,
    roles,
    shift,
    tasks,
    triage,
    who,
)
from crisisroom.room.looks import looks_at, on_mention, on_row
from crisisroom.room.meanwhile import meanwhile, since_when, told
from crisisroom.room.settings import apply_config
from crisisroom.store import places as rows
from crisisroom.store import processes
from crisisroom.store.places import Place, Presence
from crisisroom.store.processes import started_at


async def elsewhere(room: Room, name: str, beat_ago: float, **where: str) -> None:
    """Let somebody's screen be open on another machine, with a last sign of life."""
    now = room.clock.now()
    there = Presence(
        session=f"of-{name}", actor=name, pid=1, since=now,
        beat=now - timedelta(seconds=beat_ago),
        **{"host": "another-host", **where},  # type: ignore[arg-type]
    )  # fmt: skip
    place = Place(incident="", view="", mention="", cursor=0, extra={})
    await room.store.write(lambda tx: rows.enter(tx, there, place, now - timedelta(days=1)))


async def test_a_screen_elsewhere_is_here_as_long_as_it_beats(
    room: Room, clock: ManualClock
) -> None:
    await elsewhere(room, "bo", 0)
    clock.advance(75)
    assert [one.actor for one in await who.people(room)] == ["bo"]
    assert await places.beat(as_(room, "bo"), "of-bo")
    clock.advance(75)
    assert [one.actor for one in await who.people(room)] == ["bo"]
    clock.advance(1)
    assert await who.people(room) == ()


async def test_a_killed_screen_is_gone_and_one_of_another_container_is_not_mistaken(
    room: Room, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = await asyncio.create_subprocess_exec("sleep", "60")
    began = started_at(child.pid)
    with monkeypatch.context() as as_child:
        as_child.setattr(places, "_own_start", lambda: began)
        as_child.setattr("os.getpid", lambda: child.pid)
        await places.here(room, "killed", "", "1")
    (there,) = await who.people(room)
    assert there.host == socket.gethostname(), "people are told a name"
    child.kill()
    await child.wait()
    assert await who.people(room) == ()
    monkeypatch.setattr(processes, "here", lambda: f"{socket.gethostname()}~a~b~c")
    assert [one.session for one in await who.people(room)] == ["killed"], "its pid is not ours"
    clock.advance(76)
    assert await who.people(room) == ()


async def test_a_screen_of_an_older_program_is_looked_up_by_the_hosts_name(room: Room) -> None:
    await elsewhere(room, "bo", 300, host=socket.gethostname())
    assert [one.actor for one in await who.people(room)] == ["bo"], "pid 1 is alive"


async def test_a_beat_wakes_nobody(room: Room) -> None:
    await places.here(room, "s1", "", "1")
    head = await reading.latest_change(room)
    assert await places.beat(room, "s1")
    assert await reading.latest_change(room) == head
    assert not await places.beat(room, "a-screen-that-was-forgotten")


async def test_who_leaves_is_gone_at_once_and_their_place_keeps_when(
    room: Room, clock: ManualClock
) -> None:
    await places.here(room, "s1", "", "1")
    clock.advance(60)
    await places.gone(room, "s1")
    assert await who.people(room) == ()
    assert await since_when(room) == clock.now()


async def test_screens_without_a_sign_of_life_for_a_day_are_forgotten(
    room: Room, clock: ManualClock
) -> None:
    await elsewhere(room, "bo", 0)
    clock.advance(86_401)
    await places.here(room, "s1", "", "1")
    assert [one.actor for one in await room.store.read(rows.present)] == ["ada"]


async def test_an_observer_is_shown_as_one(room: Room) -> None:
    team = (*WITH_TEAM.team, Member("eve", "Eve", access="observer"))
    await apply_config(room, msgspec.structs.replace(WITH_TEAM, team=team), "crisisroom.yaml")
    await elsewhere(room, "eve", 0)
    (there,) = await who.people(room)
    assert there.access == "observer"
    (eve,) = [one for one in await who.who(room) if one.id == "eve"]
    assert (eve.here, eve.access, eve.busy) == (True, "observer", False)


async def test_what_is_done_on_a_screen_is_said(room: Room) -> None:
    await running(room, WITH_TEAM)
    await elsewhere(room, "bo", 0, incident="INC-1", view="1", mention="M-1", doing="reply")
    await elsewhere(room, "cy", 0, incident="INC-1", view="1", mention="M-1")
    await elsewhere(room, "dee", 0, incident="INC-1", view="3", at="task:pause")
    people = await who.people(room)
    assert sorted(looks_at(one) for one in people) == [
        "looks at M-1 in INC-1",
        "looks at task pause in INC-1",
        "replies to M-1 in INC-1",
    ]
    assert [one.actor for one in on_mention(people, "M-1", "ada")] == ["bo", "cy"]
    assert [one.actor for one in on_mention(people, "M-1", "bo")] == ["cy"]
    assert [one.actor for one in on_row(people, "INC-1", "task:pause", "ada")] == ["dee"]


async def crisis(room: Room) -> None:
    """Let an incident run, with one post that belongs to it."""
    await running(room, WITH_TEAM)
    await triage.ingest(room, [post("my kettle is on fire", "p1")])
    await triage.link(room, "", ["M-1"])


async def holding(room: Room) -> None:
    """Let ada hold a part, two tasks, an enquiry, a post and a draft."""
    await crisis(room)
    ada = as_(room, "ada")
    await roles.take(ada, "", "social")
    await tasks.assign(ada, "", "pause", "ada")
    await tasks.assign(ada, "", "ask", "ada")
    await enquiries.add(ada, "", "media", "Daily", "Is it safe?")
    await enquiries.assign(ada, "", "EQ-1", "ada")
    await triage.claim(ada, "M-1")
    text = SavedDraft(
        id=id_of_draft("reply", "INC-1", "M-1", "ada"), incident="INC-1", kind="reply",
        mention="M-1", actor="ada", text="Please unplug it", updated_at=room.clock.now(),
    )  # fmt: skip
    await drafting.autosave(ada, text)


async def test_everything_somebody_holds_is_named(room: Room) -> None:
    await holding(room)
    ada = await shift.holdings(as_(room, "ada"))
    assert [(one.kind, one.id) for one in ada.hands] == [
        ("role", "social"), ("task", "pause"), ("task", "ask"), ("enquiry", "EQ-1"),
    ]  # fmt: skip
    assert [one.id for one in ada.claims] == ["M-1"]
    assert [one.mention for one in ada.drafts] == ["M-1"]
    listed = [one.id for one in await who.who(room)]
    assert listed[0] == "ada", "who holds something comes before the rest of the team"
    assert {"bo", "cy", "dee"} < set(listed)


async def test_all_of_it_goes_to_who_accepts(room: Room, clock: ManualClock) -> None:
    await holding(room)
    ada, bo = as_(room, "ada"), as_(room, "bo")
    done = await shift.offer_all(ada, "bo", "the lab calls back at six")
    assert len(done.hands) == 4
    state = await reading.incident(room, "")
    assert state.offers["social"].person == "bo"
    assert state.tasks["ask"].assignee == "ada", "it waits for bo's answer"
    assert (await reading.mention(room, "M-1")).assignee == "ada"
    taken = await shift.take_all(bo, "ada")
    assert [one.id for one in taken.claims] == ["M-1"]
    assert taken.drafts == (id_of_draft("reply", "INC-1", "M-1", "ada"),)
    state = await reading.incident(room, "")
    assert state.roles["social"].holder == "bo"
    assert {state.tasks[one].assignee for one in ("pause", "ask")} == {"bo"}
    assert state.enquiries["EQ-1"].owner == "bo"
    assert (await reading.mention(room, "M-1")).assignee == "bo"
    assert not (await shift.holdings(ada)).hands
    with pytest.raises(Refused, match="ada holds nothing"):
        await shift.take_all(bo, "ada")


async def test_of_two_who_take_over_at_once_one_gets_all_of_it(room: Room) -> None:
    await holding(room)
    people = ("bo", "dee")
    results = await asyncio.gather(
        *(shift.take_all(as_(room, name), "ada") for name in people), return_exceptions=True
    )
    (lost,) = [one for one in results if isinstance(one, Refused)]
    (won,) = [one for one in results if isinstance(one, shift.Shift)]
    assert f": {won.taker} was first, just now: " in lost.message
    state = await reading.incident(room, "")
    assert {state.tasks[one].assignee for one in ("pause", "ask")} == {won.taker}
    assert state.enquiries["EQ-1"].owner == won.taker
    assert (await reading.mention(room, "M-1")).assignee == won.taker


async def test_a_take_over_that_breaks_off_takes_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await holding(room)
    before = await reading.incident(room, "")

    async def broken(*unused: object, **more: object) -> None:
        raise Refused("locked", "that post cannot be taken")

    monkeypatch.setattr(triage, "claim", broken)
    with pytest.raises(Refused, match="cannot be taken"):
        await shift.take_all(as_(room, "bo"), "ada")
    after = await reading.incident(room, "")
    assert (after.seq, after.tasks["pause"].assignee) == (before.seq, "ada")


async def test_nothing_is_taken_from_who_is_here_and_offers_nothing(room: Room) -> None:
    await holding(room)
    bo = as_(room, "bo")
    await elsewhere(room, "ada", 0)
    with pytest.raises(Refused, match="ada is here and has offered you nothing"):
        await shift.take_all(bo, "ada")
    await room.store.write(lambda tx: rows.leave(tx, "of-ada", "ada", room.clock.now()))
    await shift.take_all(bo, "ada")
    entries = await reading.timeline(room, "")
    assert any("ada has gone off shift" in one.text for one in entries)


async def test_without_a_part_things_are_given_at_once(room: Room) -> None:
    await crisis(room)
    ada = as_(room, "ada")
    await tasks.assign(ada, "", "ask", "ada")
    await triage.claim(ada, "M-1")
    await shift.offer_all(ada, "bo")
    assert (await reading.incident(room, "")).tasks["ask"].assignee == "bo"
    assert (await reading.mention(room, "M-1")).assignee == "bo"


async def test_a_part_that_the_successor_may_not_hold_stays(room: Room) -> None:
    await holding(room)
    done = await shift.offer_all(as_(room, "ada"), "cy")
    assert [(thing.id, why) for thing, why in done.left] == [
        ("social", "cy may not be Social media")
    ]
    with pytest.raises(Refused, match="already"):
        await shift.offer_all(as_(room, "ada"), "ada")
    with pytest.raises(Refused, match="nothing"):
        await shift.offer_all(as_(room, "dee"), "bo")


async def test_what_happened_meanwhile_is_of_the_others(room: Room, clock: ManualClock) -> None:
    await running(room, WITH_TEAM)
    ada, bo = as_(room, "ada"), as_(room, "bo")
    await places.here(ada, "s1", "", "1")
    await places.gone(ada, "s1")
    left = await since_when(ada)
    assert left is not None
    assert await since_when(as_(room, "nobody")) is None
    clock.advance(3600)
    await record.note(bo, "", "rang the plant")
    await tasks.assign(bo, "", "ask", "ada")
    await record.note(ada, "", "from the train")
    (found,) = await meanwhile(ada, left)
    assert "from the train" not in [one.text for one in found.entries]
    assert [one.kind for one in found.for_me] == ["task.assigned"]
    assert "bo" in told(found)
    assert told(found).endswith(", 1 for you")
    assert await meanwhile(ada, clock.now()) == ()
