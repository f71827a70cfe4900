"""Bluesky's own servers: what strangers say there is in the room soon, once, in its thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from crisisroom.bluesky.session import Account, Door, door_of
from crisisroom.clock import SystemClock
from crisisroom.core.mention import Incoming
from crisisroom.core.watchquery import parse
from crisisroom.fetch import Fetcher
from crisisroom.sources import Batch, Watched, make
from crisisroom.sources.bluesky import BlueskySource
from crisisroom.sources.jetstream import JetstreamSource
from real.program import PERIOD, Json, Program
from real.servers.base import wait_until
from real.servers.bluesky import Bluesky, Person

CLOCK = SystemClock()
SOON = timedelta(seconds=2)  # of a stream's event
LOGINS = 30  # in five minutes, and then the door is shut


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher


def _source(who: Person, term: str = "ferrow") -> BlueskySource:
    options = {"server": who.server, "handle": who.handle, "private": True}
    options |= {"notifications": True, "search": True}
    watched = (Watched("brand", parse(term)),)
    source = make("bluesky", "sky", options, clock=CLOCK, token=who.password, watched=watched)
    assert isinstance(source, BlueskySource)
    return source


def _firehose(bluesky: Bluesky, term: str) -> JetstreamSource:
    options = {"url": bluesky.firehose, "private": True}
    watched = (Watched("brand", parse(term)),)
    source = make("jetstream", "all", options, clock=CLOCK, watched=watched)
    assert isinstance(source, JetstreamSource)
    return source


def _door(who: Person, fetch: Fetcher) -> Door:
    account = Account(who.server, who.handle, who.password, private=True)
    return door_of(account, CLOCK, fetch)


def _stored(cursor: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(cursor))
    return found


def _listens(program: Program, bluesky: Bluesky, term: str) -> None:
    """Give the room the brand's account, a watched term, and the source."""
    secret = program.folder / "token"
    secret.write_text(bluesky.brand.password)
    secret.chmod(0o600)
    program.accounts.append(
        f"{{id: main, type: bluesky, server: {bluesky.url}, handle: {bluesky.brand.handle}, "
        "private: yes, token_file: token}"
    )
    program.sources.append(
        "{id: sky, type: bluesky, account: main, notifications: yes, search: yes, "
        f"every: {PERIOD}s}}"
    )
    program.configure()
    config = program.folder / "crisisroom.yaml"
    config.write_text(config.read_text() + f"terms:\n  - {{id: ours, say: {term}}}\n")


def test_a_mention_and_a_post_with_our_term_are_in_the_room_once(
    program: Program, bluesky: Bluesky
) -> None:
    _listens(program, bluesky, "ferrow")
    with program.watching():
        wait_until(lambda: program.source("sky")["state"] == "ok", "a first poll")
        named = bluesky.stranger.post("my order is gone", names=bluesky.brand)
        said = bluesky.fan.post("the ferrow kettle burns")
        bluesky.fan.post("the weather is fine")
        answer = bluesky.fan.post("mine too", names=bluesky.brand, under=named)
        bluesky.brand.wait_seen(answer)
        shown = datetime.now(UTC)
        found = [program.wait_for(text) for text in ("order is gone", "kettle burns", "mine too")]
        wait_until(lambda: _polls(program) >= 2, "two more polls")
        everything = program.mentions()

    # Two polls: the one that was under way, and its own.
    late = timedelta(seconds=2 * PERIOD)
    assert all(datetime.fromisoformat(one["seen_at"]) - shown < late for one in found)
    assert [one["external_id"] for one in found] == [named["uri"], said["uri"], answer["uri"]]
    assert found[2]["reply_to"] == named["uri"]
    assert [one["author"]["handle"] for one in found] == ["angry.test", "happy.test", "happy.test"]
    assert len(everything) == 3


_polled: set[str] = set()


def _polls(program: Program) -> int:
    """How many different moments the source was last asked well at, as far as we looked."""
    _polled.add(program.source("sky")["last_ok_at"])
    return len(_polled) - 1


async def test_a_deleted_post_is_not_taken_in(bluesky: Bluesky, fetch: Fetcher) -> None:
    source = _source(bluesky.brand, "walrus")
    gone = bluesky.stranger.post("walrus one", names=bluesky.brand)
    kept = bluesky.stranger.post("walrus two", names=bluesky.brand)
    own = bluesky.brand.post("walrus three")
    await asyncio.to_thread(bluesky.brand.wait_seen, own)
    bluesky.stranger.delete(gone)
    await asyncio.to_thread(bluesky.brand.wait_seen, kept)
    await asyncio.to_thread(_wait_gone, bluesky.brand, gone["uri"])
    batch = await source.poll({}, fetch)
    walruses = [one.external_id for one in batch.mentions if "walrus" in one.text]
    assert walruses == [kept["uri"]]


def _wait_gone(who: Person, uri: str) -> None:
    def gone() -> bool:
        return not who.call("GET", "app.bsky.feed.getPosts", params={"uris": uri})["posts"]

    wait_until(gone, "the deletion", 30)


