"""A relay in front of a real server, where a connection can be lost at a chosen moment."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

Moment = Literal["asked", "answered", "told"]
Hook = Callable[[], None]

CHUNK = 65536
HEAD_END = b"\r\n\r\n"
POSTING = b"POST /api/v1/statuses "


class Lost(Exception):
    """Raised by a hook: the client hears nothing more."""


@dataclass
class Relay:
    """Passes requests on to a server, one a connection; `url` is where clients reach it.

    A hook runs once, at its moment of the next post of a status: `asked` before the server has the
    request, `answered` before the client has the answer, `told` after that.
    """

    server: str
    url: str = ""
    slow: float = 0.0  # seconds that a post takes to the server, and its answer back
    posts: int = 0  # posts of a status that the server was given
    _hooks: dict[Moment, Hook] = field(default_factory=dict)
    _open: list[socket.socket] = field(default_factory=list)

    def at(self, moment: Moment, hook: Hook) -> None:
        """Run the hook at this moment of the next post."""
        self._hooks[moment] = hook

    def lose(self, moment: Moment) -> None:
        """Break the connection at this moment of the next post."""
        self._hooks[moment] = _lose

    def cut(self) -> None:
        """Break every connection there is now."""
        for one in [*self._open]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def standing(self) -> Iterator[Relay]:
        """Relay until the end of the block."""
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.url = f"http://127.0.0.1:{door.getsockname()[1]}"
            threading.Thread(target=self._accept, args=(door,), daemon=True).start()
            try:
                yield self
            finally:
                door.shutdown(socket.SHUT_RDWR)
                self.cut()

    def _accept(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the door is closed: over
            while True:
                client, _ = door.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(Lost, OSError), client:
            self._open.append(client)
            request = _whole_request(client)
            posting = request.startswith(POSTING)
            if posting:
                self._travel("asked")
                self.posts += 1
            with self._connected() as upstream:
                upstream.sendall(self._addressed(request))
                if not posting:
                    _pump(upstream, client)
                    return
                answer = b"".join(iter(lambda: upstream.recv(CHUNK), b""))
            self._travel("answered")
            client.sendall(answer)
            self._run("told")

    def _travel(self, moment: Moment) -> None:
        time.sleep(self.slow)
        self._run(moment)

    def _run(self, moment: Moment) -> None:
        if hook := self._hooks.pop(moment, None):
            hook()

    def _connected(self) -> socket.socket:
        parts = urlsplit(self.server)
        return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20)

    def _addressed(self, request: bytes) -> bytes:
        """The request as the server expects it: its own name, and one request a connection."""
        head, _, body = request.partition(HEAD_END)
        first, *lines = head.split(b"\r\n")
        kept = [one for one in lines if _name(one) not in (b"host", b"connection")]
        own = [b"Host: " + urlsplit(self.server).netloc.encode(), b"Connection: close"]
        return b"\r\n".join([first, *own, *kept]) + HEAD_END + body


def _lose() -> None:
    raise Lost


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()


def _whole_request(client: socket.socket) -> bytes:
    found = b""
    while HEAD_END not in found:
        found += _received(client)
    head, _, body = found.partition(HEAD_END)
    lengths = [
        one.partition(b":")[2] for one in head.split(b"\r\n") if _name(one) == b"content-length"
    ]
    while lengths and len(body) < int(lengths[0]):
        body += _received(client)
    return head + HEAD_END + body


def _received(client: socket.socket) -> bytes:
    if chunk := client.recv(CHUNK):
        return chunk
    raise Lost


def _pump(upstream: socket.socket, client: socket.socket) -> None:
    """Pass an answer on as it comes, until either side ends."""
    upstream.settimeout(None)
    with selectors.DefaultSelector() as either:
        either.register(upstream, selectors.EVENT_READ)
        either.register(client, selectors.EVENT_READ)
        while True:
            for key, _ in either.select():
                chunk = upstream.recv(CHUNK) if key.fileobj is upstream else b""
                if not chunk:  # the server has said all, or the client has gone
                    return
                client.sendall(chunk)
