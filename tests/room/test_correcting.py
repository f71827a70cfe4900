"""What is said of entries that stand: by whom, of which, and what stays as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from room.people import WITH_TEAM, as_, declared

from crisisroom.clock import ManualClock
from crisisroom.core import corrected
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.timeline import flaws
from crisisroom.room import Room, correcting, facts, reading, record, roles, tasks
from crisisroom.room.settings import apply_config


@pytest.fixture
async def team(room: Room) -> Room:
    """INC-1 with a team: cy is Legal, bo leads, ada is neither."""
    await declared(room)
    await apply_config(room, WITH_TEAM, "crisisroom.yaml")
    await roles.take(as_(room, "cy"), "", "legal")
    await roles.take(as_(room, "bo"), "", "lead")
    return room


async def test_a_correction_leaves_the_entry_and_the_chain_as_they_were(
    room: Room, clock: ManualClock
) -> None:
    await declared(room)
    noted = (await record.note(room, "", "the plant rang")).entry
    clock.advance(600)
    at = noted.at - timedelta(minutes=30)
    acted = await correcting.correct(room, "", noted.seq, "it was the shop", at=at)
    entries = await reading.timeline(room)
    assert entries[noted.seq - 1] == noted
    assert list(flaws(entries)) == []
    assert acted.entry.corrects == noted.seq
    assert acted.entry.text.endswith("it was at 02:37, not 03:07; it was the shop")
    assert corrected.at(acted.incident, noted) == at
    again = await correcting.correct(room, "", acted.entry.seq, at=at - timedelta(minutes=1))
    assert corrected.at(again.incident, noted) == at - timedelta(minutes=1)
    made = corrected.correction(again.incident, noted)
    assert made is not None
    assert made.words == "it was the shop"


async def test_what_took_place_in_the_room_keeps_its_time(room: Room, clock: ManualClock) -> None:
    await declared(room)
    at = clock.now() - timedelta(minutes=1)
    pinned = (await correcting.pin(room, "", 1)).entry
    with pytest.raises(Refused, match="nothing of its own"):
        await correcting.correct(room, "", pinned.seq, "x")
    clock.advance(600)
    late = next(one for one in (await tasks.done(room, "", "pause")).incident.fired if one)
    assert late
    entries = await reading.timeline(room)
    clocked = next(one for one in entries if one.kind == "clock.late")
    with pytest.raises(Refused, match="the room itself wrote it"):
        await correcting.correct(room, "", clocked.seq, at=at)
    told = await correcting.correct(room, "", clocked.seq, "it was done, nobody ticked it")
    assert told.entry.corrects == clocked.seq
    with pytest.raises(Usage, match="needs words, or a time"):
        await correcting.correct(room, "", 1)
    with pytest.raises(Refused) as raised:
        await correcting.correct(room, "", 1, at=clock.now() + timedelta(hours=1))
    assert raised.value.code == "future"


async def test_a_fact_is_not_learned_before_what_is_newer(room: Room, clock: ManualClock) -> None:
    await declared(room)
    clock.advance(600)
    await facts.set_fact(room, "", "product", "the X1 kettle")
    early = clock.now() - timedelta(minutes=5)
    with pytest.raises(Refused, match="which is later") as raised:
        await facts.set_fact(room, "", "product", "the X2 kettle", at=early)
    assert "fact history INC-1 product" in raised.value.hint
    acted = await facts.set_fact(room, "", "batch", "7", at=early)
    assert acted.incident.facts["batch"].known_at == early


async def test_anybody_protects_only_legal_or_the_lead_open(team: Room) -> None:
    noted = (await record.note(team, "", "counsel called", visibility="legal")).entry
    fixed = (await correcting.correct(team, "", noted.seq, "counsel wrote")).entry
    assert corrected.visibility((await reading.incident(team)), fixed) == "legal"
    for readers in ("internal", "public"):
        with pytest.raises(Refused, match=r"only Legal \(cy\) or Lead \(bo\) may") as raised:
            await correcting.mark(team, "", noted.seq, readers, "why not")
        assert raised.value.hint == "ask Legal (cy) or Lead (bo)"
    opened = await correcting.mark(as_(team, "cy"), "", noted.seq, "internal", "it is over")
    state = opened.incident
    assert [corrected.visibility(state, one) for one in (noted, fixed)] == ["internal"] * 2
    closed = await correcting.mark(team, "", noted.seq, "legal", "not yet")
    assert corrected.visibility(closed.incident, fixed) == "legal"


async def test_only_legal_or_the_lead_make_words_public(team: Room) -> None:
    with pytest.raises(Refused, match="make words public"):
        await record.note(team, "", "all is well", visibility="public")
    with pytest.raises(Refused, match="make an entry public"):
        await correcting.mark(team, "", 1, "public", "everybody knows")
    lead = as_(team, "bo")
    noted = await record.note(lead, "", "all is well", visibility="public")
    assert corrected.visibility(noted.incident, noted.entry) == "public"
    assert (await correcting.mark(lead, "", 1, "public", "everybody knows")).changed


async def test_what_only_speaks_of_another_entry_is_neither_pinned_nor_marked(room: Room) -> None:
    await declared(room)
    pinned = (await correcting.pin(room, "", 1)).entry
    with pytest.raises(Refused, match="only speaks of another one"):
        await correcting.pin(room, "", pinned.seq)
    with pytest.raises(Refused, match="only speaks of another one"):
        await correcting.mark(room, "", pinned.seq, "legal", "x")
    for seq in (0, 99):
        with pytest.raises(Usage, match=f"no entry {seq}"):
            await correcting.pin(room, "", seq)


async def test_pins_are_in_the_order_they_were_set(room: Room) -> None:
    await declared(room)
    noted = (await record.note(room, "", "x")).entry
    await correcting.pin(room, "", noted.seq)
    await correcting.pin(room, "", 1)
    assert (await reading.incident(room)).pinned == (noted.seq, 1)
    assert not (await correcting.pin(room, "", 1)).changed
    assert (await correcting.unpin(room, "", noted.seq)).incident.pinned == (1,)
    assert not (await correcting.unpin(room, "", noted.seq)).changed
