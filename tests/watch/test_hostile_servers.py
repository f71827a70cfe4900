"""Every misbehaving server is one source's failure with its reason; the others go on in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from evil import EvilServer, serving
from evil_catalogue import HOSTILE, NO_FEED

from crisisroom.config import RoomConfig, Source, Term
from crisisroom.core.query import Query
from crisisroom.fetch import Fetcher, Response
from crisisroom.room import Room, reading
from crisisroom.room.settings import apply_config
from crisisroom.store import sources as rows
from crisisroom.store.sources import SourceRow
from crisisroom.tasks import spawn
from crisisroom.watch.poll import Poller

NAMES = {"2130706433": "127.0.0.1", "0x7f.1": "127.0.0.1"}
HURRY = 0.6  # seconds, the deadline of one answer
ROUNDS = 3
LOUD = ("/continue-for-ever", "/early-hints", "/hints-heavy")  # here they would be our own work
PEACE = ("/retry-date", "/retry-junk", "/status-429", "/status-503")
ALL = (*HOSTILE, *NO_FEED)
CHAINED = tuple(path for path in ALL if path != "/to/loop")


class Hasty(Fetcher):
    """The real client in a hurry."""

    async def get(self, url: str, **options: Any) -> Response:
        return await super().get(url, **{**options, "deadline": HURRY})


@pytest.fixture
async def evil() -> AsyncIterator[EvilServer]:
    async with serving() as server:
        yield server


async def resolve(host: str, _port: int) -> list[str]:
    """Answer for our test names; numbers stand for themselves, as the system has it."""
    return [NAMES.get(host, "127.0.0.1" if host.endswith(".test") else host)]


@pytest.fixture
async def hasty() -> AsyncIterator[Fetcher]:
    async with Hasty(resolve=resolve) as fetcher:
        yield fetcher


def _sources(evil: EvilServer, kind: str, paths: Iterable[str], prefix: str) -> list[Source]:
    """Return one source a path, its id the path's number."""
    made: list[Source] = []
    for number, path in enumerate(paths):
        url = evil.url(f"{prefix}{path}")
        said: dict[str, Any] = {"server": url} if kind == "hackernews" else {"url": url}
        said |= {"hashtags": ("ferrow",)} if kind == "mastodon" else {}
        made.append(Source(id=f"s{number}", type=kind, private=True, **said))
    return made


async def _polled(room: Room, fetch: Fetcher, sources: list[Source]) -> dict[str, SourceRow]:
    """Ask all of them at the same time, once."""
    config = RoomConfig(name="x", terms=(Term(id="us", say="ferrow"),), sources=tuple(sources))
    await apply_config(room, config, "x")
    pollers = [Poller(one, room, fetch) for one in sources]  # a fault of the program would raise
    await asyncio.gather(*(poller.poll() for poller in pollers))
    return {row.id: row for row in await room.store.read(rows.all_rows)}


def _check_reason(row: SourceRow, path: str) -> None:
    if path in PEACE and "asks to be left alone" in row.reason:
        assert row.fails == 0  # where it was quick enough to say so: that is no failure
        return
    assert row.fails == 1
    assert row.cursor == {}
    assert row.last_ok_at is None
    assert 0 < len(row.reason) < 300
    assert all(sign.isprintable() for sign in row.reason), row.reason


@pytest.mark.parametrize(
    ("kind", "prefix", "paths"),
    [
        ("feed", "", ALL),
        ("feed", "/chain/1", ALL),
        ("feed", "/chain/4", CHAINED),
        ("hackernews", "/as", ALL),
        ("mastodon", "/as", ALL),
    ],
)
async def test_each_is_one_failure_with_its_reason(
    room: Room, evil: EvilServer, hasty: Fetcher, kind: str, prefix: str, paths: tuple[str, ...]
) -> None:
    known = await _polled(room, hasty, _sources(evil, kind, paths, prefix))
    assert len(known) == len(paths) >= 60
    for number, path in enumerate(paths):
        try:
            _check_reason(known[f"s{number}"], path)
        except AssertionError as error:
            raise AssertionError(f"{kind} {prefix}{path}: {known[f's{number}']}") from error
    assert await reading.count(room) == 0


def _always_good(evil: EvilServer) -> list[Source]:
    return [
        Source(id=f"good{n}", type="feed", url=evil.url(f"/feed/{n}", "good.test"), private=True)
        for n in range(3)
    ]


async def test_the_others_are_asked_while_it_lasts(room: Room, evil: EvilServer) -> None:
    """As long as misbehaving servers keep us busy, good feeds are read, again and again."""
    quieter = [path for path in ALL if path not in LOUD]
    good, bad = _always_good(evil), _sources(evil, "feed", quieter, "")
    await apply_config(room, RoomConfig(name="x", sources=(*good, *bad)), "x")
    errors: list[BaseException] = []
    async with Fetcher(resolve=resolve) as fetch:
        jobs = [
            spawn(
                Poller(one, room, fetch).poll(),
                name=one.id,
                on_error=lambda _, error: errors.append(error),
            )
            for one in bad
        ]
        for _ in range(ROUNDS):
            waits = await asyncio.gather(*(Poller(one, room, fetch).poll() for one in good))
            assert waits == [60.0] * len(good)
        assert not all(job.done() for job in jobs)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    assert errors == []
    texts = [one.text for one in await reading.mentions(room, Query(limit=1000))]
    assert len(set(texts)) == len(texts) == len(good) * ROUNDS == evil.fed


async def test_a_failed_source_recovers_with_its_next_turn(
    room: Room, evil: EvilServer, hasty: Fetcher
) -> None:
    for path in ("/bomb", "/reset", "/short", "/silence", "/status-500"):
        [source] = _sources(evil, "feed", [path], "")
        await Poller(source, room, hasty).poll()
    good = Source(id="s0", type="feed", url=evil.url("/feed"), private=True)
    row = await room.store.read(lambda tx: rows.get(tx, "s0"))
    assert row.fails == 5
    await Poller(good, room, hasty).poll()
    row = await room.store.read(lambda tx: rows.get(tx, "s0"))
    assert (row.fails, row.reason) == (0, "")
    assert await reading.count(room) == 1
