"""The page, its parts and its socket, on loopback until they are told to end."""

from __future__ import annotations

import asyncio
import errno
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import textual_serve
from aiohttp import WSCloseCode, web
from aiohttp.typedefs import Handler

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.web.door import guard, said
from crisisroom.web.session import GRACE, LONGEST, Session, cells

MOST = 8  # rooms shown at once: each is a process of its own
_STATIC = Path(textual_serve.__file__).parent / "static"
_TYPES = {"page.css": "text/css", "page.js": "text/javascript"}
_BEAT = 15.0  # seconds between two looks whether a browser is there


class Page:
    """What is served, and the rooms that are shown on it; `words` is the command of one."""

    def __init__(self, words: Sequence[str]) -> None:
        self.token = secrets.token_urlsafe(16)
        self._words = words
        self._shown: set[web.WebSocketResponse] = set()

    def app(self) -> web.Application:
        """Return the application: everything lies below the token."""
        app = web.Application(middlewares=[guard(self.token), _absent])
        app.router.add_get(f"/{self.token}/", self._page)
        app.router.add_get(f"/{self.token}/ws", self._socket)
        for name in _TYPES:
            app.router.add_get(f"/{self.token}/{name}", _part)
        app.router.add_static(f"/{self.token}/static", _STATIC)
        app.on_response_prepare.append(said)
        app.on_shutdown.append(self._end)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        text = files("crisisroom.web").joinpath("page.html").read_text("utf-8")
        socket = f"ws://{request.host}/{self.token}/ws"  # a port may be forwarded to another one
        return web.Response(text=text.replace("SOCKET", socket), content_type="text/html")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if len(self._shown) >= MOST:
            raise web.HTTPServiceUnavailable(text=f"{MOST} rooms are open already: close one\n")
        socket = web.WebSocketResponse(heartbeat=_BEAT, max_msg_size=LONGEST)
        self._shown.add(socket)
        try:
            await socket.prepare(request)
            session = Session(self._words, socket)
            await session.start(_size(request, "width", 80), _size(request, "height", 24))
            await session.shown()
        finally:
            self._shown.discard(socket)
        return socket

    async def _end(self, app: web.Application) -> None:
        """Close what is shown; each room ends with its socket."""
        closing = (socket.close(code=WSCloseCode.GOING_AWAY) for socket in tuple(self._shown))
        await asyncio.gather(*closing, return_exceptions=True)


@web.middleware
async def _absent(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 404 for a name that no file can have, a too long one say."""
    try:
        return await handler(request)
    except OSError as error:
        if isinstance(request.match_info.route.resource, web.StaticResource):
            raise web.HTTPNotFound from error
        raise


async def _part(request: web.Request) -> web.Response:
    name = request.path.rpartition("/")[2]
    text = files("crisisroom.web").joinpath(name).read_text("utf-8")
    return web.Response(text=text, content_type=_TYPES[name])


def _size(request: web.Request, name: str, otherwise: int) -> int:
    given = request.query.get(name, "")
    return cells(given) if given.isascii() and given.isdecimal() else otherwise


@asynccontextmanager
async def served(words: Sequence[str], host: str, port: int) -> AsyncIterator[str]:
    """Serve rooms that this command shows; yield the page's address. They end with the block.

    Unavailable where the port is taken.
    """
    page = Page(words)
    runner = web.AppRunner(page.app(), access_log=None, logger=_quiet(), shutdown_timeout=2 * GRACE)
    await runner.setup()
    try:
        bound = await _listening(runner, host, port)
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{bound}/{page.token}/"
    finally:
        await runner.cleanup()


def _quiet() -> logging.Logger:
    """Return a logger that says nothing: what a stranger sends is no news for the terminal."""
    logger = logging.Logger("crisisroom.web")
    logger.propagate = False
    logger.addHandler(logging.NullHandler())
    return logger


async def _listening(runner: web.AppRunner, host: str, port: int) -> int:
    """Begin to listen; returns the port that it came to."""
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise _said(error, port) from error
    return int(runner.addresses[0][1])


def _said(error: OSError, port: int) -> Refused:
    if error.errno == errno.EADDRINUSE:
        return Unavailable("taken", f"port {port} is taken", "--port 0 takes a free one")
    return Refused("port", f"port {port} cannot be listened on: {error.strerror}", "--port 8000")
