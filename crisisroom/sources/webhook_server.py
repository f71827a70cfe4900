"""A small HTTP/1.1 server for callers on this machine: under caps, one call a connection.

It listens on loopback or on a UNIX socket that only its owner may open. What a browser sends is
refused, for any page could make it call. A caller that is slow loses its place to a quicker one.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
import socket
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h11

BODY_CAP = 1 << 20  # bytes
HEAD_CAP = 16 << 10  # bytes
SECONDS = 20.0  # for a whole request to come
ANSWERED = 5.0  # seconds for an answer to be taken
MOST = 16  # connections at a time
_BACKLOG = 64
_STEP = 1 << 16
_LINGER = 1.0  # seconds
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", ""})


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is allowed to ask: its path, and its body under the cap."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer: a status, and JSON values of which each becomes a line."""

    status: int
    lines: tuple[dict[str, Any], ...]
    headers: tuple[tuple[str, str], ...] = ()


class NotTaken(Exception):
    """Why a request is refused, as the answer that says so."""

    def __init__(self, status: int, code: str, message: str, *headers: tuple[str, str]) -> None:
        super().__init__(message)
        self.reply = Reply(status, ({"error": code, "message": message},), headers)


Answer = Callable[[Call], Awaitable[Reply]]


class Server:
    """Takes calls one to a connection and lets `answer` say what becomes of each."""

    def __init__(self, answer: Answer, *, secret: str, paths: frozenset[str]) -> None:
        self._answer = answer
        self._secret = secret
        self._paths = paths
        self._local_names = True
        self._reading: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}
        self._open: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def listening(self, listen: str) -> AsyncIterator[None]:
        """Listen at `127.0.0.1:8800` or at the path of a UNIX socket; OSError where that fails."""
        with contextlib.ExitStack() as stack:
            bound = stack.enter_context(_bound(listen))
            server = await asyncio.start_server(
                self._connection, sock=bound, limit=_STEP, backlog=_BACKLOG
            )
            self._local_names = "/" not in listen
            try:
                yield
            finally:
                server.close()
                await self._closed()

    async def _closed(self) -> None:
        """Let answers that are due go out, and nothing more come in."""
        for writer in self._reading.values():
            writer.transport.abort()
        if self._open:
            await asyncio.wait(self._open, timeout=_LINGER)
        for task in [*self._open]:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self._make_room()
        try:
            await self._exchange(task, reader, writer)
        except (OSError, TimeoutError, h11.ProtocolError):
            pass  # the caller is gone or speaks no HTTP: there is nobody to tell
        finally:
            self._reading.pop(task, None)
            self._open.discard(task)
            writer.close()

    def _make_room(self) -> None:
        """Let go of whoever has been sending for longest where the places are taken."""
        if len(self._open) > MOST and self._reading:
            self._reading.pop(next(iter(self._reading))).transport.abort()

    async def _exchange(
        self, task: asyncio.Task[Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_CAP)
        self._reading[task] = writer
        try:
            async with asyncio.timeout(SECONDS):
                call = await self._call(http, reader, writer)
        except NotTaken as refused:
            reply = refused.reply
        except TimeoutError:
            reply = NotTaken(408, "slow", f"no whole request within {SECONDS:g} s").reply
        except h11.RemoteProtocolError as error:
            reply = NotTaken(error.error_status_hint, "no-http", str(error)[:200]).reply
        else:
            self._reading.pop(task, None)
            reply = await self._answered(call)
        self._reading.pop(task, None)
        async with asyncio.timeout(ANSWERED):
            await _send(http, writer, reply)
            if http.their_state is h11.SEND_BODY:
                await _linger(reader, writer)

    async def _answered(self, call: Call) -> Reply:
        if len(self._open) - len(self._reading) > MOST:
            return NotTaken(503, "busy", "call again", ("Retry-After", "5")).reply
        return await self._answer(call)

    async def _call(
        self, http: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Call:
        """Read one request; its head is judged before its body is taken in."""
        path, body = "", bytearray()
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                if http.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[])
                    writer.write(http.send(go_on))
                http.receive_data(await reader.read(_STEP))
            elif isinstance(event, h11.Request):
                path = self._allowed(event)
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > BODY_CAP:
                    raise NotTaken(413, "too-large", f"more than {BODY_CAP} bytes")
            elif isinstance(event, h11.EndOfMessage):
                return Call(path, bytes(body))
            else:
                raise ConnectionResetError

    def _allowed(self, request: h11.Request) -> str:
        """Return the path that is asked for; NotTaken where the caller may not."""
        headers = {key: value.decode("latin-1") for key, value in request.headers}
        path = request.target.decode("ascii").partition("?")[0]
        host = headers.get(b"host", "").rpartition(":")
        if b"origin" in headers or b"sec-fetch-site" in headers:
            raise NotTaken(403, "browser", "a page in a browser may not call")
        named = (host[0] if host[1] and host[2].isdigit() else "".join(host)).lower()
        if self._local_names and named not in _LOCAL:
            raise NotTaken(403, "host", "called by a name that is not this machine's own")
        if path not in self._paths:
            raise NotTaken(404, "no-such-path", f"call one of {' '.join(sorted(self._paths))}")
        if request.method != b"POST":
            raise NotTaken(405, "no-such-method", "POST is what is taken here", ("Allow", "POST"))
        if self._secret and not self._knows(headers):
            ask = ("WWW-Authenticate", "Bearer")
            raise NotTaken(401, "secret", "say the secret as Authorization: Bearer …", ask)
        if (size := headers.get(b"content-length", "")).isdigit() and int(size[:12]) > BODY_CAP:
            raise NotTaken(413, "too-large", f"more than {BODY_CAP} bytes")
        return path

    def _knows(self, headers: dict[bytes, str]) -> bool:
        scheme, _, token = headers.get(b"authorization", "").partition(" ")
        said = token.strip() if scheme.lower() == "bearer" else ""
        said = said or headers.get(b"x-crisisroom-secret", "").strip()
        return hmac.compare_digest(said.encode("latin-1"), self._secret.encode())


async def _send(http: h11.Connection, writer: asyncio.StreamWriter, reply: Reply) -> None:
    body = b"".join(json.dumps(line).encode() + b"\n" for line in reply.lines)
    headers = [
        ("Content-Type", "application/x-ndjson"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
        *reply.headers,
    ]
    if http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
        return
    writer.write(http.send(h11.Response(status_code=reply.status, headers=headers)) or b"")
    writer.write(http.send(h11.Data(data=body)) or b"")
    http.send(h11.EndOfMessage())
    await writer.drain()


async def _linger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let a caller that is still sending read its answer: closing at once would reset it."""
    writer.write_eof()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER):
            for _ in range(2 * BODY_CAP // _STEP):
                if not await reader.read(_STEP):
                    return


@contextlib.contextmanager
def _bound(listen: str) -> Any:
    host, colon, port = listen.rpartition(":")
    if colon and "/" not in listen:
        with _tcp(host.strip("[]"), int(port)) as bound:
            yield bound
    else:
        with _unix(Path(listen)) as bound:
            yield bound


@contextlib.contextmanager
def _tcp(host: str, port: int) -> Any:
    address = "127.0.0.1" if host == "localhost" else host
    if address not in ("127.0.0.1", "::1"):
        raise OSError(0, f"{address} is not this machine's own address")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        yield bound


@contextlib.contextmanager
def _unix(path: Path) -> Any:
    """Bind a UNIX socket for its owner only; one that a dead process left behind is replaced."""
    _remove_stale(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as bound:
        bound.bind(str(path))
        os.chmod(path, 0o600)  # before it listens: nobody has got in meanwhile
        inode = path.stat().st_ino
        try:
            yield bound
        finally:
            with contextlib.suppress(OSError):
                if path.lstat().st_ino == inode:
                    path.unlink()


def _remove_stale(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise OSError(0, "there is a file of this name already")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise OSError(0, "another process listens there already")
