"""A STAND-IN for Slack's Web API, from its public documentation.

https://docs.slack.dev/reference/methods/chat.postMessage (and chat.delete, auth.test,
conversations.history, conversations.replies), https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

from typing import Any

from pytest_httpserver import HTTPServer
from standins.base import StandIn, as_json
from werkzeug import Request, Response

TOKEN = "xoxb-canary-slack"
CHANNEL = "C0123456789"
ME = "U0BOT"
START = 1795312800  # 2026-11-22T02:00:00Z


class Slack(StandIn):
    """One workspace with one channel; `errors` are what methods answer next, by their names."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.posts: list[dict[str, Any]] = []
        self.errors: dict[str, list[str]] = {}
        self.route("^/api/", self._answer)

    def post(self, text: str, *, user: str = ME, key: str = "", at: int = START) -> dict[str, Any]:
        """Put a message into the channel."""
        message: dict[str, Any] = {
            "type": "message",
            "user": user,
            "bot_id": "B0BOT" if user == ME else "",
            "text": text,
            "ts": f"{at + len(self.posts)}.{len(self.posts):06d}",
        }
        if key:
            payload = {"event_type": "crisisroom_words", "event_payload": {"key": key}}
            message["metadata"] = payload
        self.posts.append(message)
        return message

    def _answer(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json({"ok": False, "error": "invalid_auth"})
        method = request.path.rpartition("/")[2]
        if queued := self.errors.get(method):
            return as_json({"ok": False, "error": queued.pop(0)})
        if request.method == "POST":
            return self._posted(method, request.get_json())
        return self._read(method, request.args.to_dict())

    def _posted(self, method: str, said: dict[str, Any]) -> Response:
        if method == "auth.test":
            known = {"user_id": ME, "bot_id": "B0BOT", "url": "https://acme.slack.com/"}
            return as_json({"ok": True, **known})
        if said["channel"] != CHANNEL:
            return as_json({"ok": False, "error": "channel_not_found"})
        if method == "chat.delete":
            left = [one for one in self.posts if one["ts"] != said["ts"]]
            gone, self.posts = len(left) < len(self.posts), left
            return as_json({"ok": True} if gone else {"ok": False, "error": "message_not_found"})
        message = self.post(said["text"])
        kept = [name for name in ("metadata", "thread_ts") if name in said]
        message.update({str(name): said[name] for name in kept})
        return as_json({"ok": True, "channel": CHANNEL, "ts": message["ts"], "message": message})

    def _read(self, method: str, asked: dict[str, str]) -> Response:
        """Give a page, newest first, as conversations.history does; metadata only when asked."""
        thread = asked.get("ts", "")
        found = [
            one
            for one in reversed(self.posts)
            if float(one["ts"]) >= float(asked.get("oldest", "0"))
            and one.get("thread_ts", "") == thread
        ]
        start, size = int(asked.get("cursor", "0")), int(asked.get("limit", "100"))
        page = found[start : start + size]
        if asked.get("include_all_metadata") != "true":
            page = [{name: one[name] for name in one if name != "metadata"} for one in page]
        more = str(start + size) if len(found) > start + size else ""
        answer = {"ok": True, "messages": page, "response_metadata": {"next_cursor": more}}
        return as_json(answer)
