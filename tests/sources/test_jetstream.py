"""Contract tests of the two streams, made from their public descriptions.

The data server's own stream is tested in `real/`; a Jetstream server cannot run there.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import libipld
import pytest
from bluesky_contract import POST, record
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.server import ServerConnection, serve

from crisisroom.bluesky.firehose import FIREHOSE_PATH, Firehose, Jetstream, wire_of
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.core.watchquery import parse
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import Batch, Streaming, Watched, make
from crisisroom.sources.jetstream import JetstreamSource

SECOND = 1_000_000
CID = b"\x01\x71\x12\x20" + b"\x07" * 32


@dataclass
class Stream:
    """Tells what it has of after the cursor it is asked for, and goes on or ends."""

    events: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    stays: bool = True
    port: int = 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/subscribe"

    @property
    def firehose(self) -> str:
        return f"http://127.0.0.1:{self.port}{FIREHOSE_PATH}"

    async def handle(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        query = parse_qs(urlsplit(connection.request.path).query)
        self.asked.append(query)
        after = int(query.get("cursor", ["999999999999999999"])[0])
        for position, event in self.events:
            if position > after:
                text = event.startswith(b"{")
                await connection.send(event.decode() if text else event)
        if self.stays:
            await connection.wait_closed()

    def post(self, at: int, text: str, key: int = 0, **more: Any) -> None:
        """Tell of a post at so many microseconds since 1970."""
        commit = {
            "operation": "create",
            "collection": POST,
            "rkey": f"3k{key or at}",
            "record": record(text, **more),
        }
        event = {"did": "did:plc:pat", "time_us": at, "kind": "commit", "commit": commit}
        self.events.append((at, json.dumps(event).encode()))


@pytest.fixture
async def stream() -> AsyncIterator[Stream]:
    told = Stream()
    async with serve(told.handle, "127.0.0.1", 0) as server:
        (sock,) = server.sockets
        told.port = sock.getsockname()[1]
        yield told


def _source(url: str, clock: ManualClock, *terms: str) -> JetstreamSource:
    watched = tuple(Watched(f"t{n}", parse(say)) for n, say in enumerate(terms or ("ferrow",)))
    source = make("jetstream", "all", {"url": url, "private": True}, clock=clock, watched=watched)
    assert isinstance(source, JetstreamSource)
    assert isinstance(source, Streaming)
    return source


def _now(clock: ManualClock) -> int:
    return int(clock.now().timestamp() * SECOND)


async def _first(source: JetstreamSource, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
    async with aclosing(source.stream(cursor, fetch)) as told:
        async for batch in told:
            if batch.mentions:
                return batch
    raise AssertionError("the stream ended without a mention")


async def test_only_what_says_a_term_is_told_and_the_cursor_moves(
    stream: Stream, clock: ManualClock, fetch: Fetcher
) -> None:
    now = _now(clock)
    link = {"index": {"byteStart": 4, "byteEnd": 8}, "features": [{"uri": "https://ferrow.com/x"}]}
    stream.post(now + 1, "the Férrow kettle burns", reply={"parent": {"uri": "at://x/y/z"}})
    stream.post(now + 2, "nothing to do with us")
    stream.post(now + 3, "see this", facets=[link])
    stream.events.append((now + 4, b'{"did": "d", "time_us": "x", "commit": {}}'))
    stream.events.append((now + 5, b'{"did": "d", "time_us": %d, "kind": "identity"}' % (now + 5)))
    cursor = {"of": "jetstream", "position": now, "heard": 0}
    batch = await _first(_source(stream.url, clock, "ferrow", "ferrow.com"), cursor, fetch)
    assert [one.text for one in batch.mentions] == [
        "the Férrow kettle burns",
        "see https://ferrow.com/x",
    ]
    one = batch.mentions[0]
    assert one.external_id == f"at://did:plc:pat/{POST}/3k{now + 1}"
    assert one.url == f"https://bsky.app/profile/did:plc:pat/post/3k{now + 1}"
    assert (one.reply_to, one.author.handle, one.direct) == ("at://x/y/z", "did:plc:pat", False)
    assert batch.cursor == {
        "of": "jetstream", "position": now + 5, "heard": int(clock.now().timestamp()),
    }  # fmt: skip
    assert stream.asked == [{"wantedCollections": [POST], "cursor": [str(now - 5 * SECOND)]}]


async def test_the_first_poll_begins_now_and_the_next_hears_what_was_said_since(
    stream: Stream, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(stream.url, clock)
    first = await source.poll({}, fetch)
    assert (first.mentions, stream.asked) == ((), [])
    stream.post(_now(clock) + SECOND, "ferrow is down")
    stream.post(_now(clock) + 2 * SECOND, "what a day")
    clock.advance(60)
    second = await source.poll(first.cursor, fetch)
    assert [one.text for one in second.mentions] == ["ferrow is down"]
    assert (second.more, second.cursor["position"]) == (False, stream.events[-1][0])


async def test_a_poll_does_nothing_while_a_stream_keeps_the_cursor(
    stream: Stream, clock: ManualClock, fetch: Fetcher
) -> None:
    stream.post(_now(clock) + 1, "ferrow")
    cursor = {"of": "jetstream", "position": _now(clock), "heard": 0}
    source = _source(stream.url, clock)
    kept = (await _first(source, cursor, fetch)).cursor
    assert await source.poll(kept, fetch) == Batch((), kept)
    assert len(stream.asked) == 1
    clock.advance(16)
    await source.poll(kept, fetch)
    assert len(stream.asked) == 2


async def test_a_poll_stops_where_it_has_caught_up_though_the_stream_goes_on(
    stream: Stream, clock: ManualClock, fetch: Fetcher
) -> None:
    now = _now(clock)
    for number in range(2000):
        stream.post(now - 1000 + number, "ferrow", key=number)
    cursor = {"of": "jetstream", "position": now - 2000, "heard": 0}
    source = _source(stream.url, clock)
    batches = [await source.poll(cursor, fetch)]
    while batches[-1].more:
        batches.append(await source.poll(batches[-1].cursor, fetch))
    assert len(batches[0].mentions) == 512
    heard = {one.external_id for batch in batches for one in batch.mentions}
    assert len(heard) >= 1000
    assert batches[-1].cursor["position"] >= now


async def test_a_stream_that_breaks_has_told_what_it_had(
    stream: Stream, clock: ManualClock, fetch: Fetcher
) -> None:
    stream.stays = False
    stream.post(_now(clock) + 1, "ferrow")
    cursor = {"of": "jetstream", "position": _now(clock), "heard": 0}
    batch = await _first(_source(stream.url, clock), cursor, fetch)
    assert (len(batch.mentions), batch.cursor["position"]) == (1, _now(clock) + 1)


# --- the network's own frames -------------------------------------------------------------------


def _frame(header: dict[str, Any], body: dict[str, Any]) -> bytes:
    return libipld.encode_dag_cbor(header) + libipld.encode_dag_cbor(body)


def _car(block: dict[str, Any]) -> bytes:
    """Return an archive of one block, as far as a reader needs it."""
    head = libipld.encode_dag_cbor({"version": 1, "roots": [CID]})
    body = CID + libipld.encode_dag_cbor(block)
    return _varint(len(head)) + head + _varint(len(body)) + body


def _varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seq": "x", "ops": []},
        {"seq": 3, "ops": [{"action": "create", "path": f"{POST}/1", "cid": b"?"}]},
        {"seq": 3, "ops": {"a": 1}},
        {"seq": 3, "ops": [{"action": "create", "path": 7}], "blocks": 5},
    ],
)
def test_an_odd_frame_is_passed_over(body: dict[str, Any]) -> None:
    wire = Firehose("https://relay.example" + FIREHOSE_PATH)
    assert wire.read(_frame({"op": 1, "t": "#commit"}, body)).posts == ()


@given(st.binary(max_size=200))
def test_any_bytes_are_read(noise: bytes) -> None:
    for wire in (Firehose("https://relay.example"), Jetstream("wss://jet.example/subscribe")):
        assert wire.read(noise).posts == ()


def test_an_account_that_moved_only_moves_the_position() -> None:
    wire = Firehose("https://relay.example" + FIREHOSE_PATH)
    told = wire.read(_frame({"op": 1, "t": "#identity"}, {"seq": 7, "did": "did:plc:x"}))
    assert (told.position, told.posts) == (7, ())


def test_a_server_that_gives_up_says_why() -> None:
    wire = Firehose("https://relay.example" + FIREHOSE_PATH)
    with pytest.raises(FetchError, match="ConsumerTooSlow"):
        wire.read(_frame({"op": -1}, {"error": "ConsumerTooSlow"}))


async def test_a_position_of_another_server_is_forgotten(
    stream: Stream, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(stream.firehose, clock)
    await source.poll({"of": "relay.example", "position": 99, "heard": 0}, fetch)
    assert stream.asked == [{}]
    stream.events = [(10**17, _frame({"op": -1}, {"error": "FutureCursor"}))]
    lost = {"of": f"127.0.0.1:{stream.port}", "position": 99, "heard": 0}
    batch = await source.poll(lost, fetch)
    assert (batch.cursor["position"], batch.more) == (0, False)
    assert "forgotten" in batch.note


def test_the_address_decides() -> None:
    assert isinstance(wire_of(f"https://bsky.network{FIREHOSE_PATH}"), Firehose)
    jet = wire_of("wss://jet.example/subscribe?wantedDids=did:plc:x")
    assert jet.url(0) == (
        f"wss://jet.example/subscribe?wantedDids=did:plc:x&wantedCollections={POST}"
    )


def test_a_stream_of_everything_needs_terms(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="nothing to listen for"):
        make("jetstream", "all", {"url": "wss://jet.example/subscribe"}, clock=clock)


def test_a_post_in_a_frame() -> None:
    wire = Firehose("https://relay.example" + FIREHOSE_PATH)
    block = record("ferrow burns")
    made = {"action": "create", "path": f"{POST}/3k1", "cid": CID}
    others = [
        {"action": "delete", "path": f"{POST}/3k2", "cid": None},
        {"action": "create", "path": "app.bsky.feed.like/3k3", "cid": CID},
    ]
    body = {"seq": 5, "repo": "did:plc:pat", "time": "2026-11-22T02:00:00Z"}
    told = wire.read(
        _frame({"op": 1, "t": "#commit"}, {**body, "blocks": _car(block), "ops": [*others, made]})
    )
    assert (told.position, told.did, told.at) == (5, "did:plc:pat", "2026-11-22T02:00:00Z")
    assert told.posts == ((f"at://did:plc:pat/{POST}/3k1", block),)
