"""Websockets under the rules of the HTTP client: the same addresses, deadlines and one error.

The package `websockets` is an extra: without it a source that needs it is refused, with the way
to get it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING

from crisisroom import __version__
from crisisroom.core.errors import Refused
from crisisroom.fetch._answer import translated
from crisisroom.fetch._ask import Progress, checked_url, default_port
from crisisroom.fetch._http import httpx
from crisisroom.wire.answer import FetchError, Response
from crisisroom.wire.waits import retry_after

if TYPE_CHECKING:
    import ssl

    from websockets.asyncio.client import ClientConnection

    from crisisroom.fetch.client import Fetcher

MESSAGE_CAP = 1 << 20  # bytes of one message, unpacked
_QUEUE = 32  # messages taken in before the other side has to wait
_PING = 20.0  # seconds between two signs of life, and until one is missed
_CONNECT = 6.0  # seconds for one address
_CLOSE = 2.0
_TOO_BIG = 1009
_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}
HINT = "pip install 'crisisroom[streams]'"


async def messages(
    fetch: Fetcher,
    url: str,
    *,
    quiet: float,
    cap: int = MESSAGE_CAP,
    private: bool = False,
    ca_file: str = "",
    deadline: float = 20.0,
) -> AsyncGenerator[bytes, None]:
    """Yield messages until the server ends; b"" after each `quiet` seconds without one.

    `deadline` in seconds counts until the handshake is done. A connection that answers no ping, a
    message over `cap` bytes and a redirect elsewhere are a FetchError; a missing package Refused.
    """
    checked = checked_url(_as_http(url))
    async with AsyncExitStack() as stack:
        stack.enter_context(translated(checked.host, Progress(sent=True), deadline))
        stack.enter_context(_understood(checked.host))
        async with asyncio.timeout(deadline):
            socket = await _opened(fetch, checked, cap, private, ca_file)
        stack.push_async_callback(socket.close)
        async for message in _received(socket, quiet):
            yield message


async def _received(socket: ClientConnection, quiet: float) -> AsyncGenerator[bytes, None]:
    from websockets.exceptions import ConnectionClosedOK

    while True:
        try:
            async with asyncio.timeout(quiet):
                message = await socket.recv(decode=False)
        except TimeoutError:
            message = b""
        except ConnectionClosedOK:
            return
        yield message


async def _opened(
    fetch: Fetcher, url: httpx.URL, cap: int, private: bool, ca_file: str
) -> ClientConnection:
    """Connect to the first checked address that answers, under the name that was asked for."""
    host, port = url.raw_host.decode("ascii").strip("[]"), url.port or default_port(url)
    addresses = await fetch._checked(host, port, private, url.host)
    context = await fetch._context(ca_file) if url.scheme == "https" else None
    failed: Exception = FetchError("refused", f"{url.host}: no address answers")
    for address in addresses:
        try:
            async with asyncio.timeout(_CONNECT):
                return await _connected(url, address, port, cap, context)
        except OSError as error:  # a TimeoutError too
            failed = error
    raise failed


async def _connected(
    url: httpx.URL, address: str, port: int, cap: int, context: ssl.SSLContext | None
) -> ClientConnection:
    try:
        from websockets.asyncio.client import connect
    except ImportError as error:
        message = "streams of this kind need the package websockets"
        raise Refused("missing-package", message, HINT) from error
    scheme = "wss" if context else "ws"
    # With host and port given, the library follows no redirect to another origin.
    return await connect(
        str(url.copy_with(scheme=scheme)), host=address, port=port, ssl=context,
        server_hostname=url.host if context else None, proxy=None, max_size=cap, max_queue=_QUEUE,
        open_timeout=_CONNECT, ping_interval=_PING, ping_timeout=_PING, close_timeout=_CLOSE,
        user_agent_header=f"crisisroom/{__version__}",
    )  # fmt: skip


@contextmanager
def _understood(where: str) -> Iterator[None]:
    """Turn what the library raises into the one error."""
    try:
        yield
    except Exception as error:
        if translation := _translation(error, where):
            raise translation from error
        raise


def _translation(error: Exception, where: str) -> FetchError | None:
    try:
        from websockets import exceptions as known
    except ImportError:
        return None
    if isinstance(error, known.InvalidStatus):
        return _bad_status(error, where)
    if isinstance(error, known.ConnectionClosed):
        codes = [close.code for close in (error.rcvd, error.sent) if close]
        if _TOO_BIG in codes:
            return FetchError("too_large", f"{where}: a message over the cap", sent=True)
        return FetchError("protocol", f"{where}: the stream broke off", sent=True)
    if isinstance(error, known.WebSocketException):
        return FetchError("protocol", f"{where}: no websocket: {str(error)[:160]}", sent=True)
    return None


def _bad_status(error: Exception, where: str) -> FetchError:
    said = error.response  # type: ignore[attr-defined]
    headers = {key.lower(): value for key, value in said.headers.raw_items()}
    answer = Response(said.status_code, headers, said.body or b"", "")
    message = f"{where}: answers {answer.status}"
    return FetchError(
        "status", message, response=answer, retry_after=retry_after(headers), sent=True
    )


def _as_http(url: str) -> str:
    """Return the address as HTTP has it, whose rules are known."""
    scheme, colon, rest = url.partition(":")
    return f"{_SCHEMES.get(scheme.lower(), scheme)}{colon}{rest}"
