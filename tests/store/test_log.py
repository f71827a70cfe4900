"""The log on disk: chained, read back as written, with projections that follow."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from crisisroom.clock import ManualClock
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.timeline import Draft, Entry, flaws
from crisisroom.store import Store, Tx, drafts, ids, log, places, sources
from crisisroom.store.processes import proven_dead, started_at

AUTHOR = log.Author("ada", "lead")


async def _append(store: Store, *written: Draft) -> tuple[Entry, ...]:
    async def work(tx: Tx) -> tuple[Entry, ...]:
        await log.open_room_chain(tx)
        return await log.append(tx, "room", written, AUTHOR, store.clock.now())

    return await store.write(work)


def _note(words: str, **data: Any) -> Draft:
    return Draft(kind="note.added", text=words, data={"words": words} | data)


async def test_entries_come_back_as_they_were_written(store: Store, clock: ManualClock) -> None:
    at = clock.now() - timedelta(minutes=12)
    nested = {"list": [{"name": "Ada", "number": 1}, {"name": "Bo", "none": None}], "yes": True}
    first = await _append(store, _note("one"), _note("two", nested=nested))
    later = Draft(kind="note.added", text="three", at=at, corrects=1, actor="room", source="system")
    second = await _append(store, later)
    read = await store.read(lambda tx: log.entries(tx, "room"))
    assert read == (*first, *second)
    assert [entry.seq for entry in read] == [1, 2, 3]
    assert list(flaws(read)) == []
    assert (read[2].at, read[2].actor, read[2].role) == (at, "room", "")
    assert (read[0].actor, read[0].role) == ("ada", "lead")
    assert await store.read(lambda tx: log.entries(tx, "room", 1, 1)) == first[1:]


# no room takes a NUL: what is typed has none, and what comes from outside is cleaned of it
SAYABLE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | SAYABLE,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["words", "name", "handle", "a", "b", "url"]), below, max_size=3
        )
    ),
    max_leaves=8,
)


def test_any_data_survives_sealing_and_reading(address: str, clock: ManualClock) -> None:
    @tuned(max_examples=80, deadline=None)
    @given(SAYABLE, st.dictionaries(st.sampled_from(["words", "x", "to"]), JSON, max_size=3))
    def keep(text: str, data: dict[str, Any]) -> None:
        written = runner.run(_append(store, Draft(kind="note.added", text=text, data=data)))
        last = written[0].seq - 1
        assert runner.run(store.read(lambda tx: log.entries(tx, "room", last))) == written

    with asyncio.Runner() as runner:
        store = runner.run(Store.open(address, clock))
        keep()
        assert list(flaws(runner.run(store.read(lambda tx: log.entries(tx, "room"))))) == []
        runner.run(store.close())


@given(st.integers(0, 2**42))
def test_ids_are_ordered_by_their_time(millis: int) -> None:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)
    first, second = ids.uuid7(moment), ids.uuid7(moment + timedelta(milliseconds=1))
    assert first < second
    read = uuid.UUID(first)
    assert (read.version, read.variant) == (7, uuid.RFC_4122)
    assert abs((read.int >> 80) - moment.timestamp() * 1000) < 1
    assert ids.uuid7(moment) != first


def test_salts_are_long_and_never_the_same() -> None:
    assert len({ids.salt() for _ in range(100)}) == 100
    assert len(ids.salt()) == 32


async def test_drafts_are_written_over_and_thrown_away(store: Store, clock: ManualClock) -> None:
    def saved(id_: str, actor: str, text: str) -> SavedDraft:
        return SavedDraft(
            id=id_, incident="INC-1", kind="reply", mention="M-1", actor=actor, text=text,
            cursor=len(text), updated_at=clock.now(),
        )  # fmt: skip

    await store.write(lambda tx: drafts.save(tx, saved("a", "ada", "Hel")))
    clock.advance(1)
    await store.write(lambda tx: drafts.save(tx, saved("a", "ada", "Hello")))
    await store.write(lambda tx: drafts.save(tx, saved("b", "bo", "Hi")))
    mine = await store.read(lambda tx: drafts.find(tx, actor="ada"))
    assert [(one.text, one.cursor) for one in mine] == [("Hello", 5)]
    assert len(await store.read(lambda tx: drafts.find(tx, mention="M-1"))) == 2
    await store.write(lambda tx: drafts.discard(tx, "a", datetime(2026, 11, 22, tzinfo=UTC)))
    assert await store.read(lambda tx: drafts.find(tx, actor="ada")) == ()


async def test_people_come_back_to_where_they_were(store: Store, clock: ManualClock) -> None:
    def here(view: str) -> tuple[places.Presence, places.Place, datetime]:
        presence = places.Presence(session="s1", actor="ada", view=view, since=clock.now())
        place = places.Place(
            incident="INC-1",
            view=view,
            mention="M-2",
            cursor=7,
            extra={"filter": "café"},
            at=clock.now(),
        )
        return presence, place, clock.now() - timedelta(days=1)

    await store.write(lambda tx: places.enter(tx, *here("feed")))
    clock.advance(5)
    await store.write(lambda tx: places.enter(tx, *here("tasks")))
    present = await store.read(places.present)
    assert [(one.session, one.view) for one in present] == [("s1", "tasks")]
    await store.write(lambda tx: places.leave(tx, "s1", "ada", clock.now()))
    assert await store.read(places.present) == ()
    assert await store.read(lambda tx: places.last(tx, "ada")) == here("tasks")[1]
    assert await store.read(lambda tx: places.last(tx, "bo")) is None


async def test_a_source_s_row_comes_back_as_it_was(store: Store, clock: ManualClock) -> None:
    row = sources.SourceRow(
        id="feed", cursor={"etag": 'W/"é"'}, reason="404", fails=3, last_try_at=clock.now()
    )
    await store.write(lambda tx: sources.put(tx, row))
    assert await store.read(lambda tx: sources.get(tx, "feed")) == row
    assert await store.read(sources.all_rows) == (row,)
    assert await store.read(lambda tx: sources.get(tx, "new")) == sources.SourceRow(id="new")


def test_only_certainty_is_proof_of_death() -> None:
    host, own = socket.gethostname(), os.getpid()
    assert not proven_dead(host, own, started_at(own))
    assert proven_dead(host, own, "1")  # that pid runs, but began at another time
    assert not proven_dead(host, own, "")
    assert not proven_dead("another-host", 4_194_304, "1")
    assert proven_dead(host, 4_194_304, "1")


def test_who_ended_is_dead_although_the_parent_has_not_looked() -> None:
    child = subprocess.Popen(["sleep", "600"])
    began = started_at(child.pid)
    assert not proven_dead(socket.gethostname(), child.pid, began)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and not yet reaped
    assert proven_dead(socket.gethostname(), child.pid, began)
    child.wait()


@pytest.mark.parametrize("kind", ["note.added", "something.new"])
async def test_the_room_s_chain_takes_any_kind(store: Store, kind: str) -> None:
    written = await _append(store, Draft(kind=kind, text="words"))
    assert written[0].kind == kind
