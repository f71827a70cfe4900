"""What the client does when all is well, and whom it does not talk to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from evil import EvilServer

from crisisroom.fetch import Basic, Bearer, Event, Fetcher, FetchError, Resolve


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/ok", b"hello"),
        ("/gzip", b"hello" * 1000),
        ("/gzip-members", b"one two"),
        ("/chunked", b"hello"),
        ("/not-modified", b""),
        ("/to/ok", b"hello"),
        ("/to/ok-308", b"hello"),
        ("/to/protocol-relative", b"hello"),
        ("/to/fragment", b"hello"),
        ("/charset", b"hello"),
        ("/etag-bytes", b"ok"),
    ],
)
async def test_bodies(evil: EvilServer, fetch: Fetcher, path: str, body: bytes) -> None:
    answer = await fetch.get(evil.url(path), private=True)
    assert answer.body == body
    assert answer.status == (304 if path == "/not-modified" else 200)


async def test_headers_are_lower_case_and_plain(evil: EvilServer, fetch: Fetcher) -> None:
    good = await fetch.get(evil.url("/to/ok"), private=True)
    assert good.headers["etag"] == '"v1"'
    assert good.url == evil.url("/ok")
    odd = await fetch.get(evil.url("/etag-bytes"), private=True)
    assert "etag" not in odd.headers
    assert odd.headers["x-a"] == "1"


async def test_what_we_send(evil: EvilServer, fetch: Fetcher) -> None:
    await fetch.get(evil.url("/ok"), private=True, headers={"If-None-Match": '"v1"'})
    sent = evil.seen[0].headers
    assert sent["accept-encoding"] == "gzip"
    assert sent["host"] == f"evil.test:{evil.port}"
    assert sent["user-agent"].startswith("crisisroom/")
    assert sent["if-none-match"] == '"v1"'
    assert "authorization" not in sent


async def test_post_json_and_form(evil: EvilServer, fetch: Fetcher) -> None:
    answer = await fetch.post(evil.url("/echo"), json={"a": "é"}, private=True)
    assert json.loads(answer.body) == {"a": "é"}
    assert answer.headers["content-type"] == "application/json"
    answer = await fetch.post(
        evil.url("/echo"), form={"a": "b c"}, headers={"Idempotency-Key": "k"}, private=True
    )
    assert answer.body == b"a=b+c"
    assert evil.seen[-1].headers["idempotency-key"] == "k"


async def test_post_is_not_redirected(evil: EvilServer, fetch: Fetcher) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch.post(evil.url("/to/ok-308"), json={}, private=True)
    assert (caught.value.code, caught.value.sent) == ("redirect", True)


async def test_cookies_are_not_kept(evil: EvilServer, fetch: Fetcher) -> None:
    for _ in range(2):
        assert (await fetch.get(evil.url("/cookie"), private=True)).body == b"none"


async def test_keeps_connections_and_survives_a_stale_one(evil: EvilServer, fetch: Fetcher) -> None:
    assert (await fetch.get(evil.url("/stale"), private=True)).body == b"hello"
    assert evil.connections == 1
    assert (await fetch.get(evil.url("/stale"), private=True)).body == b"hello"
    assert [x.path for x in evil.seen] == ["/stale"] * 3
    assert evil.connections == 2


async def test_many_hosts_do_not_keep_many_connections(
    evil: EvilServer,
) -> None:
    async def anywhere(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async with Fetcher(resolve=anywhere) as fetch:
        for number in range(70):
            await fetch.get(evil.url("/ok", f"h{number}.test"), private=True)
        assert evil.connections == 70
        await asyncio.wait_for(evil.gone.wait(), 10)


# --- credentials ------------------------------------------------------------------------------

TOKEN = "canary-1234"


async def test_a_token_goes_to_its_origin_only(evil: EvilServer) -> None:
    names: dict[str, list[str]] = {}

    async with Fetcher(resolve=_fixed(names)) as fetch:
        names["evil.test"] = names["other.test"] = ["127.0.0.1"]
        headers = {"X-Api-Key": TOKEN, "Accept": "text/html"}
        options = {"auth": Bearer(TOKEN), "headers": headers, "private": True}
        await fetch.get(evil.url("/to/ok"), **options)  # type: ignore[arg-type]
        assert all(x.headers["authorization"] == f"Bearer {TOKEN}" for x in evil.seen)
        evil.seen.clear()
        with pytest.raises(FetchError, match="private address"):
            await fetch.get(evil.url("/to/other-host"), **options)  # type: ignore[arg-type]
    assert [x.path for x in evil.seen] == ["/to/other-host"]


async def test_another_origin_gets_no_secrets(
    evil: EvilServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisroom.fetch.client.why_not", lambda *_, **__: "")
    async with Fetcher(
        resolve=_fixed({"evil.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]})
    ) as f:
        headers = {"X-Api-Key": TOKEN, "Accept": "text/html"}
        await f.get(evil.url("/to/other-host"), auth=Bearer(TOKEN), headers=headers, private=True)
    assert evil.seen[-1].path == "/ok"
    assert evil.seen[-1].headers["accept"] == "text/html"
    assert TOKEN not in str(evil.seen[-1].headers)


async def test_a_token_needs_https_or_a_private_network(fetch: Fetcher) -> None:
    async def public(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34"]

    async with Fetcher(resolve=public) as outside:
        with pytest.raises(FetchError, match="https only"):
            await outside.get("http://evil.test/", auth=Bearer(TOKEN))


async def test_tokens_are_never_logged(
    evil: EvilServer, fetch: Fetcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = evil.url(f"/ok?access_token={TOKEN}")
    await fetch.get(url, auth=Bearer(TOKEN), private=True)
    with pytest.raises(FetchError) as caught:
        await fetch.get(
            evil.url(f"/hang-up?access_token={TOKEN}"), auth=Bearer(TOKEN), private=True
        )
    assert TOKEN not in caplog.text
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(Bearer(TOKEN))


# --- addresses --------------------------------------------------------------------------------


def _fixed(names: dict[str, list[str]]) -> Resolve:
    async def resolve(host: str, _port: int) -> list[str]:
        return names[host]

    return resolve


async def test_private_answers_are_refused(evil: EvilServer, fetch: Fetcher) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch.get(evil.url("/ok"))
    assert (caught.value.code, caught.value.sent) == ("address", False)
    assert evil.connections == 0


async def test_one_private_answer_among_public_ones(evil: EvilServer) -> None:
    mixed = _fixed({"evil.test": ["93.184.216.34", "127.0.0.1"]})
    async with Fetcher(resolve=mixed) as fetch:
        with pytest.raises(FetchError, match="private address"):
            await fetch.get(evil.url("/ok"))
    assert evil.connections == 0


async def test_a_name_is_asked_for_once(evil: EvilServer) -> None:
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    async with Fetcher(resolve=rebinding) as fetch:
        assert (await fetch.get(evil.url("/ok"), private=True)).body == b"hello"
    assert asked == ["evil.test"]


async def test_the_next_address_is_tried(evil: EvilServer) -> None:
    async with Fetcher(resolve=_fixed({"evil.test": ["127.0.0.9", "127.0.0.1"]})) as fetch:
        assert (await fetch.get(evil.url("/ok"), private=True)).body == b"hello"


async def test_no_address() -> None:
    async with Fetcher(resolve=_fixed({"evil.test": []})) as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch.get("http://evil.test/")
    assert caught.value.code == "dns"


async def test_a_name_server_that_never_answers() -> None:
    async def silent(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    async with Fetcher(resolve=silent) as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch.get("http://evil.test/", deadline=0.05)
    assert (caught.value.code, caught.value.sent) == ("timeout", False)


async def test_headers_of_two_lines_are_never_sent(evil: EvilServer, fetch: Fetcher) -> None:
    for value in ("a\r\nX-Evil: 1", "a\nb", "é\u2028"):
        with pytest.raises(FetchError):
            await fetch.get(evil.url("/ok"), headers={"If-None-Match": value}, private=True)
    assert evil.seen == []


async def test_the_system_resolves(evil: EvilServer) -> None:
    async with Fetcher() as fetch:
        answer = await fetch.get(evil.url("/ok", "127.0.0.1"), private=True)
        assert answer.body == b"hello"
        with pytest.raises(FetchError) as caught:
            await fetch.get("http://" + "x" * 70 + ".test/")
    assert caught.value.code == "dns"


@pytest.mark.parametrize(
    "url",
    ["", "x", "file:///etc/passwd", "http://", "http://a:b@evil.test/", "http://evil.test:0/",
     "http://[::1", "gopher://x/", "http://evil.test/" + "x" * 9000, "https://ex\x00ample.test/"],
)  # fmt: skip
async def test_urls_we_do_not_go_to(fetch: Fetcher, url: str) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch.get(url, private=True)
    assert caught.value.code == "address"


# --- server-sent events -----------------------------------------------------------------------


async def test_events(evil: EvilServer, fetch: Fetcher) -> None:
    got = [event async for event in fetch.stream(evil.url("/events"), private=True)]
    assert got == [Event("update", "{é}", "7"), Event("message", "2", "7")]
    assert evil.seen[0].headers["accept"] == "text/event-stream"


async def _collect(stream: AsyncIterator[Event], into: list[Event]) -> None:
    async for event in stream:
        into.append(event)


@pytest.mark.parametrize(
    ("path", "code", "events"),
    [
        ("/events-silent", "timeout", 1),
        ("/events-endless-line", "too_large", 0),
        ("/events-endless-event", "too_large", 0),
        ("/ok", "protocol", 0),
        ("/gzip", "protocol", 0),
        ("/status-404", "status", 0),
        ("/silence", "timeout", 0),
        ("/to/file", "redirect", 0),
        ("/reset", "protocol", 0),
    ],
)
async def test_events_that_fail(
    evil: EvilServer, fetch: Fetcher, path: str, code: str, events: int
) -> None:
    seen: list[Event] = []
    seconds = 0.4 if code == "timeout" else 20.0
    stream = fetch.stream(evil.url(path), idle=seconds, deadline=seconds, private=True)
    with pytest.raises(FetchError) as caught:
        await _collect(stream, seen)
    assert (caught.value.code, len(seen)) == (code, events)


async def test_leaving_a_stream_closes_it(evil: EvilServer, fetch: Fetcher) -> None:
    async with aclosing(fetch.stream(evil.url("/events-silent"), private=True)) as stream:
        async for _ in stream:
            break
    await fetch.aclose()
    assert [x.path for x in evil.seen] == ["/events-silent"]


# --- lines that do not end ------------------------------------------------------------------------


async def _lines(stream: AsyncIterator[bytes], into: list[bytes]) -> None:
    async for line in stream:
        into.append(line)


async def test_lines(evil: EvilServer, fetch: Fetcher) -> None:
    got: list[bytes] = []
    await _lines(fetch.lines(evil.url("/lines"), private=True), got)
    assert got == [b'{"a": 1}', b'{"b": 2}']  # blank ones only show that the server lives
    assert evil.seen[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("path", "code", "lines"),
    [
        ("/lines-silent", "timeout", 1),
        ("/lines-endless", "too_large", 0),
        ("/gzip", "protocol", 0),
        ("/status-404", "status", 0),
        ("/silence", "timeout", 0),
        ("/reset", "protocol", 0),
    ],
)
async def test_lines_that_fail(
    evil: EvilServer, fetch: Fetcher, path: str, code: str, lines: int
) -> None:
    got: list[bytes] = []
    seconds = 0.4 if code == "timeout" else 20.0
    stream = fetch.lines(evil.url(path), idle=seconds, deadline=seconds, private=True)
    with pytest.raises(FetchError) as caught:
        await _lines(stream, got)
    assert (caught.value.code, len(got)) == (code, lines)


# --- a user and a password ------------------------------------------------------------------------


async def test_basic_credentials_go_to_their_origin_and_never_in_clear(
    evil: EvilServer, fetch: Fetcher
) -> None:
    auth = Basic("pät", TOKEN)
    await fetch.get(evil.url("/to/ok"), auth=auth, private=True)
    sent = evil.seen[0].headers["authorization"]
    assert b64decode(sent.removeprefix("Basic ")).decode() == f"pät:{TOKEN}"
    assert TOKEN not in repr(auth)
    evil.seen.clear()
    with pytest.raises(FetchError):
        await fetch.get(evil.url("/to/other-host"), auth=auth, private=True)
    assert [x.path for x in evil.seen] == ["/to/other-host"]
    names = {"evil.test": ["93.184.216.34"]}
    async with Fetcher(resolve=_fixed(names)) as public:
        with pytest.raises(FetchError, match="https only"):
            await public.get("http://evil.test/", auth=auth)


# --- connections for other protocols --------------------------------------------------------------


async def test_a_connection_goes_where_http_may_go(evil: EvilServer, fetch: Fetcher) -> None:
    async def connect(host: str, port: int, *, private: bool) -> bytes:
        reader, writer = await fetch.connect(
            host, port, tls=False, private=private, ca_file="", deadline=5.0
        )
        writer.write(b"GET /ok HTTP/1.1\r\n\r\n")
        line = await reader.readline()
        writer.close()
        return line

    assert await connect("evil.test", evil.port, private=True) == b"HTTP/1.1 200 OK\r\n"
    for host, private, code in (
        ("evil.test", False, "address"),
        ("224.0.0.1", True, "address"),
    ):
        with pytest.raises(FetchError) as caught:
            await connect(host, evil.port, private=private)
        assert caught.value.code == code
    with pytest.raises(FetchError) as caught:
        await connect("evil.test", 1, private=True)
    assert caught.value.code == "refused"


async def test_what_cannot_be_repeated_never_goes_over_a_connection_that_just_ends(
    fetch: Fetcher,
) -> None:
    """A server may close an idle connection at any moment without having said so."""
    heard: list[tuple[int, str]] = []
    open_ones: list[asyncio.StreamWriter] = []

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.append(writer)
        number = len({one for one, _ in heard})
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                await reader.readexactly(2 if "post" in head else 0)
                heard.append((number, head.partition(" ")[0]))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server:
        for _ in range(2):
            await fetch.get(url, private=True)
            await fetch.post(url, json={}, private=True)
        for writer in open_ones:
            writer.close()
            await writer.wait_closed()
    assert [method for _, method in heard] == ["get", "post"] * 2
    gets = {number for number, method in heard if method == "get"}
    posts = [number for number, method in heard if method == "post"]
    assert len(gets) == 1
    assert len(set(posts)) == 2
    assert not gets & set(posts)