async def test_a_flood_is_read_to_its_end_across_restarts(bluesky: Bluesky, fetch: Fetcher) -> None:
    batch = await _source(bluesky.brand, "narwhal").poll({}, fetch)
    posts = [bluesky.stranger.post(f"narwhal {n}")["uri"] for n in range(130)]
    last = bluesky.fan.post("narwhal, the end")
    await asyncio.to_thread(bluesky.brand.wait_seen, last)
    heard: list[str] = []
    for _ in range(4):
        batch = await _source(bluesky.brand, "narwhal").poll(_stored(batch.cursor), fetch)
        heard += [one.external_id for one in batch.mentions if "narwhal" in one.text]
    assert sorted(heard) == sorted([*posts, last["uri"]])


async def test_the_firehose_tells_within_two_seconds(bluesky: Bluesky, fetch: Fetcher) -> None:
    source = _firehose(bluesky, "puffin")
    async with aclosing(source.stream({}, fetch)) as told:
        await anext(told)  # the first word of it: it listens
        bluesky.fan.post("no such bird")
        posted = bluesky.stranger.post("a puffin in my kettle")
        began = CLOCK.now()
        mention, cursor = await asyncio.wait_for(_mention(told), 10)
        took = CLOCK.now() - began
    assert took < SOON
    assert (mention.external_id, mention.text) == (posted["uri"], "a puffin in my kettle")
    assert mention.author.handle == bluesky.stranger.did

    missed = bluesky.stranger.post("another puffin, with nobody there")
    later = await _firehose(bluesky, "puffin").poll({**_stored(cursor), "heard": 0}, fetch)
    assert [one.external_id for one in later.mentions] == [missed["uri"]]
    again = await _firehose(bluesky, "puffin").poll(_stored(later.cursor), fetch)
    assert again.mentions == ()


async def _mention(told: AsyncGenerator[Batch, None]) -> tuple[Incoming, dict[str, Any]]:
    async for batch in told:
        if batch.mentions:
            return batch.mentions[0], batch.cursor
    raise AssertionError("the stream ended")


async def test_a_worn_out_session_is_refreshed_and_not_logged_in_again(
    bluesky: Bluesky, fetch: Fetcher
) -> None:
    who = bluesky.person("refresh.test")
    source = _source(who)
    await source.poll({}, fetch)
    door = _door(who, fetch)
    before = _logins_left(who)
    for _ in range(3):
        good = await door.session(fetch)
        worn = msgspec.structs.replace(good, access_jwt=good.access_jwt[:-4] + "AAAA")
        door._session = worn
        await source.poll({}, fetch)
        assert (await door.session(fetch)).access_jwt != worn.access_jwt
    assert door.logins == 1
    assert before - _logins_left(who) == 1  # our own look at the budget


def _login(who: Person) -> httpx.Response:
    body = {"identifier": who.handle, "password": who.password}
    name = "com.atproto.server.createSession"
    return httpx.post(f"{who.server}/xrpc/{name}", json=body, timeout=20, trust_env=False)


def _logins_left(who: Person) -> int:
    """Log in, and return how many more times the server lets us."""
    return int(_login(who).headers["ratelimit-remaining"])


async def test_a_shut_door_is_left_alone_for_as_long_as_the_server_says(
    bluesky: Bluesky, fetch: Fetcher
) -> None:
    who = bluesky.person("limit.test")
    answers = [_login(who).status_code for _ in range(LOGINS + 1)]
    assert answers[-1] == 429
    source = _source(who)
    waits = [(await source.poll({}, fetch)).wait for _ in range(5)]
    assert all(60 < wait <= 300 for wait in waits)
    assert _door(who, fetch).logins == 1


def test_a_watcher_hears_the_firehose_at_once_and_what_was_said_while_it_was_away(
    program: Program, bluesky: Bluesky
) -> None:
    program.sources.append(
        f"{{id: all, type: jetstream, url: '{bluesky.firehose}', private: yes, every: 3600s}}"
    )
    program.configure()
    config = program.folder / "crisisroom.yaml"
    config.write_text(config.read_text() + "terms:\n  - {id: ours, say: gannet}\n")
    with program.watching():
        wait_until(lambda: _heard_of(program, bluesky), "the first word of the stream")
        said = bluesky.stranger.post("a gannet on the roof")
        posted = datetime.now(UTC)
        found = program.wait_for("on the roof")
    assert datetime.fromisoformat(found["seen_at"]) - posted < SOON
    assert found["external_id"] == said["uri"]

    missed = bluesky.stranger.post("a gannet with nobody there")
    heard = wait_until(lambda: _once(program, "nobody there"), "a catch-up", 60)
    assert [one["external_id"] for one in heard] == [missed["uri"]]
    assert len(program.mentions("on the roof")) == 1


def _heard_of(program: Program, bluesky: Bluesky) -> bool:
    """Post until one arrives: nobody but the server knows when a stream has begun."""
    bluesky.fan.post("gannet, is anybody there?")
    return bool(program.mentions("anybody"))


def _once(program: Program, text: str) -> list[Json]:
    program.run("watch", "--once")
    return program.mentions(text)
