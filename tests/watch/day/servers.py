"""The day's servers, behind the real client: they post by the script and fail by their own dice."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, cast

import bluesky_contract
import mastodon_contract
from conftest import START
from pytest_httpserver import HTTPServer
from standins.hackernews import HackerNews
from watch.day.script import Said
from werkzeug import Request, Response
from werkzeug.test import EnvironBuilder

from crisisroom.core.timeline import stamp
from crisisroom.fetch._http import httpx

WINDOW = 25  # entries of a feed
KINDS = ("busy", "busy", "reset", "short", "cut-gzip", "error", "half-json")


class Server(Protocol):
    """A server of the day: it says more as time goes on, and answers."""

    name: str

    def say(self, one: Said) -> None: ...
    def answer(self, request: Request) -> Response: ...
    def expected(self) -> set[str]: ...


class _Caught:
    """Takes the place of a test server: it only keeps the handler that a stand-in gives it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.handler: Callable[[Request], Response] = lambda _: Response(status=500)

    def expect_request(self, _path: object) -> _Caught:
        return self

    def respond_with_handler(self, handler: Callable[[Request], Response]) -> None:
        self.handler = handler

    def url_for(self, path: str) -> str:
        return self._url + path

    @property
    def server(self) -> HTTPServer:
        return cast(HTTPServer, self)


def _time(one: Said) -> str:
    return stamp(START + timedelta(seconds=one.at))


class Masto:
    """Mentions of our account, by pages; now and then one stands twice on a page."""

    name = "masto"

    def __init__(self, dice: random.Random) -> None:
        self._caught = _Caught("https://masto.test")
        self._server = mastodon_contract.Mastodon(self._caught.server).start()
        self._dice = dice
        self._said: set[str] = set()

    def say(self, one: Said) -> None:
        who = {**mastodon_contract.PAT, "id": one.author, "acct": f"{one.author}@fans.test"}
        text = f"<p>@acme {one.text}</p>"
        self._server.mention(one.number, text, created_at=_time(one), account=who)
        self._said.add(str(one.number))

    def answer(self, request: Request) -> Response:
        self._server.asked.clear()
        answer = self._caught.handler(request)
        if request.path == "/api/v1/notifications" and self._dice.random() < 0.2:
            page = json.loads(answer.get_data())
            answer.set_data(json.dumps([*page, *page[:2]]))
        return answer

    def expected(self) -> set[str]:
        return set(self._said)


class Sky:
    """Posts that name us, by pages whose places move while they are read."""

    name = "sky"

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._caught = _Caught("https://sky.test")
        self._server = bluesky_contract.Bluesky(self._caught.server).start()
        self._said: set[str] = set()

    def say(self, one: Said) -> None:
        named = {"did": f"did:plc:{one.author}", "handle": f"{one.author}.test"}
        who = {**bluesky_contract.PAT, **named}
        shown = bluesky_contract.post(one.number, one.text, author=who, createdAt=_time(one))
        shown["indexedAt"] = _time(one)
        self._server.posts.append(shown)
        self._server.told.append(("mention", shown))
        self._said.add(shown["uri"])

    def answer(self, request: Request) -> Response:
        self._server.asked.clear()
        if self._dice.random() < 0.02:
            self._server.expire()
        return self._caught.handler(request)

    def expected(self) -> set[str]:
        return set(self._said)


class News:
    """A search whose hits come in any order, by words."""

    name = "news"

    def __init__(self) -> None:
        self._caught = _Caught("https://news.test")
        self._server = HackerNews(self._caught.server)
        self._said: set[str] = set()

    def say(self, one: Said) -> None:
        at = int((START + timedelta(seconds=one.at)).timestamp())
        self._server.comment(one.number, at, one.text, author=one.author)
        self._said.add(str(one.number))

    def answer(self, request: Request) -> Response:
        self._server.asked.clear()
        return self._caught.handler(request)

    def expected(self) -> set[str]:
        return set(self._said)


