"""Websockets: what goes right, and every way in which a server can behave badly."""

from __future__ import annotations

import asyncio
import builtins
import socket
import ssl
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.fetch._ws import messages

Handler = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def _serving(handler: Handler, **options: Any) -> AsyncIterator[int]:
    async with serve(handler, "127.0.0.1", 0, **options) as server:
        (sock,) = server.sockets
        yield sock.getsockname()[1]


def _heard(fetch: Fetcher, port: int, **options: Any) -> AsyncGenerator[bytes, None]:
    chosen = {"private": True, "quiet": 5.0, **options}
    return messages(fetch, f"ws://evil.test:{port}/subscribe?a=1", **chosen)


async def _all(stream: AsyncGenerator[bytes, None]) -> list[bytes]:
    async with aclosing(stream):
        return [one async for one in stream]


async def test_messages_come_as_bytes_and_the_name_is_the_one_asked_for(fetch: Fetcher) -> None:
    asked: list[Request | None] = []

    async def handler(connection: ServerConnection) -> None:
        asked.append(connection.request)
        await connection.send("é")
        await connection.send(b"\xff\x00")

    async with _serving(handler) as port:
        assert await _all(_heard(fetch, port)) == ["é".encode(), b"\xff\x00"]
    (request,) = asked
    assert request is not None
    assert request.path == "/subscribe?a=1"
    assert request.headers["Host"] == f"evil.test:{port}"
    assert request.headers["User-Agent"].startswith("crisisroom/")


async def test_silence_is_told(fetch: Fetcher) -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with _serving(handler) as port, aclosing(_heard(fetch, port, quiet=0.01)) as stream:
        assert [await anext(stream) for _ in range(3)] == [b""] * 3


async def test_a_message_over_the_cap(fetch: Fetcher) -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.send(b"x" * 1000)
        await connection.send(b"x" * 1001)
        await connection.wait_closed()

    async with _serving(handler) as port, aclosing(_heard(fetch, port, cap=1000)) as stream:
        assert len(await anext(stream)) == 1000
        with pytest.raises(FetchError) as caught:
            await anext(stream)
    assert caught.value.code == "too_large"


async def test_a_bomb_in_a_compressed_message(fetch: Fetcher) -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.send(b"\0" * (64 << 20))

    async with _serving(handler) as port:
        with pytest.raises(FetchError) as caught:
            await _all(_heard(fetch, port))
    assert caught.value.code == "too_large"


async def test_a_slow_reader_holds_the_other_side_up(fetch: Fetcher) -> None:
    sent = 0

    async def handler(connection: ServerConnection) -> None:
        nonlocal sent
        while True:
            await connection.send(b"x" * 100_000)
            sent += 1

    serving = _serving(handler, compression=None)
    async with serving as port, aclosing(_heard(fetch, port)) as stream:
        await anext(stream)
        before = -1
        while sent != before:
            before = sent
            await asyncio.sleep(0.1)
        assert sent * 100_000 < 40 << 20


async def test_a_connection_that_breaks_off(fetch: Fetcher) -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.send("1")
        connection.transport.abort()

    async with _serving(handler) as port, aclosing(_heard(fetch, port)) as stream:
        assert await anext(stream) == b"1"
        with pytest.raises(FetchError, match=r"evil\.test: the stream broke off"):
            await anext(stream)


@pytest.mark.parametrize(
    ("status", "headers", "code", "wait"),
    [
        (429, {"Retry-After": "77"}, "status", 77.0),
        (503, {}, "status", None),
        (200, {}, "status", None),
        (301, {"Location": "ws://other.test/"}, "protocol", None),
    ],
)
async def test_another_answer_than_a_websocket(
    fetch: Fetcher, status: int, headers: Mapping[str, str], code: str, wait: float | None
) -> None:
    async def handler(connection: ServerConnection) -> None:
        raise AssertionError("nobody gets in")

    def answer(connection: ServerConnection, request: Request) -> Response:
        return Response(status, HTTPStatus(status).phrase, Headers(headers), b"no")

    async with _serving(handler, process_request=answer) as port:
        with pytest.raises(FetchError) as caught:
            await _all(_heard(fetch, port))
    assert (caught.value.code, caught.value.retry_after) == (code, wait)


@pytest.mark.parametrize("said", [b"", b"\0" * 500, b"HTTP/1.1 101 x\r\n\r\n", b"SSH-2.0-x\r\n"])
async def test_what_is_no_websocket(fetch: Fetcher, said: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        with pytest.raises(FetchError, match=r"evil\.test") as caught:
            await _all(_heard(fetch, server.sockets[0].getsockname()[1]))
    assert caught.value.code == "protocol"


async def test_a_handshake_that_never_ends(fetch: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(FetchError) as caught:
        await _all(_heard(fetch, silent.getsockname()[1], deadline=0.2))
    assert caught.value.code == "timeout"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ws://intranet.test/subscribe", "address"),
        ("wss://10.0.0.1/subscribe", "address"),
        ("ws://user:secret@evil.test/", "address"),
        ("ftp://evil.test/", "address"),
        ("wss://", "address"),
    ],
)
async def test_where_it_does_not_go(fetch: Fetcher, url: str, code: str) -> None:
    with pytest.raises(FetchError) as caught:
        await _all(messages(fetch, url, quiet=1.0))
    assert caught.value.code == code


async def test_nobody_there(fetch: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(FetchError, match=r"evil\.test"):
        await _all(_heard(fetch, port))


async def test_without_the_package(fetch: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def lacking(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("websockets"):
            raise ImportError(name)
        return plain(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(Refused, match="websockets") as caught:
        await _all(messages(fetch, "ws://evil.test/", quiet=1.0, private=True))
    assert "crisisroom[streams]" in caught.value.hint


async def test_the_certificate_is_checked_under_the_name_asked_for(tmp_path: Path) -> None:
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    names = "-subj /CN=shop.test -addext subjectAltName=DNS:shop.test -keyout key.pem -out ca.pem"
    await asyncio.to_thread(
        subprocess.run, [*command.split(), *names.split()], cwd=tmp_path, check=True,
        capture_output=True,
    )  # fmt: skip
    ca_file = str(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, tmp_path / "key.pem")
    asked: list[str | None] = []
    context.sni_callback = lambda _sock, name, _context: asked.append(name)

    async def handler(connection: ServerConnection) -> None:
        await connection.send("safe")

    async def loopback(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async with _serving(handler, ssl=context) as port, Fetcher(resolve=loopback) as fetch:
        good = messages(fetch, f"wss://shop.test:{port}/", quiet=5.0, private=True, ca_file=ca_file)
        assert await _all(good) == [b"safe"]
        for host, trusted in (("other.test", ca_file), ("shop.test", "")):
            bad = messages(fetch, f"wss://{host}:{port}/", quiet=5.0, private=True, ca_file=trusted)
            with pytest.raises(FetchError) as caught:
                await _all(bad)
            assert caught.value.code == "tls"
    assert asked[0] == "shop.test"
