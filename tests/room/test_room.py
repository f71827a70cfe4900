"""The room itself: commands that repeat, settings that change, incidents that are named."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from room.people import PLAN, SETTINGS, TEAM, WITH_TEAM, as_, declared, names_beside, post

from crisisroom.clock import ManualClock
from crisisroom.config import Member
from crisisroom.core.apply import documents, replay
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import flaws
from crisisroom.room import (
    Actor,
    Room,
    approvals,
    facts,
    lifecycle,
    reading,
    record,
    roles,
    tasks,
    triage,
    words,
)
from crisisroom.room.settings import apply_config, is_new
from crisisroom.store import Tx, log, settings


async def test_a_new_room_opens_once(address: str, clock: ManualClock) -> None:
    actor = Actor("ada")
    rooms = await asyncio.gather(*(Room.open(address, actor=actor, clock=clock) for _ in range(3)))
    entries = await reading.room_log(rooms[0])
    assert [entry.kind for entry in entries] == ["room.opened"]
    assert await is_new(rooms[1])
    for room in rooms:
        await room.close()


async def test_an_address_of_another_kind_is_refused(clock: ManualClock) -> None:
    with pytest.raises(Usage, match="a room is a file, or postgresql://"):
        await Room.open("mysql://db/room", actor=Actor("ada"), clock=clock)


async def test_acts_leave_entries_and_the_state_follows(room: Room) -> None:
    acted = await declared(room)
    assert (acted.incident.id, acted.incident.status) == ("INC-1", "open")
    assert [entry.kind for entry in acted.entries] == ["incident.declared", "mention.linked"]
    noted = await record.note(room, "", "a van of the press is outside")
    assert noted.entry.seq == 3
    assert noted.incident.seq == 3
    assert (await reading.incident(room)).head_hash == noted.entry.hash


async def test_a_repeated_command_does_nothing_twice(room: Room) -> None:
    first = await lifecycle.declare(room, "Once", playbook=PLAN, command_id="c1")
    again = await lifecycle.declare(room, "Once", playbook=PLAN, command_id="c1")
    assert again.entries == first.entries
    assert len(await reading.incidents(room)) == 1
    noted = await record.note(room, "", "once", command_id="c2")
    assert (await record.note(room, "", "once", command_id="c2")).entries == noted.entries
    approved = await approvals.approve_words(room, PLAN, command_id="c3")
    assert await approvals.approve_words(room, PLAN, command_id="c3") == approved != ()
    assert len(await reading.timeline(room)) == first.incident.seq + 1


async def test_a_command_repeated_at_the_same_moment_happens_once(room: Room) -> None:
    await declared(room)
    outcomes = await asyncio.gather(
        *(record.note(as_(room, "bo"), "", "once", command_id="same") for _ in range(8))
    )
    assert len({acted.entry.uid for acted in outcomes}) == 1


async def test_what_is_to_be_named_is_named(room: Room) -> None:
    with pytest.raises(Usage, match="no incident is open"):
        await record.note(room, "", "words")
    await declared(room)
    await lifecycle.declare(room, "Another", playbook=PLAN)
    with pytest.raises(Usage, match="INC-2 Another, INC-1 Kettles"):
        await record.note(room, "", "words")
    for name in ("INC-9", "INC-x", "", "9" * 30, "INC-" + "1" * 6000, "INC-١", "INC--1"):
        with pytest.raises(Usage):
            await record.note(room, name, "words")
    for name in ("inc-2", "2", "INC-2"):
        assert (await record.note(room, name, "words")).incident.id == "INC-2"
    for name in ("M-9", "M-" + "9" * 40, "M-" + "9" * 6000, "x", ""):
        with pytest.raises(Usage, match="there is no mention"):
            await reading.mention(room, name)


async def test_times_are_when_it_happened(room: Room, clock: ManualClock) -> None:
    await declared(room)
    earlier = clock.now() - timedelta(minutes=12)
    noted = await record.note(room, "", "the first call", at=earlier)
    assert (noted.entry.at, noted.entry.recorded_at) == (earlier, clock.now())
    later = clock.now() + timedelta(minutes=2)
    with pytest.raises(Refused, match="lies in the future"):
        await record.note(room, "", "tomorrow", at=later)
    with pytest.raises(Refused, match="lies in the future"):
        await lifecycle.declare(room, "Tomorrow", playbook=PLAN, at=later)


async def test_settings_are_logged_and_known_to_those_who_are_already_here(
    room: Room, address: str, clock: ManualClock
) -> None:
    lines = await apply_config(room, SETTINGS, "crisisroom.yaml")
    assert any(line.startswith("name:") for line in lines)
    assert await apply_config(room, SETTINGS, "crisisroom.yaml") == ()
    await declared(room)
    async with await Room.open(address, actor=Actor("cy"), clock=clock) as other:
        await apply_config(other, WITH_TEAM, "crisisroom.yaml")
    assert _team(room) == ()  # this one has not looked yet
    with pytest.raises(Usage, match="not in the team"):
        await tasks.assign(room, "", "pause", "mallory")
    assert _team(room) == TEAM
    kinds = [entry.kind for entry in await reading.room_log(room)]
    assert kinds == ["room.opened", "config.applied", "config.applied"]
    assert list(flaws(await reading.room_log(room))) == []


def _team(room: Room) -> tuple[Member, ...]:
    return room.config.team


async def test_a_team_formed_meanwhile_ends_self_approval(
    room: Room, address: str, clock: ManualClock
) -> None:
    await declared(room)
    saved = await words.save_reply(room, "", "M-1", "our own words")
    await words.submit(room, "", saved.thing.id)
    async with await Room.open(address, actor=Actor("cy"), clock=clock) as other:
        await apply_config(other, WITH_TEAM, "crisisroom.yaml")
    with pytest.raises(Refused, match="their own words"):
        await words.approve(room, "", saved.thing.id, saved.thing.sha256)


async def test_the_projections_are_those_of_the_log(room: Room) -> None:
    acted = await declared(room)
    await tasks.done(room, "", "pause")
    await facts.set_fact(room, "", "product", "the kettle")
    await roles.take(room, "", "lead")
    await triage.unlink(room, "", "M-1")
    chain = acted.incident.uid
    entries = await reading.timeline(room)
    told = replay(entries)
    assert isinstance(told, Incident)
    assert list(flaws(entries)) == []
    assert await room.store.read(lambda tx: log.projection(tx, chain)) == documents(told)
    assert await reading.incident(room) == told


async def test_readers_see_what_was_just_done_also_from_elsewhere(
    room: Room, address: str, clock: ManualClock
) -> None:
    await declared(room)
    async with await Room.open(address, actor=Actor("bo"), clock=clock) as other:
        for number in range(5):
            await record.note(room if number % 2 else other, "", f"note {number}")
            states = [await reading.incident(one) for one in (room, other)]
            assert states[0] == states[1]
            assert states[0].seq == 3 + number


async def test_changes_tell_of_acts_here_and_elsewhere(
    room: Room, address: str, clock: ManualClock
) -> None:
    await declared(room)
    after = await reading.latest_change(room)
    seen: list[str] = []

    async def follow() -> None:
        async for batch in room.changes(after):
            seen.extend(f"{change.topic}:{change.ref}" for change in batch)
            if len(seen) >= 4:
                return

    following = asyncio.ensure_future(follow())
    async with await Room.open(address, actor=Actor("bo"), clock=clock) as other:
        await record.note(other, "", "from elsewhere")
        await record.note(room, "", "from here")
        await triage.claim(other, "M-1")
        await asyncio.wait_for(following, 20)
    assert seen == ["entry:3", "entry:4", "mention:1-1", "click:M-1", "entry:5"]


async def test_a_refusal_leaves_no_trace(room: Room) -> None:
    await declared(room)
    before = await reading.timeline(room)
    with pytest.raises(Refused):
        await tasks.done(room, "", "ask", "asked")  # waits for a fact
    with pytest.raises(Refused, match="control character"):
        await record.note(room, "", "bell\x07")
    with pytest.raises(Refused, match="half a character"):
        await record.note(room, "", "half \ud800")
    assert await reading.timeline(room) == before


async def test_what_was_thought_of_a_failed_transaction_is_forgotten(
    room: Room, address: str, clock: ManualClock
) -> None:
    before = await declared(room)
    edited = post("my kettle was warm", "p1")

    async def work(tx: Tx) -> None:
        await triage.take_in(tx, room, [edited])  # leaves an entry, and its state in the cache
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        await room.store.write(work)
    async with await Room.open(address, actor=Actor("bo"), clock=clock) as other:
        await facts.set_fact(other, "", "product", "the X1")  # takes the number of the lost entry
    noted = await record.note(room, "", "goes on")
    assert noted.entry.seq == before.incident.seq + 3  # the fact put a task on the list, too
    assert [one.quote for one in noted.incident.mentions.values()] == ["my kettle is on fire"]
    assert noted.incident.facts["product"].value == "the X1"
    assert replay(await reading.timeline(room)) == noted.incident == await reading.incident(room)


async def test_a_room_with_broken_settings_lets_go_of_its_file(
    address: str, clock: ManualClock
) -> None:
    room = await Room.open(address, actor=Actor("ada"), clock=clock)
    await room.store.write(lambda tx: settings.put(tx, "config", "not json"))
    await room.close()
    with pytest.raises(msgspec.DecodeError):
        await Room.open(address, actor=Actor("ada"), clock=clock)
    if room.store.kind == "sqlite":
        assert names_beside(address) == {"room.db", "room.db-gate", "room.db-turn"}  # tidied up
