"""Polling: each source on its own, in small batches, its failures its own."""

from __future__ import annotations

import pytest
from room.people import declared, post
from watch.fakes import Fake, batch

from crisisroom.clock import ManualClock
from crisisroom.config import Source
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, reading
from crisisroom.sources import Batch
from crisisroom.store import leases
from crisisroom.store import sources as rows
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.store.sources import SourceRow
from crisisroom.watch import poll
from crisisroom.watch.poll import BATCH, ROUNDS, Poller, due_in
from crisisroom.wire.answer import FetchError

CONFIG = Source(id="masto-in", type="mastodon", every=60)


def _poller(
    room: Room,
    fetch: Fetcher,
    source: Fake,
    patch: pytest.MonkeyPatch,
    lease: Lease | None = None,
) -> Poller:
    patch.setattr(poll, "build", lambda config, room: source)
    return Poller(CONFIG, room, fetch, lease)


async def _row(room: Room) -> SourceRow:
    return await room.store.read(lambda tx: rows.get(tx, CONFIG.id))


async def test_the_cursor_moves_with_what_was_taken_in(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Fake("s", batch("one", "two", cursor=2), batch("two", "three", cursor=3))
    poller = _poller(room, fetch, source, monkeypatch)
    assert await poller.poll() == 60.0
    assert await poller.poll() == 60.0
    assert source.cursors == [{}, {"at": 2}]
    assert (await _row(room)).cursor == {"at": 3}
    assert [one.text for one in await reading.mentions(room)] == ["three", "two", "one"]
    assert {one.source for one in await reading.mentions(room)} == {CONFIG.id}


async def test_large_batches_are_taken_in_by_parts(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"post {number}" for number in range(BATCH * 2 + 5)]
    await _poller(room, fetch, Fake("s", batch(*many)), monkeypatch).poll()
    assert await reading.count(room) == len(many)
    seen = await anext(room.changes(0))
    refs = [one.ref for one in seen if one.topic == "mention"]
    assert refs == ["1-64", "65-128", "129-133"]


async def test_more_is_asked_for_at_once_but_not_for_ever(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Fake("s", *(batch(f"p{n}", cursor=n, more=True) for n in range(100)))
    await _poller(room, fetch, source, monkeypatch).poll()
    assert len(source.cursors) == ROUNDS


async def test_the_other_side_may_ask_to_be_left_alone(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    source = Fake("s", batch("one", wait=900.0))
    assert await _poller(room, fetch, source, monkeypatch).poll() == 900.0
    assert due_in(await _row(room), clock.now()) == 900.0
    clock.advance(1000)
    assert due_in(await _row(room), clock.now()) == 0.0


@pytest.mark.parametrize(
    "failure",
    [FetchError("status", "404 Not Found"), Unavailable("x", "bad feed"), OSError("no route")],
)
async def test_failures_back_off_further_each_time_with_their_reason(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    source = Fake("s", batch("one", cursor=9), *([failure] * 12), batch("two", cursor=10))
    poller = _poller(room, fetch, source, monkeypatch)
    await poller.poll()
    waits = [await poller.poll() for _ in range(12)]
    row = await _row(room)
    assert (row.fails, row.reason, row.cursor) == (12, str(failure), {"at": 9})
    for wait, doubled in zip(waits, (60, 120, 240, 480, *([900] * 8)), strict=True):
        assert 0.9 * doubled <= wait <= 1.1 * doubled
    await poller.poll()
    row = await _row(room)
    assert (row.fails, row.reason) == (0, "")


async def test_a_failure_in_the_middle_keeps_what_came_before(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Fake("s", batch("one", cursor=5, more=True), FetchError("status", "gone"))
    await _poller(room, fetch, source, monkeypatch).poll()
    row = await _row(room)
    assert (row.cursor, row.fails) == ({"at": 5}, 1)
    assert await reading.count(room) == 1


async def test_a_fault_of_ours_is_told_and_backs_off_too(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(poll, "build", lambda config, room: Fake("s", KeyError("secret")))
    poller = Poller(CONFIG, room, fetch, None, lambda name, error: told.append(name))
    assert await poller.poll() >= 54
    assert told == ["source masto-in"]
    assert (await _row(room)).reason == "a fault of the program (KeyError), see its log"


async def test_a_source_that_cannot_be_built_says_why(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(config: Source, room: Room) -> Fake:
        raise Refused("no-token", "the token is not set")

    monkeypatch.setattr(poll, "build", build)
    await Poller(CONFIG, room, fetch).poll()
    assert (await _row(room)).reason == "the token is not set"


@pytest.mark.parametrize("answer", [batch("one"), FetchError("status", "gone")])
async def test_whoever_lost_the_lease_writes_nothing(
    room: Room,
    fetch: Fetcher,
    monkeypatch: pytest.MonkeyPatch,
    clock: ManualClock,
    answer: Batch | Exception,
) -> None:
    old = await room.store.write(lambda tx: leases.acquire(tx, "watch", "a", clock, 20.0))
    poller = _poller(room, fetch, Fake("s", batch("zero"), answer), monkeypatch, old)
    await poller.poll()
    before = await _row(room)
    clock.advance(21)
    await room.store.write(lambda tx: leases.acquire(tx, "watch", "b", clock, 20.0))
    with pytest.raises(LeaseLost):
        await poller.poll()
    assert await _row(room) == before
    assert await reading.count(room) == 1


async def test_an_edit_found_by_a_poll_is_on_the_timeline(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    await declared(room)
    edited = Batch((post("my kettle was warm", "p1"),), {})
    await _poller(room, fetch, Fake("s", edited), monkeypatch).poll()
    assert (await reading.timeline(room))[-1].kind == "mention.edited"
