"""One browser's room: a process of its own, which ends with the page that it is shown on."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aiohttp import WSMessage, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from crisisroom.web import DRIVER

GRACE = 3.0  # seconds a screen has to leave in order
MOST = 500  # cells in either direction
LONGEST = 1 << 20  # bytes of one message of a browser; a paste may be long
_NONSENSE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
_LOCAL = ("TEXTUAL_FPS", "TEXTUAL_DEBUG", "TEXTUAL", "LINES", "NO_COLOR")


class Session(AppService):
    """A room's process and the socket that shows it; `command` is started as it is, by no shell."""

    def __init__(self, words: Sequence[str], socket: web.WebSocketResponse) -> None:
        super().__init__(
            "",
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=socket.close,  # type: ignore[arg-type]  # whether it was open is not asked for
            download_manager=DownloadManager(),
        )
        self._words = words
        self._socket = socket

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        process = await asyncio.create_subprocess_exec(
            *self._words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
        )
        self._process, self._stdin = process, process.stdin
        return process

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        """Return an environment that says what the page's terminal can: all colours, UTF-8."""
        environ = super()._build_environment(width, height)
        shown = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        shown["TEXTUAL_DRIVER"] = DRIVER
        return {name: value for name, value in environ.items() if name not in _LOCAL} | shown

    async def run(self) -> None:
        """Pass on what the room shows; the page is told when it has ended, however that was."""
        try:
            await super().run()
        finally:
            await self._socket.close()

    async def shown(self) -> None:
        """Take what the page sends until it is closed, then end the room's process."""
        try:
            async for message in self._socket:
                await self._take(message)
        finally:
            await self._end()

    async def _take(self, message: WSMessage) -> None:
        """Take one message; what does not make sense is left aside."""
        with suppress(*_NONSENSE):
            kind, *rest = json.loads(message.data) if message.type is WSMsgType.TEXT else ("",)
            if kind == "stdin":
                await self.send_bytes(rest[0].encode("utf-8", "replace"))
            elif kind == "resize":
                await self.set_terminal_size(cells(rest[0]["width"]), cells(rest[0]["height"]))
            elif kind == "ping":
                await self._socket.send_json(["pong", str(rest[0])[:40]])
            elif kind in ("blur", "focus"):
                await (self.blur() if kind == "blur" else self.focus())

    async def _end(self) -> None:
        """Ask the room to end; one that does not is killed."""
        process = self._process
        assert process is not None
        for ending in (self.stop, process.wait):  # `stop` takes a cancellation for an end
            with suppress(TimeoutError):
                async with asyncio.timeout(GRACE):
                    await ending()
        if process.returncode is None:
            process.kill()
            await process.wait()


def cells(given: Any) -> int:
    """Return a number of cells that a screen can have."""
    return min(max(int(given), 1), MOST)
