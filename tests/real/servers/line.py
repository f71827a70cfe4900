"""A line to a TCP server that can go dead: then nothing comes through, and nobody is told."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 65536


class Line:
    """Passes bytes on to a port of the loopback; clients connect to `port`."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._alive = threading.Event()
        self._alive.set()
        self._open: list[socket.socket] = []
        self.port = 0

    @contextmanager
    def standing(self) -> Iterator[Line]:
        """Pass on until the end of the block."""
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = door.getsockname()[1]
            threading.Thread(target=self._accept, args=(door,), daemon=True).start()
            try:
                yield self
            finally:
                door.shutdown(socket.SHUT_RDWR)
                self.mend()
                for one in self._open:
                    with contextlib.suppress(OSError):
                        one.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Let nothing through any more, in either direction, of old connections and new ones."""
        self._alive.clear()

    def mend(self) -> None:
        """Let everything through again."""
        self._alive.set()

    def _accept(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the door is closed: over
            while True:
                client, _ = door.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        self._alive.wait()
        with contextlib.suppress(OSError), client, self._connected() as server:
            self._open += [client, server]
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()

    def _connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self._server))

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                self._alive.wait()
                sink.sendall(chunk)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
