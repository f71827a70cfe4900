"""Certificates are checked, always; an own authority comes from a file."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from crisisroom.fetch import Fetcher, FetchError


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a self-signed certificate for shop.test, which is its own authority."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    names = "-subj /CN=shop.test -addext subjectAltName=DNS:shop.test -keyout key.pem -out ca.pem"
    subprocess.run([*command.split(), *names.split()], cwd=folder, check=True, capture_output=True)
    return folder / "ca.pem"


@asynccontextmanager
async def _serving(authority: Path) -> AsyncIterator[tuple[int, list[str | None]]]:
    """Serve over TLS; the list holds the names that clients asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, authority.with_name("key.pem"))
    names: list[str | None] = []
    context.sni_callback = lambda _sock, name, _context: names.append(name)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        host = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"host:"))
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + host)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], names


async def _loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


async def test_the_name_is_asked_for_and_checked(authority: Path) -> None:
    async with _serving(authority) as (port, names), Fetcher(resolve=_loopback) as fetch:
        url = f"https://shop.test:{port}/"
        answer = await fetch.get(url, ca_file=str(authority), private=True)
    assert answer.body.lower() == f"host: shop.test:{port}".encode()
    assert names == ["shop.test"]


@pytest.mark.parametrize(("host", "own"), [("shop.test", False), ("other.test", True)])
async def test_a_wrong_certificate(authority: Path, host: str, own: bool) -> None:
    async with _serving(authority) as (port, _), Fetcher(resolve=_loopback) as fetch:
        ca_file = str(authority) if own else ""
        with pytest.raises(FetchError) as caught:
            await fetch.get(f"https://{host}:{port}/", ca_file=ca_file, private=True)
    assert (caught.value.code, caught.value.sent) == ("tls", False)


async def test_one_name_never_uses_the_connection_of_another(authority: Path) -> None:
    async with _serving(authority) as (port, _), Fetcher(resolve=_loopback) as fetch:
        await fetch.get(f"https://shop.test:{port}/", ca_file=str(authority), private=True)
        with pytest.raises(FetchError) as caught:
            await fetch.get(f"https://other.test:{port}/", ca_file=str(authority), private=True)
    assert caught.value.code == "tls"


async def test_no_tls_there() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with Fetcher(resolve=_loopback) as fetch:
            with pytest.raises(FetchError) as caught:
                await fetch.get(f"https://shop.test:{port}/", private=True)
    assert (caught.value.code, caught.value.sent) == ("tls", False)


async def test_an_unreadable_authority(tmp_path: Path) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("not a certificate")
    async with Fetcher(resolve=_loopback) as fetch:
        for path in (junk, tmp_path / "missing.pem"):
            with pytest.raises(FetchError, match="cannot read the authorities") as caught:
                await fetch.get("https://shop.test/", ca_file=str(path), private=True)
            assert caught.value.code == "tls"


@pytest.mark.parametrize(
    ("host", "own", "good"),
    [("shop.test", True, True), ("shop.test", False, False), ("other.test", True, False)],
)
async def test_connections_for_other_protocols_are_checked_alike(
    authority: Path, host: str, own: bool, good: bool
) -> None:
    async with _serving(authority) as (port, _), Fetcher(resolve=_loopback) as fetch:
        ca_file = str(authority) if own else ""
        wanted = fetch.connect(host, port, tls=True, private=True, ca_file=ca_file, deadline=10.0)
        if good:
            _, writer = await wanted
            assert writer.get_extra_info("ssl_object") is not None
            writer.close()
            return
        with pytest.raises(FetchError) as caught:
            await wanted
    assert caught.value.code == "tls"
