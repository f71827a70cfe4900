"""What all stand-ins share. A stand-in is no server of the network it stands for.

Each is written from the network's public documentation, whose address its docstring gives; it
does what that documentation promises, and misbehaves where a test tells it to.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

Handler = Callable[[Request], Response]


class StandIn:
    """Routes on a test server; `faults` are answered first, `asked` holds what was asked."""

    def __init__(self, server: HTTPServer) -> None:
        self.asked: list[Request] = []
        self.faults: list[Response] = []
        self._server = server
        self.url = server.url_for("").rstrip("/")

    def route(self, path: str, handler: Handler) -> None:
        """Answer everything under a path (a regular expression) with this."""

        def answer(request: Request) -> Response:
            self.asked.append(request)
            return self.faults.pop(0) if self.faults else handler(request)

        self._server.expect_request(re.compile(path)).respond_with_handler(answer)

    def params(self, number: int = -1) -> dict[str, str]:
        """Return what a request asked for."""
        return self.asked[number].args.to_dict()


def as_json(value: Any, *, packed: bool = False, status: int = 200, **headers: str) -> Response:
    """Return an answer of JSON; `packed` with gzip whatever was asked for."""
    body = json.dumps(value).encode()
    extra = {name.replace("_", "-"): text for name, text in headers.items()}
    if packed:
        body, extra = gzip.compress(body), {**extra, "Content-Encoding": "gzip"}
    return Response(body, status=status, content_type="application/json", headers=extra)


def busy(seconds: str = "", status: int = 429) -> Response:
    """Return a refusal to answer more for now."""
    return Response("slow down", status=status, headers={"Retry-After": seconds} if seconds else {})


def stamp(seconds: int) -> str:
    """Return the time as APIs write it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
