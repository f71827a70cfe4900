"""A STAND-IN for X's API version 2, made from its public documentation; X itself was never asked.

Recent search with pages and `since_id`, the rules of the filtered stream, the stream with its
blank lines and farewells, partial errors, and 429 with `x-rate-limit-reset`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "canary-x"
EPOCH_MS = 1_288_834_974_657


def id_at(moment: datetime, number: int = 0) -> str:
    """Return the id of a post of this moment."""
    return str(((int(moment.timestamp() * 1000) - EPOCH_MS) << 22) + number)


def post(moment: datetime, text: str, *, number: int = 0, author: str = "7", **more: Any) -> Any:
    """Return a post as the documentation has it."""
    id_ = id_at(moment, number)
    return {
        "id": id_,
        "text": text,
        "author_id": author,
        "created_at": moment.isoformat().replace("+00:00", "Z"),
        "lang": "en",
        "edit_history_tweet_ids": [id_],
        **more,
    }


@dataclass
class StandIn:
    """What X would know; `spent` makes it answer 429 until so many seconds from its own clock."""

    now: datetime
    port: int = 0
    posts: list[Any] = field(default_factory=list)
    users: list[Any] = field(default_factory=list)
    media: list[Any] = field(default_factory=list)
    rules: list[dict[str, str]] = field(default_factory=list)
    lines: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)
    spent: int = 0
    page: int = 100
    _next_rule: int = 900

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def tell(self, one: Any, *rules: str) -> None:
        """Let the stream say a post that these rules found."""
        told = {
            "data": one,
            "includes": {"users": self.users, "media": self.media},
            "matching_rules": [{"id": rule, "tag": ""} for rule in rules],
        }
        self.lines.put_nowait(json.dumps(told).encode() + b"\r\n")

    def search(self, query: dict[str, str]) -> tuple[int, Any]:
        """Answer /2/tweets/search/recent."""
        oldest = int(id_at(self.now)) - ((7 * 86_400_000) << 22)
        since = int(query["since_id"])
        if since < oldest:
            return 400, {"errors": [{"message": "'since_id' must be a tweet id created after …"}]}
        found = sorted(
            (one for one in self.posts if int(one["id"]) > since),
            key=lambda one: -int(one["id"]),
        )
        start = int(query.get("next_token", "p0").removeprefix("p"))
        page = found[start : start + self.page]
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(found) > start + self.page:
            meta["next_token"] = f"p{start + self.page}"
        gone = {"title": "Not Found Error", "resource_type": "user", "value": "99"}
        body = {"includes": {"users": self.users, "media": self.media}, "meta": meta}
        return 200, {**body, **({"data": page} if page else {}), "errors": [gone]}

    def change(self, body: Any) -> tuple[int, Any]:
        """Answer a POST to the rules."""
        self.sent.append(body)
        if delete := body.get("delete"):
            self.rules = [one for one in self.rules if one["id"] not in delete["ids"]]
            return 200, {"meta": {"summary": {"deleted": len(delete["ids"])}}}
        made, errors = [], []
        for rule in body["add"]:
            if "(" in rule["value"]:
                detail = "unclosed bracket (at position 1)"
                errors.append({"title": "UnprocessableEntity", "detail": detail})
                continue
            self._next_rule += 1
            made.append({"id": str(self._next_rule), **rule})
        self.rules += made
        return 201, {"data": made, "errors": errors} if errors else {"data": made}

    def headers(self) -> list[str]:
        """The headers about the budget, and the server's own time."""
        reset = int(self.now.timestamp()) + (self.spent or 900)
        return [
            f"Date: {format_datetime(self.now, usegmt=True)}",
            "x-rate-limit-limit: 450",
            f"x-rate-limit-remaining: {0 if self.spent else 449}",
            f"x-rate-limit-reset: {reset}",
        ]

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        method, target, _ = first.split(" ")
        url = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        self.asked.append((url.path, query))
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("authorization") != f"Bearer {TOKEN}":
            await self._whole(writer, 401, {"title": "Unauthorized"})
        elif self.spent:
            await self._whole(writer, 429, {"title": "Too Many Requests"})
        elif url.path == "/2/tweets/search/stream":
            await self._stream(writer)
        elif url.path == "/2/tweets/search/recent":
            await self._whole(writer, *self.search(query))
        elif method == "POST":
            await self._whole(writer, *self.change(json.loads(body)))
        else:
            await self._whole(writer, 200, {"data": self.rules} if self.rules else {"meta": {}})

    async def _whole(self, writer: asyncio.StreamWriter, status: int, value: Any) -> None:
        data = json.dumps(value).encode()
        lines = [f"HTTP/1.1 {status} X", *self.headers(), f"Content-Length: {len(data)}"]
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode() + data)
        await writer.drain()

    async def _stream(self, writer: asyncio.StreamWriter) -> None:
        lines = ["HTTP/1.1 200 OK", *self.headers(), "Content-Type: application/json"]
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        while (line := await self.lines.get()) is not None:
            writer.write(line)
            await writer.drain()


@asynccontextmanager
async def standing(now: datetime) -> AsyncIterator[StandIn]:
    """Run the stand-in on a free loopback port."""
    stand_in = StandIn(now)
    server = await asyncio.start_server(stand_in._connection, "127.0.0.1", 0)
    stand_in.port = server.sockets[0].getsockname()[1]
    try:
        yield stand_in
    finally:
        stand_in.lines.put_nowait(None)
        server.close()