class Feed:
    """A feed of the latest entries, shuffled and doubled; what fell off it was never offered."""

    def __init__(self, name: str, dice: random.Random) -> None:
        self.name = name
        self._dice = dice
        self._entries: list[Said] = []
        self._offered: set[str] = set()
        self._document = b""
        self._made_of = -1

    def say(self, one: Said) -> None:
        self._entries.append(one)

    def answer(self, request: Request) -> Response:
        etag = f'"{len(self._entries)}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers={"ETag": etag})
        if self._made_of != len(self._entries):
            self._document, self._made_of = self._made(), len(self._entries)
        return Response(self._document, headers={"ETag": etag}, content_type="application/rss+xml")

    def offered(self) -> None:
        """Take note that what stands there now was given, whole."""
        self._offered |= {f"tag:{one.number}" for one in self._entries[-WINDOW:]}

    def expected(self) -> set[str]:
        return set(self._offered)

    def _made(self) -> bytes:
        latest = list(reversed(self._entries[-WINDOW:]))
        if self._dice.random() < 0.3:
            self._dice.shuffle(latest)
        items = "".join(map(_item, [*latest, *latest[:2]]))
        return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


def _item(one: Said) -> str:
    date = (START + timedelta(seconds=one.at)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item><guid>tag:{one.number}</guid><title>{one.text}</title><author>{one.author}"
        f"</author><pubDate>{date}</pubDate></item>"
    )


class Lines:
    """A file that grows; the end of a line may come later than its beginning."""

    name = "lines"

    def __init__(self, path: Path, dice: random.Random) -> None:
        self.path = path
        self._dice = dice
        self._tail = b""
        self._said: set[str] = set()
        path.touch()

    def say(self, one: Said) -> None:
        line = {
            "text": one.text,
            "external_id": str(one.number),
            "author": {"handle": one.author},
            "posted_at": _time(one),
        }
        data = self._tail + json.dumps(line).encode() + b"\n"
        cut = self._dice.choice((len(data), len(data) // 2))
        self._tail = data[cut:]
        with self.path.open("ab") as file:
            file.write(data[:cut])
        self._said.add(str(one.number))

    def finish(self) -> None:
        """Write the end of the last line."""
        with self.path.open("ab") as file:
            file.write(self._tail)
        self._tail = b""

    def answer(self, request: Request) -> Response:
        raise AssertionError(f"nobody asks a file: {request}")

    def expected(self) -> set[str]:
        return set(self._said)


class _Broken(httpx.AsyncByteStream):
    """A body that breaks off half way."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._data[: len(self._data) // 2]
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message")


def as_request(request: httpx.Request) -> Request:
    """Return what the client asks as the stand-ins take it."""
    builder = EnvironBuilder(
        method=request.method,
        path=request.url.path,
        query_string=request.url.query.decode(),
        headers=list(request.headers.multi_items()),
        data=request.content,
    )
    return Request(builder.get_environ())


def as_response(answer: Response, **more: Any) -> httpx.Response:
    """Return a stand-in's answer as the client takes it."""
    headers = [(key, value) for key, value in answer.headers if key.lower() != "content-length"]
    stream = more.pop("stream", None) or httpx.ByteStream(answer.get_data())
    return httpx.Response(answer.status_code, headers=headers, stream=stream)


def failing(kind: str, dice: random.Random, answer: Callable[[], Response]) -> httpx.Response:
    """Fail in this way."""
    if kind == "busy":
        said = dice.choice(("30", "240", "99999999999", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"))
        status = dice.choice((429, 503))
        return as_response(Response("slow down", status, headers={"Retry-After": said}))
    if kind == "reset":
        raise httpx.ReadError("connection reset by peer")
    if kind == "error":
        return as_response(Response("<html>no</html>", dice.choice((500, 502, 504))))
    good = answer()
    data = good.get_data()
    if kind == "short":
        return as_response(good, stream=_Broken(data))
    if kind == "cut-gzip":
        good.headers["Content-Encoding"] = "gzip"
        return as_response(good, stream=httpx.ByteStream(gzip.compress(data)[:-9]))
    good.headers["Content-Type"] = "application/json"  # it looks whole, and is not
    return as_response(good, stream=httpx.ByteStream(b'{"half": ' + data[:3]))
