"""The webhook: an answer only after storing, and nobody who is slow or hostile in the way."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.alerts import FIRING, group
from sources.good_feeds import NOW

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.mention import Incoming
from crisisroom.fetch import Fetcher
from crisisroom.sources import alertmanager, make, webhook, webhook_server
from crisisroom.sources.webhook import TOGETHER, WebhookSource
from crisisroom.sources.webhook_server import BODY_CAP, MOST

SECRET = "canary-1234"


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose path is short enough for a socket in it."""
    with tempfile.TemporaryDirectory(prefix="cr-") as folder:
        yield Path(folder)


def _free() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def _source(clock: ManualClock, listen: str, **options: str) -> WebhookSource:
    source = make("webhook", "hook", {"listen": listen, **options}, clock=clock)
    assert isinstance(source, WebhookSource)
    return source


class Room:
    """Whoever takes what a webhook yields: keeps it when it is let to."""

    def __init__(self) -> None:
        self.kept: list[Incoming] = []
        self.may = asyncio.Event()
        self.may.set()
        self.asked = asyncio.Event()

    async def follow(self, source: WebhookSource, fetch: Fetcher) -> None:
        """Take in what comes, until cancelled."""
        async with aclosing(source.stream({}, fetch)) as heard:
            async for told in heard:
                self.asked.set()
                await self.may.wait()
                self.kept += told


@asynccontextmanager
async def standing(source: WebhookSource, fetch: Fetcher) -> AsyncIterator[Room]:
    """Run a webhook until it listens, and take what it yields."""
    room = Room()
    task = asyncio.ensure_future(room.follow(source, fetch))
    while not await _listens(source):
        assert not task.done()
    try:
        yield room
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _listens(source: WebhookSource) -> bool:
    await asyncio.sleep(0)
    try:
        _, writer = await _open(source._listen)
    except OSError:
        return False
    writer.close()
    return True


