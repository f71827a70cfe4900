"""Whoever slept between its look at the lease and the first byte looks again, or stays silent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from room.people import as_
from watch.boxes import Obedient, now_of
from watch.fakes import Fake

from crisisroom.channels import Outgoing, Receipt
from crisisroom.clock import ManualClock
from crisisroom.config import Source
from crisisroom.core.incident import Words
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.room import Room
from crisisroom.sources import Batch
from crisisroom.store import leases
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.watch import poll
from crisisroom.watch.leased import FRESH, Leased
from crisisroom.watch.outbox import Outbox
from crisisroom.watch.poll import Poller
from crisisroom.watch.stream import follow

TTL = 20.0
SLEPT = 90.0


async def _taken(room: Room, clock: ManualClock, who: str) -> Lease:
    lease = await room.store.write(lambda tx: leases.acquire(tx, "watch", who, clock, TTL))
    assert lease is not None
    return lease


@pytest.fixture
async def lease(room: Room, clock: ManualClock) -> Lease:
    return await _taken(room, clock, "a")


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/x").respond_with_data("fine")
    return httpserver


async def _asks(fetch: Fetcher, server: HTTPServer) -> int:
    return (await fetch.get(server.url_for("/x"), private=True)).status


async def test_a_look_counts_for_a_part_of_the_time_of_the_lease(
    room: Room, clock: ManualClock, lease: Lease, fetch: Fetcher, server: HTTPServer
) -> None:
    leased = Leased(fetch, room, lease)
    for advance, beaten in ((FRESH * TTL - 1, False), (2, True), (1, False), (SLEPT, True)):
        before = await _beat(room)
        clock.advance(advance)
        assert await _asks(leased, server) == 200
        assert (await _beat(room) == clock.monotonic()) is beaten
        assert beaten or await _beat(room) == before
    assert len(server.log) == 4


async def _beat(room: Room) -> float:
    rows = await room.store.read(lambda tx: tx.rows("SELECT beat FROM lease"))
    return float(rows[0][0])


async def test_nothing_goes_out_once_somebody_else_holds_it(
    room: Room, clock: ManualClock, lease: Lease, fetch: Fetcher, server: HTTPServer
) -> None:
    leased = Leased(fetch, room, lease)
    clock.advance(SLEPT)
    await _taken(room, clock, "b")
    url = server.url_for("/x")
    for ask in (leased.get, leased.delete):
        with pytest.raises(LeaseLost):
            await ask(url, private=True)
    with pytest.raises(LeaseLost):
        await leased.post(url, json={}, private=True)
    with pytest.raises(LeaseLost):
        await anext(leased.stream(url, private=True))
    with pytest.raises(LeaseLost):
        await leased.connect(
            "127.0.0.1", server.port, tls=False, private=True, ca_file="", deadline=5
        )
    assert server.log == []


async def test_a_machine_whose_steady_clock_slept_too_is_found_out_by_the_time_of_day(
    room: Room, clock: ManualClock, lease: Lease, fetch: Fetcher, server: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    leased = Leased(fetch, room, lease)
    stood = clock.monotonic()
    clock.advance(SLEPT)
    await _taken(room, clock, "b")
    monkeypatch.setattr(ManualClock, "monotonic", lambda self: stood)
    with pytest.raises(LeaseLost):
        await _asks(leased, server)
    assert server.log == []


async def test_a_room_that_answers_too_slowly_is_no_proof(
    room: Room, clock: ManualClock, lease: Lease, fetch: Fetcher, server: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    leased = Leased(fetch, room, lease)
    write = room.store.write

    async def slow(work: Callable[..., Awaitable[Any]], **more: Any) -> Any:
        done = await write(work, **more)
        clock.advance(SLEPT)
        return done

    monkeypatch.setattr(room.store, "write", slow)
    clock.advance(SLEPT)
    with pytest.raises(FetchError, match="too slowly"):
        await _asks(leased, server)
    assert server.log == []


class Sleepy(Fake):
    """A source that falls asleep on its way to its server, and whose lease is taken meanwhile."""

    def __init__(self, room: Room, clock: ManualClock, server: HTTPServer) -> None:
        super().__init__("s")
        self.room, self.clock, self.server = room, clock, server

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Sleep, then ask."""
        self.clock.advance(SLEPT)
        await _taken(self.room, self.clock, "b")
        await _asks(fetch, self.server)
        return Batch((), {"at": 1})

    async def stream(self, cursor: dict[str, Any], fetch: Fetcher) -> Any:
        """Sleep, then listen."""
        await self.poll(cursor, fetch)
        yield ()


@pytest.fixture
def poller(
    room: Room, clock: ManualClock, lease: Lease, fetch: Fetcher, server: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Poller:  # fmt: skip
    asleep = Sleepy(room, clock, server)
    monkeypatch.setattr(poll, "build", lambda config, room: asleep)
    return Poller(Source(id="s", type="mastodon", every=60), room, fetch, lease)


async def test_a_watcher_that_slept_does_not_poll(poller: Poller, server: HTTPServer) -> None:
    with pytest.raises(LeaseLost):
        await poller.poll()
    assert server.log == []
    assert (await poller.row()).fails == 0  # it is no fault of the source's


async def test_a_watcher_that_slept_does_not_listen(poller: Poller, server: HTTPServer) -> None:
    with pytest.raises(LeaseLost):
        await follow(poller)
    assert server.log == []


class Died(BaseException):
    """The end of a process, as far as a test can have one."""


class Slow(Fake):
    """A source that takes its time on the way to its server."""

    def __init__(self, clock: ManualClock, server: HTTPServer) -> None:
        super().__init__("s")
        self.clock, self.server = clock, server

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Take it, ask, and die."""
        self.clock.advance(FRESH * TTL + 1)
        await _asks(fetch, self.server)
        raise Died


async def test_who_asks_late_and_dies_is_not_followed_too_early(
    room: Room, clock: ManualClock, lease: Lease, fetch: Fetcher, server: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(poll, "build", lambda config, room: Slow(clock, server))
    poller = Poller(Source(id="s", type="mastodon", every=60), room, fetch, lease)
    with pytest.raises(Died):
        await poller.poll()
    assert poll.due_in(await poller.row(), clock.now()) == 60.0  # since it asked


class OverHttp(Obedient):
    """A network that takes posts by HTTP, and is slept before."""

    def __init__(self, room: Room, clock: ManualClock, server: HTTPServer) -> None:
        super().__init__(clock)
        self.room, self.its_clock, self.server = room, clock, server

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        self.its_clock.advance(SLEPT)
        await _taken(self.room, self.its_clock, "b")
        await _asks(fetch, self.server)
        return await super().send(words, fetch)


async def test_a_watcher_that_slept_does_not_send(
    room: Room, queued: Words, clock: ManualClock, lease: Lease, fetch: Fetcher, server: HTTPServer
) -> None:
    network = OverHttp(room, clock, server)
    with pytest.raises(LeaseLost):
        await Outbox(as_(room, "watch"), fetch, lambda incident, name: network, lease).work()
    assert (server.log, network.sent) == ([], [])
    assert (await now_of(room)).state == "sending"  # whoever leads now looks it up
