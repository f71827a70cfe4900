"""The page and its socket: what is let in, what a session is, and how it ends."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from hypothesis import given
from hypothesis import strategies as st
from web.screens import broken, deaf, echo

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.web import serving, session
from crisisroom.web.door import refuse_afar
from crisisroom.web.serving import served
from crisisroom.web.session import cells

EVIL = "http://evil.example"


class Browser:
    """A browser that was given the page's address."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self.session = session
        self.url = url
        self.origin = "/".join(url.split("/")[:3])

    async def status(self, path: str = "", **headers: str) -> int:
        async with self.session.get(self.url + path, headers=headers) as answer:
            return answer.status

    @asynccontextmanager
    async def room(self, size: str = "") -> AsyncIterator[ClientWebSocketResponse]:
        async with self.session.ws_connect(
            f"{self.url}ws{size}", headers={"Origin": self.origin}
        ) as socket:
            yield socket

    async def refused(self, **headers: str) -> int:
        """Return how a socket is refused."""
        with pytest.raises(WSServerHandshakeError) as told:
            async with self.session.ws_connect(self.url + "ws", headers=headers):
                pass
        return told.value.status


@asynccontextmanager
async def page(words: Sequence[str]) -> AsyncIterator[Browser]:
    async with served(words, "127.0.0.1", 0) as url, ClientSession() as session:
        yield Browser(session, url)


async def shown(room: ClientWebSocketResponse) -> bytes:
    message = await asyncio.wait_for(room.receive(), 30)
    assert message.type is WSMsgType.BINARY, message
    data: bytes = message.data
    return data


async def closed(room: ClientWebSocketResponse) -> None:
    while True:
        message = await asyncio.wait_for(room.receive(), 30)
        if message.type is not WSMsgType.BINARY:
            assert message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING), message
            return


async def test_only_the_whole_address_under_a_name_of_this_machine_is_let_in() -> None:
    async with page(echo()) as browser:
        port = browser.origin.rpartition(":")[2]
        assert await browser.status() == 200
        for host in (f"localhost:{port}", "localhost:9000", "127.0.0.1", "[::1]:1"):
            assert await browser.status(Host=host) == 200  # a port may be forwarded
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "", "::1"):
            assert await browser.status(Host=host) == 403
        assert await browser.status(Origin=EVIL) == 403
        assert await browser.status(Origin="null") == 403
        token = browser.url.split("/")[3]
        for wrong in ("", f"{token}x/", f"{token[:-1]}/", "static/js/textual.js", "%2e%2e/"):
            async with browser.session.get(f"{browser.origin}/{wrong}") as answer:
                assert answer.status == 404


async def test_no_socket_of_another_site_or_of_none_is_let_in() -> None:
    async with page(echo()) as browser:
        assert await browser.refused(Origin=EVIL) == 403
        assert await browser.refused() == 403
        assert await browser.refused(Origin=browser.origin, Host="evil.example") == 403
        assert await browser.refused(Origin="http://localhost:1") == 403
        browser.url = f"{browser.origin}/guessed/"
        assert await browser.refused(Origin=browser.origin) == 404


async def test_the_page_and_all_its_parts_come_from_here() -> None:
    async with page(echo()) as browser:
        async with browser.session.get(browser.url) as answer:
            text = await answer.text()
            policy = answer.headers["Content-Security-Policy"]
            assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in policy
        assert "https:" not in text + policy
        assert f'"{browser.url.replace("http", "ws", 1)}ws"' in text
        for part in ("page.css", "page.js", "static/css/xterm.css", "static/js/textual.js"):
            async with browser.session.get(browser.url + part) as answer:
                assert answer.status == 200
                assert part.endswith(("textual.js", "xterm.css")) or "http" not in (
                    await answer.text()
                )
        assert await browser.status("static/fonts/RobotoMono-VariableFont_wght.ttf") == 200
        assert await browser.status("static/") == 403  # no list of what there is
        assert await browser.status("static/../serving.py") == 404


async def test_what_no_file_can_be_called_is_not_there() -> None:
    async with page(echo()) as browser:
        for name in ("a" * 300, "a/" * 2500, "%00", "css/xterm.css/below"):
            assert await browser.status(f"static/{name}") == 404


NONSENSE = (
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x01b\r\n\r\n",
    b"GET http://[x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\r\n\r\n",
)


