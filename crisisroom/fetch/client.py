"""The client itself: names resolved once, connections kept per origin, redirects followed."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Self, Unpack

from crisisroom.fetch._answer import (
    check_headers,
    pieces,
    require_events,
    require_plain,
    taken_in,
    translated,
)
from crisisroom.fetch._ask import (
    Ask,
    Options,
    Progress,
    carrying,
    checked_url,
    default_port,
    origin,
    redirected,
    request_for,
)
from crisisroom.fetch._http import httpx
from crisisroom.fetch._transport import Transport
from crisisroom.wire.address import why_not
from crisisroom.wire.answer import FetchError, Response
from crisisroom.wire.lines import LINE_CAP, LineReader
from crisisroom.wire.sse import Event, EventReader

_MAX_REDIRECTS = 5
_MAX_ADDRESSES = 4  # tried one after the other when the first does not answer
_MAX_POOLS = 64  # hosts whose idle connection is kept
_HANDSHAKE = 15.0  # seconds
_ONE_TRY = 6.0  # seconds for one address; another may answer
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(slots=True)
class _Pool:
    transport: Transport
    busy: int = 0


class Fetcher:
    """The one HTTP client of a process; an async context manager that closes its connections.

    `resolve` gives the IP addresses of a host and port and is replaced in tests only.
    """

    def __init__(self, *, resolve: Resolve | None = None) -> None:
        self._resolve = resolve or self._ask_system
        self._names = ThreadPoolExecutor(max_workers=8, thread_name_prefix="names")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._reading = asyncio.Lock()
        self._pools: dict[tuple[str, str, int, str, bool], _Pool] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.transport.aclose()
        self._names.shutdown(wait=False, cancel_futures=True)

    async def get(self, url: str, **options: Unpack[Options]) -> Response:
        """Fetch with GET: a 2xx or 304 answer; anything else is a FetchError."""
        return await self._whole(Ask("GET", checked_url(url), **options))

    async def post(
        self,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        **options: Unpack[Options],
    ) -> Response:
        """Send JSON, a form or bytes with POST, once: never repeated and never redirected."""
        ask = Ask("POST", checked_url(url), **options)
        return await self._whole(carrying(ask, json, form, content))

    async def put(self, url: str, *, json: Any, **options: Unpack[Options]) -> Response:
        """Put JSON in its place, once: never repeated and never redirected."""
        return await self._whole(carrying(Ask("PUT", checked_url(url), **options), json))

    async def delete(self, url: str, **options: Unpack[Options]) -> Response:
        """Delete what stands at an address, once: never repeated and never redirected."""
        return await self._whole(Ask("DELETE", checked_url(url), **options))

    async def stream(
        self, url: str, *, idle: float = 90.0, **options: Unpack[Options]
    ) -> AsyncGenerator[Event, None]:
        """Yield server-sent events until the server ends; `idle` seconds of silence are an error.

        `deadline` counts until the stream has begun.
        """
        ask = Ask("GET", checked_url(url), stream=True, **options)
        ask = replace(ask, headers={**ask.headers, "Accept": "text/event-stream"})
        reader = EventReader()
        async with aclosing(self._chunks(ask, idle, require_events)) as chunks:
            async for chunk in chunks:
                for event in reader.feed(chunk):
                    yield event

    async def lines(
        self, url: str, *, idle: float = 90.0, line_cap: int = LINE_CAP, **options: Unpack[Options]
    ) -> AsyncGenerator[bytes, None]:
        """Yield the lines of an answer that does not end, blank ones left out.

        Blank lines are signs of life: `idle` seconds without any byte are an error, as is a line
        of more than `line_cap` bytes. `deadline` counts until the answer has begun.
        """
        ask = Ask("GET", checked_url(url), stream=True, **options)
        reader = LineReader(line_cap)
        async with aclosing(self._chunks(ask, idle, require_plain)) as chunks:
            async for chunk in chunks:
                for line in reader.feed(chunk):
                    yield line

    async def connect(
        self, host: str, port: int, *, tls: bool, private: bool, ca_file: str, deadline: float
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection for another protocol, to an address checked as for HTTP.

        `deadline` is in seconds for all of it, the handshake included; FetchError as always.
        """
        progress = Progress()
        with translated(host, progress, deadline):
            async with asyncio.timeout(deadline):
                addresses = await self._checked(host, port, private, host)
                context = await self._context(ca_file) if tls else None
                return await _connected(addresses, port, context, host)

    async def upgrade(self, writer: asyncio.StreamWriter, host: str, ca_file: str) -> None:
        """Begin TLS on a connection that was opened without it."""
        with translated(host, Progress(), _HANDSHAKE):
            async with asyncio.timeout(_HANDSHAKE):
                await writer.start_tls(await self._context(ca_file), server_hostname=host)

    async def _chunks(
        self, ask: Ask, idle: float, require: Callable[[httpx.Response, Ask], Awaitable[None]]
    ) -> AsyncGenerator[bytes, None]:
        progress = Progress()
        async with AsyncExitStack() as stack:
            stack.enter_context(translated(ask.where, progress, ask.deadline))
            async with asyncio.timeout(ask.deadline):
                response = await stack.enter_async_context(self._followed(ask, progress))
                await require(response, ask)
            stack.enter_context(translated(ask.where, progress, idle))
            chunks = pieces(response)
            while True:
                async with asyncio.timeout(idle):
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return
                yield chunk

    async def _whole(self, ask: Ask) -> Response:
        progress = Progress()
        with translated(ask.where, progress, ask.deadline):
            async with asyncio.timeout(ask.deadline), self._followed(ask, progress) as response:
                return await taken_in(response, ask)

    @asynccontextmanager
    async def _followed(self, ask: Ask, progress: Progress) -> AsyncIterator[httpx.Response]:
        """Open the answer at the end of the redirects, its body still unread."""
        for _ in range(_MAX_REDIRECTS + 1):
            async with self._opened(ask, progress) as response:
                if response.status_code not in _REDIRECTS:
                    response.extensions["url"] = str(ask.url)
                    yield response
                    return
                ask = redirected(ask, response)
        raise FetchError("redirect", f"{ask.where}: more than {_MAX_REDIRECTS} redirects")

    @asynccontextmanager
    async def _opened(self, ask: Ask, progress: Progress) -> AsyncIterator[httpx.Response]:
        addresses = await self._addresses(ask)
        pool = await self._pool(ask)
        pool.busy += 1
        try:
            response = await _sent(pool.transport, ask, addresses, progress)
            try:
                check_headers(response, ask)
                yield response
            finally:
                await response.aclose()
        finally:
            pool.busy -= 1

    async def _addresses(self, ask: Ask) -> list[str]:
        host = ask.url.raw_host.decode("ascii").strip("[]")
        port = ask.url.port or default_port(ask.url)
        return await self._checked(host, port, ask.private, ask.where)

    async def _checked(self, host: str, port: int, private: bool, where: str) -> list[str]:
        """Resolve once; every address must be allowed, and only these are connected to."""
        found = await self._resolve(host, port)
        for address in found:
            if reason := why_not(address, private=private):
                raise FetchError("address", f"{where}: {address} is {reason}")
        if not found:
            raise FetchError("dns", f"{where}: no address")
        return list(dict.fromkeys(found))[:_MAX_ADDRESSES]

    async def _ask_system(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            rows = await loop.run_in_executor(
                self._names, socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM
            )
        except (OSError, UnicodeError) as error:
            raise FetchError("dns", f"{host}: {error}") from error
        return [str(row[4][0]) for row in rows]

    async def _pool(self, ask: Ask) -> _Pool:
        """Return the connections of one origin: never shared between names at one address."""
        kept = ask.method == "GET"  # of an idle one that just closes nobody knows what it took
        key = (*origin(ask.url), ask.ca_file, kept)
        if key not in self._pools:
            await self._make_room()
            context = await self._context(ask.ca_file)
            self._pools.setdefault(key, _Pool(Transport(context, kept=kept)))
        self._pools[key] = self._pools.pop(key)
        return self._pools[key]

    async def _make_room(self) -> None:
        idle = [key for key, pool in self._pools.items() if not pool.busy]
        over = idle[: max(0, len(self._pools) + 1 - _MAX_POOLS)]
        for pool in [self._pools.pop(key) for key in over]:  # before anybody else makes room too
            await pool.transport.aclose()

    async def _context(self, ca_file: str) -> ssl.SSLContext:
        async with self._reading:  # many sources begin at once: their authorities are read once
            if ca_file not in self._contexts:
                self._contexts[ca_file] = await asyncio.to_thread(_context, ca_file)
            return self._contexts[ca_file]


def _context(ca_file: str) -> ssl.SSLContext:
    """Trust the shipped and the system's authorities, or those of one file."""
    if ca_file:
        try:
            return ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise FetchError("tls", f"cannot read the authorities in {ca_file}: {error}") from error
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


async def _sent(
    transport: Transport, ask: Ask, addresses: list[str], progress: Progress
) -> httpx.Response:
    """Send to the first address that answers; a GET once more where an idle connection was gone."""
    tries = [*addresses]
    for number, address in enumerate(tries):
        request = request_for(ask, address, progress)
        try:
            return await transport.handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if number + 1 == len(tries):
                raise
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            if ask.method != "GET" or len(tries) > len(addresses):
                raise
            tries.insert(number + 1, address)
    raise FetchError("refused", f"{ask.where}: no address answers")


async def _connected(
    addresses: list[str], port: int, context: ssl.SSLContext | None, host: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first address that answers; the certificate must be the name's."""
    name = host if context else None
    for address in addresses[:-1]:
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(_ONE_TRY):
                return await asyncio.open_connection(
                    address, port, ssl=context, server_hostname=name
                )
    return await asyncio.open_connection(addresses[-1], port, ssl=context, server_hostname=name)
