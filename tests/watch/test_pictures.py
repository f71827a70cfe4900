"""Fetching pictures: kept by their bytes, counted, and never trusted."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from conftest import START
from evil import EvilServer, Exchange, route, serving
from evil_catalogue import HOSTILE
from room.people import SETTINGS, declared
from room.shown import pictures_of, png, sha, showing, states, taken
from watch.fakes import until

from crisisroom.clock import ManualClock
from crisisroom.config import Keep, Source
from crisisroom.core.mention import Media
from crisisroom.fetch import Fetcher, Response
from crisisroom.room import Room, evidence, linking, reading
from crisisroom.room.settings import apply_config
from crisisroom.store import pictures as rows
from crisisroom.store.pictures import Picture
from crisisroom.tasks import spawn
from crisisroom.watch import pictures
from crisisroom.watch.picture_book import LONGEST, TRIES
from crisisroom.watch.pictures import Pictures

KETTLE = png("kettle", 5000)
DAYS = timedelta(days=9)
HURRY = 0.3  # seconds, the deadline of one answer
TAKES = 4000  # bytes of a picture, where that is too much
_LOUD = ("/continue-for-ever", "/early-hints", "/hints-heavy")


@route("/picture")
async def picture(x: Exchange) -> None:
    await x.answer(KETTLE, "Content-Type: text/html")


@route("/packed-picture")
async def packed(x: Exchange) -> None:
    await x.answer(gzip.compress(KETTLE), "Content-Encoding: gzip")


@route("/drawing")
async def drawing(x: Exchange) -> None:
    await x.answer(b"<svg xmlns='x'><script>alert(1)</script></svg>", "Content-Type: image/png")


@route("/page")
async def page(x: Exchange) -> None:
    await x.answer(b"<!doctype html><title>gone</title>", "Content-Type: image/png")


class Hasty(Fetcher):
    """The real client, in a hurry where nothing will come."""

    async def get(self, url: str, **options: Any) -> Response:
        deadline = HURRY if url.endswith("/silence") else 20.0  # a busy machine is no failure
        return await super().get(url, **{**options, "deadline": deadline})


class Trusting(Fetcher):
    """One in a hurry that goes to our own network by any name."""

    async def get(self, url: str, **options: Any) -> Response:
        return await super().get(url, **{**options, "private": True, "deadline": HURRY})


async def resolve(host: str, _port: int) -> list[str]:
    if host == "dead.invalid":
        return []
    return ["127.0.0.1" if host.endswith(".test") else host]


@pytest.fixture
async def evil() -> AsyncIterator[EvilServer]:
    async with serving() as server:
        yield server


@pytest.fixture
async def hasty() -> AsyncIterator[Fetcher]:
    async with Hasty(resolve=resolve) as fetcher:
        yield fetcher


async def linked(room: Room, evil: EvilServer, *paths: str, keep: Keep | None = None) -> list[int]:
    """Link a post for each path, whose picture is there; returns their rows."""
    await settled(room, evil, keep or Keep())
    posts = [showing(f"kim{n}", Media(url=evil.url(path))) for n, path in enumerate(paths)]
    numbers = await taken(room, *posts)
    await linking.link(room, "INC-1", [f"M-{number}" for number in numbers])
    return [*numbers]


async def settled(room: Room, evil: EvilServer, keep: Keep) -> None:
    """Have a crisis in a room that listens to this server, which is on our own network."""
    source = Source(id="masto-in", type="feed", url=evil.url("/feed"), private=True)
    await declared(room, msgspec.structs.replace(SETTINGS, sources=(source,), evidence=keep))


async def shown(room: Room, number: int) -> Picture:
    (one,) = await room.store.read(lambda tx: rows.of(tx, number))
    return one


async def test_a_linked_picture_is_kept_and_on_record(
    room: Room, evil: EvilServer, hasty: Fetcher
) -> None:
    numbers = await linked(room, evil, "/picture", "/packed-picture")
    await Pictures(room, hasty, None).work_off()
    assert [await states(room, number) for number in numbers] == [["kept"], ["kept"]]
    state = await reading.incident(room, "INC-1")
    kept = state.evidence[sha(KETTLE)]
    assert (kept.size, kept.media, kept.by) == (5000, "image/png", "room")
    assert len(kept.mentions) == 2
    assert pictures_of(state, f"M-{numbers[0]}") == (sha(KETTLE),)
    assert (await evidence.content(room, sha(KETTLE)))[1] == KETTLE
    entries = [one for one in await reading.timeline(room, "INC-1") if one.kind == "evidence.kept"]
    assert [(one.actor, one.source) for one in entries] == [("room", "system")] * 2
    assert entries[0].text == "kept a picture of kim0@social.example (image/png, 5 kB)"


async def test_the_same_address_is_asked_once(room: Room, evil: EvilServer, hasty: Fetcher) -> None:
    numbers = await linked(room, evil, "/picture", "/picture", "/picture")
    await Pictures(room, hasty, None).work_off()
    assert [(await shown(room, one)).state for one in numbers] == ["kept"] * 3
    assert len(evil.seen) == 1
    (item,) = await evidence.listed(room, "INC-1")
    assert item.shown is not None
    assert item.shown.posts == 3


async def test_what_is_not_linked_is_not_asked_for(
    room: Room, evil: EvilServer, hasty: Fetcher
) -> None:
    await settled(room, evil, Keep())
    (number,) = await taken(room, showing("a", Media(url=evil.url("/picture"))))
    assert await Pictures(room, hasty, None).work() == 0
    await linking.link(room, "INC-1", [f"M-{number}"])
    await linking.unlink(room, "INC-1", f"M-{number}")
    await Pictures(room, hasty, None).work_off()
    assert await states(room, number) == ["seen"]
    assert not evil.seen
    assert not (await reading.incident(room, "INC-1")).evidence


async def test_where_all_are_kept_those_of_the_last_day_are_asked_for(
    room: Room, clock: ManualClock, evil: EvilServer, hasty: Fetcher
) -> None:
    await settled(room, evil, Keep(pictures="all"))
    (old,) = await taken(room, showing("old", Media(url=evil.url("/picture?1"))))
    clock.advance(3 * 86_400)
    (new,) = await taken(room, showing("new", Media(url=evil.url("/picture?2"))))
    worker = Pictures(room, hasty, None)
    await worker.work_off()
    assert await states(room, old) == ["seen"]
    assert await states(room, new) == ["kept"]
    (newer,) = await taken(room, showing("newer", Media(url=evil.url("/picture?3"))))
    await worker.work_off()
    assert await states(room, newer) == ["kept"]
    assert not (await reading.incident(room, "INC-1")).evidence  # kept, and cited by nothing


@pytest.mark.parametrize(
    ("path", "state", "why"),
    [
        ("/drawing", "refused", "it is no picture: image/svg+xml"),
        ("/page", "refused", "it is no picture: text/html"),
        ("/empty", "refused", "there is nothing in it"),
        ("/picture", "refused", "it is larger than 4 kB"),
        ("/to/private", "refused", "a private address"),
        ("/status-410", "gone", "answers 410"),
        ("/status-404", "wanted", "answers 404"),
        ("/status-500", "wanted", "answers 500"),
        ("/silence", "wanted", "no whole answer"),
    ],
)
async def test_what_is_not_kept_says_why(
    room: Room, evil: EvilServer, hasty: Fetcher, path: str, state: str, why: str
) -> None:
    (number,) = await linked(room, evil, path, keep=Keep(most="4kB"))
    await Pictures(room, hasty, None).work_off()
    one = await shown(room, number)
    assert (one.state, why in one.reason) == (state, True), one
    assert not (await reading.incident(room, "INC-1")).evidence


async def test_our_own_network_is_no_strangers(
    room: Room, evil: EvilServer, hasty: Fetcher
) -> None:
    await settled(room, evil, Keep())
    elsewhere = Media(url=evil.url("/picture", host="other.test"))
    (number,) = await taken(room, showing("a", elsewhere))
    (from_us,) = await taken(room, showing("b", Media(url=evil.url("/picture")), source="else"))
    await linking.link(room, "INC-1", [f"M-{number}", f"M-{from_us}"])
    await Pictures(room, hasty, None).work_off()
    assert await states(room, number) == ["refused"]
    assert await states(room, from_us) == ["refused"]
    assert not evil.seen


async def test_a_retry_waits_longer_each_time_until_it_is_gone(
    room: Room, clock: ManualClock, evil: EvilServer, hasty: Fetcher
) -> None:
    (number,) = await linked(room, evil, "/status-500")
    worker, waits = Pictures(room, hasty, None), []
    while (one := await shown(room, number)).state == "wanted":
        if one.tries:
            until_then = await _next(one)
            waits.append(until_then - clock.now())
            clock.advance((until_then - clock.now()).total_seconds())
        await worker.work_off()
    assert (one.state, one.tries) == ("gone", TRIES)
    assert len(waits) == TRIES - 1
    assert timedelta(seconds=48) <= waits[0] <= timedelta(seconds=72)
    assert waits[1] > waits[0]
    assert max(waits) <= LONGEST * 1.2
    assert len(evil.seen) == TRIES


async def _next(one: Picture) -> Any:
    from crisisroom.core.timeline import unstamp

    return unstamp(one.next_at)


async def test_a_dead_server_holds_up_nobody(
    room: Room, clock: ManualClock, evil: EvilServer, hasty: Fetcher
) -> None:
    await settled(room, evil, Keep())
    dead = [showing(f"d{n}", Media(url=f"http://dead.invalid/{n}.png")) for n in range(200)]
    alive = showing("alive", Media(url=evil.url("/picture")))
    numbers = await taken(room, *dead, alive)
    await linking.link(room, "INC-1", [f"M-{number}" for number in numbers])
    worker = Pictures(room, hasty, None)
    for _ in range(5):
        await worker.work()
    assert await states(room, numbers[-1]) == ["kept"]
    tries = [(await shown(room, number)).tries for number in numbers[:-1]]
    assert sum(tries) <= 5
    while (await shown(room, numbers[0])).state == "wanted" and clock.now() < START + DAYS:
        clock.advance(3600)
        await worker.work_off()
    assert {(await shown(room, number)).state for number in numbers[:-1]} == {"gone"}
    asked = sum([(await shown(room, number)).tries for number in numbers[:-1]])
    assert asked == TRIES  # given up together, not one by one


async def test_a_server_of_our_own_network_is_given_up_as_one(
    room: Room, evil: EvilServer, hasty: Fetcher
) -> None:
    await settled(room, evil, Keep())
    inside = [showing(f"d{n}", Media(url=f"http://inside.test/{n}.png")) for n in range(200)]
    numbers = await taken(room, *inside)
    await linking.link(room, "INC-1", [f"M-{number}" for number in numbers])
    worker, turns = Pictures(room, hasty, None), 0
    while await worker.work():
        turns += 1
    assert turns == TRIES
    assert {(await shown(room, number)).state for number in numbers} == {"refused"}


async def test_hostile_servers_are_one_pictures_failure(
    room: Room, evil: EvilServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "AT_ONCE", 24)
    monkeypatch.setattr(pictures, "WINDOW", 999)
    paths = [path for path in HOSTILE if path not in _LOUD]
    await settled(room, evil, Keep())
    each = [Media(url=evil.url(path, f"s{n}.test")) for n, path in enumerate(paths)]
    numbers = await taken(room, *(showing(f"h{n}", one) for n, one in enumerate(each)))
    await linking.link(room, "INC-1", [f"M-{number}" for number in numbers])
    async with Trusting(resolve=resolve) as trusting:
        await Pictures(room, trusting, None).work_off()
    for path, number in zip(paths, numbers, strict=True):
        one = await shown(room, number)
        assert one.tries == 1, path
        assert one.state in ("wanted", "refused", "gone"), path
        assert 0 < len(one.reason) < 300, path
        assert one.reason.isprintable(), path
    assert not (await reading.incident(room, "INC-1")).evidence


async def test_without_room_what_is_cited_waits_and_says_so(
    room: Room, clock: ManualClock, evil: EvilServer, hasty: Fetcher
) -> None:
    full = Keep(most="5kB", keep="7kB")
    numbers = await linked(room, evil, "/picture", "/other-picture", keep=full)
    await Pictures(room, hasty, None).work_off()
    first, second = [await shown(room, number) for number in numbers]
    assert first.state == "kept"
    assert (second.state, second.sha256) == ("wanted", "")
    assert "no room: 7 kB of pictures are cited" in second.reason
    enough = Keep(most="5kB", keep="20kB")
    config = msgspec.structs.replace(room.config, evidence=enough)
    await apply_config(room, config, "x")
    clock.advance(3601)
    await Pictures(room, hasty, None).work_off()
    assert await states(room, numbers[1]) == ["kept"]


@route("/other-picture")
async def other(x: Exchange) -> None:
    await x.answer(png("other", 5000))


async def test_a_given_hash_that_is_not_what_came_is_told(
    room: Room, evil: EvilServer, hasty: Fetcher
) -> None:
    await settled(room, evil, Keep())
    lie = Media(url=evil.url("/picture"), sha256="ab" * 32)
    (number,) = await taken(room, showing("a", lie))
    await linking.link(room, "INC-1", [f"M-{number}"])
    await Pictures(room, hasty, None).work_off()
    one = await shown(room, number)
    assert (one.state, one.sha256) == ("kept", sha(KETTLE))
    assert one.reason == f"given as {'ab' * 32}, which is not what came"


async def test_a_post_that_is_gone_at_its_source_keeps_its_evidence(
    room: Room, clock: ManualClock, evil: EvilServer, hasty: Fetcher
) -> None:
    (number,) = await linked(room, evil, "/picture")
    worker = Pictures(room, hasty, None)
    await worker.work_off()
    evil.leads_to = "/status-410"
    clock.advance(86_400)
    await linking.unlink(room, "INC-1", f"M-{number}")
    await linking.link(room, "INC-1", [f"M-{number}"])
    await worker.work_off()
    assert await states(room, number) == ["kept"]
    assert not await evidence.check(room, "INC-1")


async def test_it_works_while_things_come_in(room: Room, evil: EvilServer, hasty: Fetcher) -> None:
    await settled(room, evil, Keep())
    failed: list[BaseException] = []
    running = spawn(
        Pictures(room, hasty, None).run(), name="pictures", on_error=lambda _, e: failed.append(e)
    )
    (number,) = await taken(room, showing("a", Media(url=evil.url("/picture"))))
    await linking.link(room, "INC-1", [f"M-{number}"])

    async def kept() -> bool:
        return await states(room, number) == ["kept"]

    await until(kept)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not failed