@pytest.mark.parametrize("sent", NONSENSE)
async def test_nothing_that_comes_is_told_on_the_terminal(
    sent: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with page(echo()) as browser:
        port = int(browser.origin.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        first = await asyncio.wait_for(reader.readline(), 30)
        writer.close()
        assert re.match(rb"HTTP/1\.[01] [45]\d\d ", first)
    assert caplog.records == []
    assert "".join(capfd.readouterr()) == ""


async def test_a_forwarded_port_leads_the_socket_back_through_it() -> None:
    async with (
        page(echo()) as browser,
        browser.session.get(browser.url, headers={"Host": "localhost:9000"}) as answer,
    ):
        assert '"ws://localhost:9000/' in await answer.text()


async def test_arguments_reach_the_program_as_they_are_and_no_shell() -> None:
    words = ["$(touch owned)", "a b", "'; true", "*"]
    async with page(echo(*words)) as browser, browser.room("?width=100&height=9999") as room:
        assert await shown(room) == repr((words, "100", "500")).encode()


@pytest.mark.parametrize("size", ["", "?width=-1&height=x", "?width=²"])
async def test_a_size_that_makes_no_sense_is_the_usual_one(size: str) -> None:
    async with page(echo()) as browser, browser.room(size) as room:
        assert await shown(room) == repr(([], "80", "24")).encode()


async def test_keys_sizes_and_nothing_else_reach_the_room() -> None:
    async with page(echo()) as browser, browser.room() as room:
        await shown(room)
        for nonsense in (
            "[",
            "{}",
            "[]",
            "[1]",
            '["stdin", 5]',
            '["resize", {}]',
            '["x", 1]',
            '["resize", {"width": 1e999, "height": 1}]',
        ):
            await room.send_str(nonsense)
        await room.send_bytes(b"\x00")
        await room.send_json(["resize", {"width": "12", "height": 10**9}])
        assert b'"width": 12, "height": 500' in await shown(room)
        await room.send_json(["stdin", "mé"])
        assert await shown(room) == "Dmé".encode()


async def test_a_room_that_ends_closes_its_page_however_it_ended() -> None:
    async with page(echo()) as browser, browser.room() as room:
        await shown(room)
        await room.send_json(["stdin", "quit"])
        await closed(room)
    async with page(broken()) as browser, browser.room() as room:
        await closed(room)


async def test_a_page_that_is_closed_takes_its_room_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "GRACE", 0.05)
    async with page(deaf()) as browser:
        async with browser.room() as room:
            pid = int(await shown(room))
        await gone(pid)
        async with browser.room() as room:
            pid = int(await shown(room))
            await browser.session.close()
        await gone(pid)


async def test_the_end_takes_every_room_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "GRACE", 0.05)
    async with ClientSession() as session_:
        async with served(deaf(), "127.0.0.1", 0) as url:
            browser = Browser(session_, url)
            async with browser.room() as one, browser.room() as two:
                pids = [int(await shown(room)) for room in (one, two)]
                ending = asyncio.ensure_future(closed(one))
        await ending
    for pid in pids:
        await gone(pid)


async def gone(pid: int) -> None:
    """Wait until there is no such process."""
    with suppress(ProcessLookupError):
        while True:
            os.kill(pid, 0)
            await asyncio.sleep(0.02)


async def test_only_so_many_rooms_are_open_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MOST", 1)
    async with page(echo()) as browser:
        async with browser.room() as room:
            await shown(room)
            assert await browser.refused(Origin=browser.origin) == 503
            await room.send_json(["stdin", "quit"])
            await closed(room)
        await opened(browser)


async def opened(browser: Browser) -> None:
    """Open a room as soon as there is a place: when the program of another one is gone."""
    while True:
        with suppress(WSServerHandshakeError):
            async with browser.room() as room:
                await shown(room)
                return
        await asyncio.sleep(0.02)


async def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Unavailable, match=f"port {port} is taken"):
            async with served(echo(), "127.0.0.1", port):
                pass


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_is_listened_on(host: str) -> None:
    assert refuse_afar(host) == host.replace("localhost", "127.0.0.1")


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.2", "room.example", "", "127.1", "127.0.0.2"]
)
def test_what_others_reach_is_refused_with_the_way_there_is(host: str) -> None:
    with pytest.raises(Refused) as told:
        refuse_afar(host)
    assert "ssh -L" in told.value.hint


@given(st.integers() | st.floats(-1e9, 1e9))
def test_every_size_is_one_that_a_screen_can_have(wanted: float) -> None:
    assert 1 <= cells(wanted) <= session.MOST
