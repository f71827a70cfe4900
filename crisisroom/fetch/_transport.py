"""Connections that are read in small bites: others get a turn between any two of them.

Whatever a server packs into its bytes, hints without end or chunks of one byte, one bite of it is
worked through before anything else may run.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable

import httpcore

from crisisroom.fetch._http import httpx

_BITE = 8192  # bytes
_CONNECTIONS = 8  # at once to one origin
_IDLE = 2  # of them are kept
_KEPT = 15.0  # seconds


class Transport(httpx.AsyncHTTPTransport):
    """The connections of one origin, over no proxy; unless they are `kept`, each used once."""

    def __init__(self, context: ssl.SSLContext, *, kept: bool) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_IDLE if kept else 0,
            keepalive_expiry=_KEPT,
            network_backend=_Network(),
        )


class _Network(httpcore.AsyncNetworkBackend):
    def __init__(self) -> None:
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream)


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(min(max_bytes, _BITE), timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
