"""Erasing persons: nothing of them is left anywhere, all else stays, and every chain verifies."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from room.people import PLAN, SETTINGS, TEAM, as_, declared, post
from room.planted import about, person, plant, posts_of, traces, traces_of

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.persons import Person
from crisisroom.core.query import Query
from crisisroom.core.timeline import ERASED
from crisisroom.report import FORMATS, streams
from crisisroom.room import (
    Actor,
    Room,
    erasing,
    facts,
    holding,
    lifecycle,
    reading,
    record,
    triage,
    verifying,
    words,
)
from crisisroom.room.exporting import exportable
from crisisroom.room.settings import apply_config
from crisisroom.store import Tx

MANY = 20
READABLE = [one for one in FORMATS if one != "pdf"]  # its bytes are packed
WHY = "requests of May"


async def _sound(room: Room) -> None:
    assert [one.problems for one in await verifying.verify(room) if one.problems] == []


async def _exports(room: Room, folder: Path) -> None:
    for inc in ("INC-1", "INC-2"):
        one = await exportable(room, inc)
        for format in READABLE:
            for profile in ("internal", "public"):
                for name, pieces in streams(one.record, format, profile=profile).items():
                    path = folder / f"{inc}-{profile}-{format}-{name}".replace("/", "-")
                    path.write_bytes(b"".join(pieces))


async def test_nothing_is_left_of_planted_persons(room: Room, tmp_path: Path) -> None:
    await plant(room, MANY)
    assert await traces_of(room)
    done = await erasing.erase(room, [person(n) for n in range(MANY)], WHY)
    assert (done.posts, done.others, done.files) == (posts_of(MANY), MANY, MANY)
    assert done.left == ()
    assert done.whole
    assert await traces_of(room) == []
    exports = tmp_path / "exports"
    exports.mkdir()
    await _exports(room, exports)
    assert traces(exports) == []
    assert traces(Path(os.environ["XDG_STATE_HOME"])) == []
    await _sound(room)


async def test_what_is_not_theirs_stays(room: Room) -> None:
    await plant(room, 3)
    await triage.ingest(room, [post("my kettle is on fire", "kim", "kim@else.test")])
    await record.note(room, "INC-1", "the lab called back")
    before = await reading.timeline(room, "INC-1")
    await erasing.erase(room, [person(n) for n in range(3)], WHY)
    after = await reading.timeline(room, "INC-1")
    assert [one.hash for one in after[: len(before)]] == [one.hash for one in before]
    assert any(one.text == "the lab called back" for one in after)
    assert await reading.raw(room, "M-8") == "'my kettle is on fire'"
    fan = await reading.mention(room, "M-2")
    assert fan.author.handle == "fan0@else.test"
    assert ERASED in fan.text


async def test_a_dry_run_says_the_same_and_does_nothing(room: Room) -> None:
    await plant(room, 4)
    everybody = [person(n) for n in range(4)]
    would = await erasing.erase(room, everybody, "", dry_run=True)
    assert would.dry_run
    assert len(await traces_of(room)) > 0
    again = await erasing.erase(room, everybody, "", dry_run=True)
    assert again == would
    done = await erasing.erase(room, everybody, WHY)
    replace = msgspec.structs.replace
    assert replace(done, dry_run=True, entry=0) == would


async def test_it_is_on_record_and_names_nobody(room: Room) -> None:
    await plant(room, 2)
    await erasing.erase(room, [person(0), person(1)], WHY)
    own = [one for one in await reading.room_log(room) if one.kind == "person.erased"]
    assert len(own) == 2
    assert all(set(one.data) == {"digest", "mentions", "entries", "files"} for one in own)
    told = (await reading.timeline(room, "INC-2"))[-1]
    assert (told.kind, told.data["words"]) == ("words.erased", WHY)
    again = await erasing.erase(room, [person(0)], WHY)
    assert (again.entry, again.texts, again.posts) == (0, 0, 0)


async def test_they_do_not_come_back_by_the_next_poll(room: Room) -> None:
    await apply_config(room, SETTINGS, "x")
    items = [post("fire!", "p1"), post("RT @pat@social.example: fire!", "p2", "kim@else.test")]
    await triage.ingest(room, items)
    await erasing.erase(room, [Person(handle="@pat@social.example")], WHY)
    taken = await triage.ingest(room, items)
    assert (taken.added, taken.edited, taken.known) == ((), (), 2)
    assert [one.id for one in await reading.mentions(room, Query())] == ["M-2"]
    assert await reading.mentions(room, Query(text="social")) == ()


async def test_a_hold_covers_them(room: Room) -> None:
    await declared(room)
    await holding.set_hold(room, "INC-1", "the court asks")
    with pytest.raises(Refused, match="INC-1 is on hold"):
        await erasing.erase(room, [Person(handle="pat@social.example")], WHY)
    await holding.lift(room, "INC-1", "it is over")
    assert (await erasing.erase(room, [Person(handle="pat@social.example")], WHY)).posts


async def test_words_that_are_not_out_are_taken_back(room: Room) -> None:
    await declared(room)
    saved = await words.save_reply(room, "INC-1", "M-1", "Hello @pat@social.example, sorry")
    await erasing.erase(room, [Person(handle="pat@social.example")], WHY)
    reply = (await reading.incident(room, "INC-1")).replies[saved.thing.id]
    assert (reply.state, reply.text) == ("withdrawn", ERASED)
    await _sound(room)


async def test_one_handle_of_several_people_is_refused(room: Room) -> None:
    await triage.ingest(room, [post("fire", "1", "pat@a.test"), post("ice", "2", "pat@b.test")])
    with pytest.raises(Refused, match=r"pat@a\.test, pat@b\.test"):
        await erasing.erase(room, [Person(handle="@pat")], WHY)
    done = await erasing.erase(room, [Person(handle="@pat@b.test")], WHY)
    assert done.posts == 1
    assert [one.id for one in await reading.mentions(room, Query())] == ["M-1"]


async def test_a_stranger_called_like_a_colleague_leaves_the_colleague(room: Room) -> None:
    await declared(room)
    await record.note(room, "INC-1", "ada rang the lab")
    await triage.ingest(room, [post("fire", "9", "ada@fans.test")])
    await erasing.erase(room, [Person(handle="@ada@fans.test")], WHY)
    texts = [one.text for one in await reading.timeline(room, "INC-1")]
    assert "ada rang the lab" in texts


async def test_an_everyday_word_is_too_wide(room: Room) -> None:
    await declared(room)
    for number in range(230):
        await record.note(room, "INC-1", f"the lab wrote {number}")
    wrote = Person(handle="wrote")
    with pytest.raises(Refused, match="too wide"):
        await erasing.erase(room, [wrote], WHY)
    exact = msgspec.structs.replace(wrote, bare=False)
    assert (await erasing.erase(room, [exact], WHY)).texts == 0


@pytest.mark.parametrize("why", ["", "  ", "asked for by @zqh0000", about(0)])
async def test_the_reason_is_there_and_names_nobody(room: Room, why: str) -> None:
    await plant(room, 1)
    with pytest.raises(Refused):
        await erasing.erase(room, [person(0)], why)
    assert await traces_of(room)


async def test_somebody_has_to_be_named(room: Room) -> None:
    for nobody in ([], [Person()], [Person(source="masto-in")]):
        with pytest.raises(Usage):
            await erasing.erase(room, nobody, WHY)


async def test_in_a_team_only_some_may(room: Room) -> None:
    await apply_config(room, msgspec.structs.replace(SETTINGS, team=TEAM), "x")
    with pytest.raises(Refused, match="only Legal"):
        await erasing.erase(as_(room, "ada"), [person(0)], WHY)
    await erasing.erase(as_(room, "cy"), [person(0)], WHY)


async def test_what_was_written_without_a_seal_is_named(room: Room) -> None:
    await declared(room)

    async def write(tx: Tx) -> None:
        data = '{"note":"by Pat Doe","words":{"salted_sha256":"0"}}'
        await tx.run(
            "INSERT INTO entry SELECT chain, seq + 1000, uid || 'x', 'note.added', v, at,"
            " recorded_at, actor, role, source, ?, corrects, prev_hash, hash FROM entry"
            " WHERE chain != 'room' AND seq = 1",
            (data,),
        )

    await room.store.under.write(write)
    done = await erasing.erase(room, [Person(names=("Pat Doe",))], WHY, dry_run=True)
    assert done.left == ("INC-1 entry 1001: data.note",)


async def test_others_read_meanwhile(room: Room, clock: ManualClock) -> None:
    await plant(room, 5)
    async with await Room.open(room.address, actor=Actor("bo"), clock=clock) as other:
        erased = asyncio.ensure_future(erasing.erase(room, [person(n) for n in range(5)], WHY))
        looks = 0
        while not erased.done():
            assert (await reading.incident(other, "INC-1")).title
            looks += 1
        assert (await erased).whole
        assert looks
        await lifecycle.join(other, "INC-1")
        assert await traces_of(other) == []


async def test_by_mail_address_name_and_phone_alone(room: Room) -> None:
    items = [
        Incoming(text="it burns", source="mail", external_id="1", author=Author("pat@post.test")),
        Incoming(text="it smokes", source="shop", external_id="2", author=Author("", "Pat Doe")),
        Incoming(text="call +49 30 1234567", source="shop", external_id="3", author=Author("kim")),
    ]
    await triage.ingest(room, items)
    who = Person(names=("Pat Doe",), mails=("pat@post.test",), phones=("030 1234567",))
    done = await erasing.erase(room, [who], WHY)
    assert (done.posts, done.others) == (2, 1)
    assert (await reading.mention(room, "M-3")).text == f"call {ERASED}"


async def test_a_fact_that_the_plan_stands_on_can_go(room: Room) -> None:
    acted = await lifecycle.declare(room, "Kettles", playbook=PLAN)
    await facts.set_fact(room, acted.incident.id, "product", "the kettle of Pat Doe")
    await erasing.erase(room, [Person(names=("Pat Doe",))], WHY)
    assert (await reading.incident(room, "INC-1")).facts["product"].value == ERASED
    await _sound(room)


async def test_a_colleague_who_had_it_open_does_not_write_it_back(
    room: Room, clock: ManualClock
) -> None:
    await plant(room, 2)
    async with await Room.open(room.address, actor=Actor("bo"), clock=clock) as other:
        await lifecycle.join(other, "INC-2")
        assert "Zqn" in (await reading.incident(other, "INC-2")).title
        await erasing.erase(room, [person(0), person(1)], WHY)
        await record.note(other, "INC-2", "on it")
        assert (await reading.incident(other, "INC-2")).title == ERASED
        assert await traces_of(other) == []
        await _sound(other)


async def test_what_a_colleague_writes_meanwhile_goes_too(room: Room, clock: ManualClock) -> None:
    await plant(room, 2)
    write, told = room.store.under.write, False

    async with await Room.open(room.address, actor=Actor("bo"), clock=clock) as other:

        async def meanwhile(*given: Any, **more: Any) -> Any:
            nonlocal told
            done: Any = await write(*given, **more)
            if not told:  # all was looked through, nothing was erased yet
                told = True
                await record.note(other, "INC-2", about(0))
            return done

        room.store.under.write = meanwhile  # type: ignore[method-assign]
        await erasing.erase(room, [person(0), person(1)], WHY)
        noted = [one for one in await reading.timeline(other, "INC-2") if one.actor == "bo"]
        assert [one.text for one in noted] == [ERASED]
    assert await traces_of(room) == []
    await _sound(room)


async def test_a_hold_that_comes_meanwhile_keeps_the_posts(room: Room, clock: ManualClock) -> None:
    await declared(room)
    write, asked = room.store.under.write, 0

    async with await Room.open(room.address, actor=Actor("bo"), clock=clock) as other:

        async def meanwhile(*given: Any, **more: Any) -> Any:
            nonlocal asked
            done: Any = await write(*given, **more)
            asked += 1
            if asked == 2:  # the log is done, no post is yet
                await holding.set_hold(other, "INC-1", "the court asks")
            return done

        room.store.under.write = meanwhile  # type: ignore[method-assign]
        with pytest.raises(Refused, match="put on hold meanwhile"):
            await erasing.erase(room, [Person(handle="pat@social.example")], WHY)
    assert (await reading.mention(room, "M-1")).author.handle == "pat@social.example"
    await _sound(room)
