"""A web server on loopback that misbehaves in every way we have met or could think of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Misbehaviour = Callable[["Exchange"], Awaitable[None]]
ROUTES: dict[str, Misbehaviour] = {}


@dataclass
class Exchange:
    """One request as it came, and the socket to answer on."""

    path: str
    headers: dict[str, str]
    body: bytes
    writer: asyncio.StreamWriter
    server: EvilServer

    async def raw(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()

    async def answer(self, body: bytes = b"", *headers: str, status: str = "200 OK") -> None:
        """Send a well-formed answer with these header lines."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        await self.raw("\r\n".join(lines).encode("latin-1"), body)


@dataclass
class EvilServer:
    """Where it listens, what it was asked for, and how often it was connected to."""

    port: int = 0
    seen: list[Exchange] = field(default_factory=list)
    connections: int = 0
    fed: int = 0  # how many items its good feed has given
    leads_to: str = ""  # where it sends everybody, whatever they ask for
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str, host: str = "evil.test") -> str:
        """Return the address of a path."""
        return f"http://{host}:{self.port}{path}"


def route(path: str) -> Callable[[Misbehaviour], Misbehaviour]:
    def register(handler: Misbehaviour) -> Misbehaviour:
        ROUTES[path] = handler
        return handler

    return register


def _handler(path: str) -> Misbehaviour:
    """Return what answers a path.

    `/as/NAME/…` is NAME whatever follows, `/chain/N/NAME` leads there by N redirects, and
    `/feed/…` are feeds of their own.
    """
    first, _, rest = path.removeprefix("/").partition("/")
    if first == "as":
        name, _, more = rest.partition("/")
        return ROUTES[f"/{name}/{more.partition('/')[0]}" if name == "to" else f"/{name}"]
    if first == "chain":
        return _on(*rest.split("/", 1))
    return ROUTES["/feed" if first == "feed" else path]


def _on(steps: str, name: str) -> Misbehaviour:
    left = int(steps) - 1
    return _to(f"/chain/{left}/{name}" if left else f"/{name}")


def _to(where: str) -> Misbehaviour:
    async def redirect(x: Exchange) -> None:
        await x.raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ")
        await x.raw(where.encode(), b"\r\n\r\n")

    return redirect


async def _read(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return first.split(" ")[1], headers, body


@asynccontextmanager
async def serving() -> AsyncIterator[EvilServer]:
    """Run the server on a free loopback port."""
    evil = EvilServer()
    tasks: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        evil.connections += 1
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not writer.is_closing():
                path, headers, body = await _read(reader)
                exchange = Exchange(path, headers, body, writer, evil)
                evil.seen.append(exchange)
                where = evil.leads_to or (path[7:] if path.startswith("/leads?") else "")
                await (_to(where) if where else _handler(path.partition("?")[0]))(exchange)
        evil.gone.set()
        tasks.discard(task)
        writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    evil.port = server.sockets[0].getsockname()[1]
    try:
        yield evil
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