async def _open(listen: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if "/" in listen:
        return await asyncio.open_unix_connection(listen)
    host, _, port = listen.rpartition(":")
    return await asyncio.open_connection(host, int(port))


async def say(listen: str, raw: bytes) -> tuple[int, list[dict[str, Any]]]:
    """Send bytes and return the status and the lines of the answer; 0 where there was none."""
    reader, writer = await _open(listen)
    writer.write(raw)
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head:
        return 0, []
    return int(head.split(b" ")[1]), [json.loads(line) for line in body.splitlines()]


def request(body: Any, path: str = "/", method: str = "POST", **headers: str) -> bytes:
    """Return a request as bytes; a `_` in a header's name stands for a dash."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [] if "Host" in headers else ["Host: localhost"]
    return "\r\n".join([*lines, "", ""]).encode() + data


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ({"text": "one"}, ["one"]),
        ([{"text": "one"}, {"text": "two"}], ["one", "two"]),
        (b'{"text": "one"}\n\n{"text": "two"}\n', ["one", "two"]),
        (b'{\n  "text": "one"\n}\n', ["one"]),
        ([], []),
    ],
)
async def test_what_ingest_takes(
    clock: ManualClock, fetch: Fetcher, body: Any, texts: list[str]
) -> None:
    source = _source(clock, _free())
    async with standing(source, fetch) as room:
        assert await say(source._listen, request(body)) == (200, [{"stored": len(texts)}])
        assert [one.text for one in room.kept] == texts


async def test_the_answer_waits_until_it_is_stored(clock: ManualClock, fetch: Fetcher) -> None:
    source = _source(clock, _free())
    async with standing(source, fetch) as room:
        room.may.clear()
        answer = asyncio.ensure_future(say(source._listen, request({"text": "one"})))
        await room.asked.wait()
        other = asyncio.ensure_future(say(source._listen, request(b"no json")))
        assert (await other)[0] == 400  # who has nothing to store waits for nobody
        assert not answer.done()
        room.may.set()
        assert (await answer)[0] == 200


async def test_calls_that_wait_are_stored_together_and_never_parted() -> None:
    calls: asyncio.Queue[webhook._Given] = asyncio.Queue()
    for count in (TOGETHER - 1, 2, 1):
        mentions = tuple(Incoming(text=str(one)) for one in range(count))
        calls.put_nowait(webhook._Given(mentions))
    together = [len(one.mentions) for one in webhook._waiting(calls, TOGETHER)]
    assert together == [TOGETHER - 1, 2]
    assert [len(one.mentions) for one in webhook._waiting(calls)] == [1]
    assert list(webhook._waiting(calls)) == []


async def test_what_could_not_be_stored_is_answered_with_503(
    clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(clock, _free())
    heard = source.stream({}, fetch)
    first = asyncio.ensure_future(anext(heard))
    while not await _listens(source):
        continue
    answers = [
        asyncio.ensure_future(say(source._listen, request({"text": str(n)}))) for n in range(3)
    ]
    await first
    await heard.aclose()  # as where the transaction fails
    statuses = [(await answer)[0] for answer in answers]
    assert statuses[0] == 503
    assert 200 not in statuses


REFUSALS: list[tuple[bytes, int, str]] = [
    (request({}, "/other"), 404, "no-such-path"),
    (request({}, "/", "GET"), 405, "no-such-method"),
    (request({}, "/", "DELETE"), 405, "no-such-method"),
    (request({"text": "a"}, Origin="https://evil.example"), 403, "browser"),
    (request({"text": "a"}, Sec_Fetch_Site="cross-site"), 403, "browser"),
    (request({"text": "a"}, Host="evil.example:80"), 403, "host"),
    (request(b"{"), 400, "bad-mention"),
    (request({"no": "text"}), 400, "bad-mention"),
    (request([{"text": "a"}, 7]), 400, "bad-mention"),
    (request(b'{"text": "a"}\n{"text": }\n'), 400, "bad-mention"),
    (request({"alerts": [{"labels": {}}]}, "/alertmanager"), 400, "bad-mention"),
    (request({"text": "a"}, "/alertmanager"), 400, "bad-mention"),
    (request(b"x" * (BODY_CAP + 1)), 413, "too-large"),
    (request(b"", Content_Length="999999999999999999999999"), 400, "no-http"),
    (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        + (b"fffff\r\n" + b"x" * 0xFFFFF + b"\r\n") * 2,
        413,
        "too-large",
    ),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "no-http"),
    (b"POST / HTTP/1.1\r\nX: " + b"x" * 40_000, 431, "no-http"),
]


@pytest.mark.parametrize(("raw", "status", "code"), REFUSALS)
async def test_refusals(
    clock: ManualClock, fetch: Fetcher, raw: bytes, status: int, code: str
) -> None:
    source = _source(clock, _free())
    async with standing(source, fetch) as room:
        answered, lines = await say(source._listen, raw)
        assert (answered, {line["error"] for line in lines}) == (status, {code})
        assert room.kept == []


async def test_a_bad_line_is_named_and_none_is_taken(clock: ManualClock, fetch: Fetcher) -> None:
    source = _source(clock, _free())
    body = b'{"text": "good"}\nbroken\n{"text": ""}\n'
    async with standing(source, fetch) as room:
        _, lines = await say(source._listen, request(body))
        assert [line["line"] for line in lines] == [2, 3]
        assert room.kept == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": f"Basic {SECRET}"}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"X_Crisisroom_Secret": SECRET + "x"}, 401),
        ({"Authorization": "Bearer \xff"}, 401),
        ({"Authorization": f"bearer {SECRET}"}, 200),
        ({"X_Crisisroom_Secret": SECRET}, 200),
    ],
)
async def test_the_secret(
    clock: ManualClock,
    fetch: Fetcher,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    status: int,
) -> None:
    monkeypatch.setenv("HOOK", SECRET)
    source = _source(clock, _free(), secret_env="HOOK")
    async with standing(source, fetch):
        raw = request({"text": "a"}, **headers).decode().encode("latin-1")
        assert (await say(source._listen, raw))[0] == status


def test_a_secret_that_is_not_there_is_no_open_door(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="HOOK_MISSING is empty"):
        _source(clock, "127.0.0.1:1", secret_env="HOOK_MISSING")


async def test_slow_callers_lose_their_place_to_others(clock: ManualClock, fetch: Fetcher) -> None:
    source = _source(clock, _free())
    async with standing(source, fetch) as room:
        slow = [await _open(source._listen) for _ in range(MOST * 2)]
        for _, writer in slow:
            writer.write(b"POST / HTTP/1.1\r\nHost: loc")
        assert (await say(source._listen, request({"text": "quick"})))[0] == 200
        assert [one.text for one in room.kept] == ["quick"]
        gone = [reader for reader, _ in slow[:MOST]]
        assert all([await _ended(reader) for reader in gone])
        for _, writer in slow:
            writer.close()


async def _ended(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


async def test_a_request_that_never_ends_is_told_so(
    clock: ManualClock, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_server, "SECONDS", 0.05)
    source = _source(clock, _free())
    async with standing(source, fetch):
        status, lines = await say(source._listen, b"POST / HTTP/1.1\r\nHost: localhost\r\n")
    assert (status, lines[0]["error"]) == (408, "slow")


async def test_who_asks_before_sending_is_told_to_go_on(clock: ManualClock, fetch: Fetcher) -> None:
    source = _source(clock, _free())
    async with standing(source, fetch) as room:
        reader, writer = await _open(source._listen)
        head, _, body = request({"text": "a"}, Expect="100-continue").partition(b"\r\n\r\n")
        writer.write(head + b"\r\n\r\n")
        assert b" 100 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(body)
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()
        assert len(room.kept) == 1


# --- where it listens -----------------------------------------------------------------------------


async def test_a_unix_socket_is_its_owners(
    clock: ManualClock, fetch: Fetcher, short_path: Path
) -> None:
    path = short_path / "hook"
    source = _source(clock, str(path))
    async with standing(source, fetch) as room:
        assert path.stat().st_mode & 0o777 == 0o600
        assert (await say(str(path), request({"text": "a"}, Host="room")))[0] == 200
        assert len(room.kept) == 1
        other = _source(clock, str(path))
        assert [told async for told in other.stream({}, fetch)] == []
        with pytest.raises(Unavailable, match="another process listens there"):
            await other.poll({}, fetch)
    assert not path.exists()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))  # a process that was killed leaves this behind
    async with standing(source, fetch):
        assert (await source.poll({}, fetch)).mentions == ()


async def test_a_file_is_never_replaced(
    clock: ManualClock, fetch: Fetcher, short_path: Path
) -> None:
    path = short_path / "precious"
    path.write_text("words")
    source = _source(clock, str(path))
    assert [told async for told in source.stream({}, fetch)] == []
    with pytest.raises(Unavailable, match="a file of this name"):
        await source.poll({}, fetch)
    assert path.read_text() == "words"


@pytest.mark.parametrize("listen", ["0.0.0.0:8800", "10.0.0.1:80", "[::]:80", "example.org:80"])
async def test_the_network_is_never_listened_to(
    clock: ManualClock, fetch: Fetcher, listen: str
) -> None:
    source = _source(clock, listen)
    assert [told async for told in source.stream({}, fetch)] == []
    with pytest.raises(Unavailable, match="not this machine's own address"):
        await source.poll({}, fetch)


async def test_a_taken_port_is_told_by_the_poll(clock: ManualClock, fetch: Fetcher) -> None:
    listen = _free()
    async with standing(_source(clock, listen), fetch):
        second = _source(clock, listen)
        assert [told async for told in second.stream({}, fetch)] == []
        with pytest.raises(Unavailable, match=os.strerror(98)):
            await second.poll({}, fetch)


# --- Alertmanager ---------------------------------------------------------------------------------


async def test_an_alert_and_its_end_are_one_mention(clock: ManualClock, fetch: Fetcher) -> None:
    source = _source(clock, _free())
    async with standing(source, fetch) as room:
        for status in ("firing", "resolved"):
            for path in ("/", "/alertmanager"):
                assert (await say(source._listen, request(group(status), path)))[0] == 200
    first, again, *ended = room.kept
    assert first == again
    assert {one.external_id for one in ended} == {first.external_id}
    assert (first.kind, first.direct, first.posted_at is not None) == ("alert", True, True)
    assert first.text.startswith("firing: ShopDown (critical)\nThe shop does not answer")
    assert "instance: shop-1" in first.text
    assert ended[0].text.startswith("resolved: ShopDown (critical)\nended 2026-11-22T02:12")
    assert first.author.handle == "alertmanager"
    assert first.url == FIRING["generatorURL"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional={name: _JSON for name in FIRING}))
def test_any_alert(alert: dict[str, Any]) -> None:
    clock = ManualClock(NOW)
    try:
        found = alertmanager.mentions_of({"alerts": [alert]}, "hook", clock.now())
    except ValueError:
        return
    assert all(one.text and one.external_id for one in found)
