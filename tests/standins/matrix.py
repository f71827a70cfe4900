"""A STAND-IN for a Matrix homeserver, from its specification; the real one is in `real/`.

https://spec.matrix.org/v1.13/client-server-api/
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from pytest_httpserver import HTTPServer
from standins.base import StandIn, as_json
from werkzeug import Request, Response

TOKEN = "canary-matrix-token"
ME = "@crisis:acme.test"
ROOM = "!room:acme.test"
START = 1795312800_000  # 2026-11-22T02:00:00Z


class Matrix(StandIn):
    """One room; `status` and `said` are what writing answers when `status` is not 0."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.joined = [ROOM]
        self.encrypted = False
        self.events: list[dict[str, Any]] = []
        self.status = 0
        self.said: dict[str, Any] = {}
        self._done: dict[str, str] = {}
        self.route("^/_matrix/client/v3/", self._answer)

    def put(self, content: dict[str, Any], *, sender: str = ME, at: int = 0) -> str:
        """Put an event into the room."""
        event_id = f"$event-{len(self.events)}"
        event = {"event_id": event_id, "sender": sender, "type": "m.room.message"}
        time = at or START + len(self.events)
        self.events.append({**event, "origin_server_ts": time, "content": content})
        return event_id

    def _answer(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json({"errcode": "M_UNKNOWN_TOKEN", "error": "no"}, status=401)
        path = unquote(request.path).removeprefix("/_matrix/client/v3")
        if path == "/account/whoami":
            return as_json({"user_id": ME})
        if path == "/joined_rooms":
            return as_json({"joined_rooms": self.joined})
        if path == "/directory/room/#crisis:acme.test":
            return as_json({"room_id": ROOM, "servers": ["acme.test"]})
        if path == f"/rooms/{ROOM}/messages":
            return self._page(request.args.to_dict())
        if path.endswith("/state/m.room.encryption") and self.encrypted:
            return as_json({"algorithm": "m.megolm.v1.aes-sha2"})
        if request.method == "PUT" and path.startswith(f"/rooms/{ROOM}/"):
            return self._written(path, request)
        return as_json({"errcode": "M_NOT_FOUND", "error": "nothing here"}, status=404)

    def _written(self, path: str, request: Request) -> Response:
        if self.status:
            return as_json(self.said, status=self.status)
        if path not in self._done:
            if "/redact/" in path:
                gone = path.split("/")[4]
                self.events = [one for one in self.events if one["event_id"] != gone]
                self._done[path] = "$redaction"
            else:
                self._done[path] = self.put(request.get_json())
        return as_json({"event_id": self._done[path]})

    def _page(self, asked: dict[str, str]) -> Response:
        found = [*reversed(self.events)]
        start = int(asked.get("from", "0"))
        end = start + int(asked["limit"])
        more = {"end": str(end)} if end < len(found) else {}
        return as_json({"chunk": found[start:end], "start": str(start), **more})
