"""The room in a browser: the real program behind its page, over loopback."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from e2e.ground import Ground

SIZE = (120, 36)


class Shown:
    """A page's terminal: what it shows, and keys pressed in it."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._screen = pyte.Screen(*SIZE)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)

    async def until(self, words: str) -> None:
        """Wait until words are to be seen."""
        async with asyncio.timeout(60):
            while words not in self.text:
                message = await self._socket.receive()
                assert message.type is WSMsgType.BINARY, (message, self.text)
                self._stream.feed(message.data)

    async def press(self, keys: str) -> None:
        await self._socket.send_json(["stdin", keys])

    async def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)
        await self._socket.send_json(["resize", {"width": columns, "height": rows}])

    async def closed(self) -> None:
        """Wait until the room has ended."""
        async with asyncio.timeout(60):
            while (await self._socket.receive()).type is WSMsgType.BINARY:
                continue


@asynccontextmanager
async def room(url: str) -> AsyncIterator[Shown]:
    async with (
        ClientSession() as session,
        session.ws_connect(
            f"{url}ws?width={SIZE[0]}&height={SIZE[1]}",
            headers={"Origin": "/".join(url.split("/")[:3])},
        ) as socket,
    ):
        yield Shown(socket)


def served(ground: Ground, *words: str) -> tuple[subprocess.Popen[str], str]:
    """Serve a room with INC-1; returns the server and the page's address."""
    ground.do("declare", "Kettles smoke", "--playbook", "proof")
    ground.do("note", "INC-1", "it rang at the gate")
    server = ground.start("web", "--port", "0", *words)
    assert server.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+/[\w-]{22}/", server.stdout.readline())
    assert found
    return server, found[0]


def people(ground: Ground) -> list[str]:
    return [one["actor"] for one in ground.told("status")["people"]]


async def test_a_page_shows_the_room_and_changes_nothing(ground: Ground) -> None:
    server, url = served(ground)
    before = ground.told("timeline", "INC-1")
    async with room(url) as page:
        await page.until("READ-ONLY")
        await page.press("m")
        await page.resize(100, 30)  # in one go with the key
        await page.until("note: as spectator you read only")
        await page.press("4")
        await page.until("it rang at the gate")
        assert people(ground) == []
        await page.press("Q")
        await page.closed()
    assert ground.told("timeline", "INC-1") == before
    assert ground.told("status")["watcher"] is None
    server.send_signal(signal.SIGINT)
    assert server.wait(60) == 130
    assert server.stderr is not None
    assert server.stderr.read() == ""


async def test_a_page_that_may_act_acts_as_whoever_serves_it(ground: Ground) -> None:
    server, url = served(ground, "--act")
    async with room(url) as page:
        await page.until("it rang")
        await page.press("m")
        await page.until("Note")
        await page.press("seen from a browser\r")
        await page.until("noted")
    texts = [one["text"] for one in ground.told("timeline", "INC-1")]
    assert "seen from a browser" in texts
    server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0


async def test_a_server_that_is_killed_takes_its_rooms_along(ground: Ground) -> None:
    server, url = served(ground)
    async with room(url) as page:
        await page.until("READ-ONLY")
        (child,) = children(server.pid)
        server.kill()
        await page.closed()
    async with asyncio.timeout(60):
        await gone(child)


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in listed.split()]


async def gone(pid: int) -> None:
    """Wait until there is no such process."""
    with suppress(ProcessLookupError):
        while True:
            os.kill(pid, 0)
            await asyncio.sleep(0.05)
