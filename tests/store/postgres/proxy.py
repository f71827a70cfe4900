"""A line to a server that tests can cut, stall, or cut after a commit was sent."""

from __future__ import annotations

import asyncio
import contextlib


class Line:
    """Passes bytes on to a server on loopback, while it is up."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._moving = asyncio.Event()
        self._moving.set()
        self.port = 0
        self.answer_is_cut = asyncio.Event()
        self._mute = False
        self.cut_answer_to = b""  # what a client says last: the answer to it is never passed on

    async def start(self) -> None:
        """Begin to listen, at the same port as before if there was one."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, back}
        own = asyncio.current_task()
        assert own is not None
        self._tasks.add(own)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(self._pass(reader, back, True), self._pass(there, writer, False))

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asking: bool
    ) -> None:
        lost = False
        while data := await reader.read(65536):
            await self._moving.wait()
            if asking and self.cut_answer_to and self.cut_answer_to in data:
                self.cut_answer_to = b""
                lost = self._mute = True
            if self._mute and not asking:
                continue
            writer.write(data)
            await writer.drain()
            if lost:
                await asyncio.sleep(0.2)  # the server hears of it, and does it
                self.cut()
                self._mute = False
                self.answer_is_cut.set()
        writer.close()

    def cut(self) -> None:
        """Cut every connection at once, with nothing said."""
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    def stall(self) -> None:
        """Pass nothing on any more: a cable that somebody pulled out."""
        self._moving.clear()

    def go_on(self) -> None:
        """Pass bytes on again."""
        self._moving.set()

    async def stop(self) -> None:
        """Cut everything and listen no more."""
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
