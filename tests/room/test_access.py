"""Who only reads, and who may read what is for Legal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
import pytest
from room.people import TEAM, WITH_TEAM, as_, declared

from crisisroom.config import Member
from crisisroom.config.sshkey import fingerprint
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.mention import Incoming
from crisisroom.core.timefilter import Filter
from crisisroom.room import (
    SHELL,
    Actor,
    Room,
    correcting,
    corrective,
    enquiries,
    exporting,
    facts,
    lifecycle,
    places,
    questions,
    reading,
    record,
    reviewing,
    roles,
    searches,
    tasks,
    timeline,
    triage,
)
from crisisroom.room.access import access_of, read_only, reads_legal
from crisisroom.room.settings import apply_config

CANARY = "zanzibar"
READERS = (
    Member("kim", "Kim", access="observer"),
    Member("rex", "Rex", access="executive"),
    Member("dan", "Dan", roles=("lead", "social")),
)
TEAM_OF = msgspec.structs.replace(WITH_TEAM, team=(*TEAM, *READERS))

ACTS: dict[str, Callable[[Room], Awaitable[object]]] = {
    "note": lambda room: record.note(room, "INC-1", "x"),
    "severity": lambda room: lifecycle.severity(room, "INC-1", "sev3"),
    "task": lambda room: tasks.done(room, "INC-1", "pause"),
    "claim": lambda room: triage.claim(room, "M-1"),
    "ingest": lambda room: triage.ingest(room, [Incoming(text="x", source="y")]),
    "filter": lambda room: searches.save(room, "mine", "refund"),
    "settings": lambda room: apply_config(room, WITH_TEAM, "x"),
}


async def told(room: Room) -> None:
    await declared(room)
    await apply_config(room, TEAM_OF, "x")


@pytest.mark.parametrize("name", ["kim", "rex"])
@pytest.mark.parametrize("act", ACTS)
async def test_who_only_reads_changes_nothing(room: Room, name: str, act: str) -> None:
    await told(room)
    before = await reading.timeline(room, "INC-1"), await reading.room_log(room)
    with pytest.raises(Refused, match=f"{name} is an (observer|executive) here: .* nothing") as why:
        await ACTS[act](as_(room, name))
    assert why.value.code == "read-only"
    assert before == (await reading.timeline(room, "INC-1"), await reading.room_log(room))


async def test_who_only_reads_reads_all_the_same(room: Room) -> None:
    await told(room)
    kim = as_(room, "kim")
    assert (await reading.incident(kim, "INC-1")).id == "INC-1"
    await places.here(kim, "s1", "INC-1", "1")
    last = await places.last_place(kim)
    assert last is not None
    assert last.incident == "INC-1"
    made = await exporting.note_export(
        kim, await exporting.exportable(kim, "INC-1"), "md", "internal"
    )
    assert (made.kind, made.actor) == ("export.made", "kim")  # reading, and on record


async def test_it_goes_by_the_team_in_force(room: Room) -> None:
    await told(room)
    kim = as_(room, "kim")
    await kim.reload()
    assert access_of(kim) == "observer"
    assert read_only(kim)
    promoted = (*TEAM, Member("kim", "Kim", roles=("social",)))
    await apply_config(room, msgspec.structs.replace(WITH_TEAM, team=promoted), "x")
    await record.note(kim, "INC-1", "now I may")
    assert not read_only(kim)


async def legal_night(room: Room) -> Room:
    """Let cy, who is Legal, write five things for Legal; return the room as dan, who is not."""
    await told(room)
    cy = as_(room, "cy")
    await roles.take(cy, "INC-1", "legal")
    await record.note(cy, "INC-1", f"note {CANARY}", visibility="legal")
    await facts.set_fact(cy, "INC-1", "cause", f"fact {CANARY}", visibility="legal")
    await corrective.add(cy, "INC-1", f"action {CANARY}", owner="cy", visibility="legal")
    await enquiries.add(cy, "INC-1", "media", CANARY, f"why {CANARY}?", visibility="legal")
    await record.note(cy, "INC-1", "for all")
    return as_(room, "dan")


async def seen_by(room: Room) -> str:
    """Return all that somebody reads of an incident, in one text."""
    state = await reading.incident(room, "INC-1")
    entries = [one async for one in timeline.forwards(room, "INC-1", Filter())]
    found = [one async for one in timeline.backwards(room, "INC-1", Filter(words=(CANARY,)))]
    exported = (await exporting.exportable(room, "INC-1")).record
    return f"{state} {entries} {found} {[*exported.entries]} {exported.incident}"


async def test_what_is_for_legal_is_for_legal(room: Room) -> None:
    dan = await legal_night(room)
    assert CANARY not in await seen_by(dan)
    assert CANARY in await seen_by(as_(room, "cy"))
    state = await reading.incident(dan, "INC-1")
    assert not state.enquiries
    assert not state.actions
    assert (state.facts["cause"].state, state.facts["cause"].value) == ("checking", "[withheld]")
    numbers = [one.seq for one in await reading.timeline(dan, "INC-1")]
    assert numbers == [seq for seq in range(1, state.seq + 1) if seq not in range(4, 8)]
    assert not reads_legal(dan, state)
    assert reads_legal(as_(room, "cy"), state)


async def test_the_author_reads_what_they_wrote_for_legal(room: Room) -> None:
    dan = await legal_night(room)
    acted = await record.note(dan, "INC-1", "I saw it", visibility="legal")
    assert [one.text for one in await reading.timeline(dan, "INC-1")][-1] == "I saw it"
    others = await reading.timeline(as_(room, "bo"), "INC-1")
    assert acted.entry.seq not in [one.seq for one in others]


async def test_acts_of_others_neither_show_it_nor_take_its_numbers(room: Room) -> None:
    dan = await legal_night(room)
    acted = await enquiries.add(dan, "INC-1", "media", "Times", "and now?")
    assert CANARY not in str(acted.incident)
    assert [*acted.incident.enquiries] == ["EQ-2"]
    assert [*(await reading.incident(as_(room, "cy"), "INC-1")).enquiries] == ["EQ-1", "EQ-2"]
    for seq in (5, 99):
        with pytest.raises(Usage, match=f"no entry {seq}"):
            await correcting.pin(dan, "INC-1", seq)


GUESSED: dict[str, Callable[[Room, str], Awaitable[object]]] = {
    "EQ-": lambda room, one: enquiries.answer(room, "INC-1", one, "x"),
    "A-": lambda room, one: corrective.done(room, "INC-1", one, "x"),
    "F-": lambda room, one: reviewing.drop_factor(room, "INC-1", one, "x"),
    "Q-": lambda room, one: questions.answer(room, "INC-1", one, "x"),
}


@pytest.mark.parametrize("sort", GUESSED)
async def test_what_is_legal_s_is_answered_like_what_never_was(room: Room, sort: str) -> None:
    dan, cy = await legal_night(room), as_(room, "cy")
    factor = await reviewing.add_factor(cy, "INC-1", CANARY)
    asked = await questions.ask(cy, "INC-1", f"{CANARY}?", whom="ada")
    for acted in (factor, asked):
        await correcting.mark(cy, "INC-1", acted.entry.seq, "legal", "counsel")
    state = await reading.incident(dan, "INC-1")
    assert not state.factors
    assert not state.questions
    before = await reading.timeline(cy, "INC-1")
    said = []
    for one in (f"{sort}1", f"{sort}9"):
        with pytest.raises(Usage) as told:
            await GUESSED[sort](dan, one)
        said.append(f"{told.value.message} {told.value.hint}".replace(one, "ID"))
    assert said[0] == said[1]
    assert await reading.timeline(cy, "INC-1") == before
    assert await GUESSED[sort](cy, f"{sort}1")


async def test_an_act_is_looked_at_twice_and_done_once(room: Room) -> None:
    dan = await legal_night(room)
    after = await reading.latest_change(room)
    before = len(await reading.timeline(dan, "INC-1"))
    await record.note(dan, "INC-1", "once")
    assert len(await reading.timeline(dan, "INC-1")) == before + 1
    changed = [one for one in await anext(room.changes(after)) if one.topic == "entry"]
    assert len(changed) == 1


async def test_marked_later_it_goes_and_comes_back(room: Room) -> None:
    dan = await legal_night(room)
    seq = (await reading.timeline(dan, "INC-1"))[-1].seq
    cy = as_(room, "cy")
    after = await reading.latest_change(dan)
    await correcting.mark(cy, "INC-1", seq, "legal", "counsel says so")
    assert any(one.topic == "reset" for one in await anext(dan.changes(after)))
    assert seq not in [one.seq for one in await reading.timeline(dan, "INC-1")]
    assert "counsel says so" not in await seen_by(dan)
    await correcting.mark(cy, "INC-1", seq, "internal", "it may be told")
    assert seq in [one.seq for one in await reading.timeline(dan, "INC-1")]


async def test_the_part_and_not_only_the_team_opens_it(room: Room) -> None:
    dan = await legal_night(room)
    assert CANARY not in await seen_by(dan)
    plain = tuple(
        msgspec.structs.replace(one, roles=("lead", "social")) if one.id == "cy" else one
        for one in TEAM_OF.team
    )
    await apply_config(room, msgspec.structs.replace(TEAM_OF, team=plain), "x")
    assert CANARY in await seen_by(as_(room, "cy"))  # holds the part in the incident
    await roles.leave(as_(room, "cy"), "INC-1", "legal")
    assert "fact zanzibar" in await seen_by(as_(room, "cy"))  # wrote it
    assert CANARY not in await seen_by(as_(room, "bo"))


async def test_the_legal_profile_is_for_who_may_read_it(room: Room) -> None:
    dan = await legal_night(room)
    one = await exporting.exportable(dan, "INC-1")
    with pytest.raises(Refused, match="for Legal alone"):
        await exporting.note_export(dan, one, "json", "legal")
    whole = await exporting.exportable(as_(room, "cy"), "INC-1")
    assert (await exporting.note_export(as_(room, "cy"), whole, "json", "legal")).actor == "cy"


async def test_a_room_without_a_team_keeps_nothing_from_its_person(room: Room) -> None:
    await declared(room)
    await record.note(as_(room, "somebody"), "INC-1", CANARY, visibility="legal")
    assert CANARY in await seen_by(room)


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


@pytest.mark.parametrize(
    ("left", "code"),
    [
        ((*TEAM, *READERS), "not-in-team"),
        ((), "not-in-team"),
        ((*TEAM, Member("fay", "Fay", roles=("lead",))), "key-removed"),
    ],
)
async def test_whom_an_ssh_key_let_in_is_out_with_the_key(
    room: Room, left: tuple[Member, ...], code: str
) -> None:
    await declared(room)
    fay = Member("fay", "Fay", roles=("lead",), keys=(f"{KEY} fay@laptop",))
    await apply_config(room, msgspec.structs.replace(WITH_TEAM, team=(*TEAM, fay)), "x")
    came = room.as_actor(Actor("fay", via=SHELL, key=fingerprint(KEY)))
    acted = await record.note(came, "INC-1", "by my key")
    assert acted.entry.data["by_key"] == fingerprint(KEY)

    await apply_config(room, msgspec.structs.replace(WITH_TEAM, team=left), "x")

    for what in (record.note(came, "INC-1", "too late"), reading.timeline(came, "INC-1")):
        with pytest.raises(Refused) as shut:
            await what
        assert shut.value.code == code
    texts = [one.text for one in await reading.timeline(room, "INC-1")]
    assert ("by my key" in texts, "too late" in texts) == (True, False)
