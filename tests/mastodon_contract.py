"""Mastodon's API as its public documentation describes it, in memory, for contract tests.

Written from docs.joinmastodon.org; tests against real servers are in `real/`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

TOKEN = "canary-token"
ME = {"id": "1", "acct": "acme", "display_name": "Acme", "followers_count": 5}
PAT = {
    "id": "2",
    "acct": "pat@fans.test",
    "display_name": "Pat :fire:",
    "followers_count": 1200,
    "url": "https://fans.test/@pat",
}
Json = Any


def status(number: int, text: str = "", **more: Json) -> dict[str, Json]:
    """Return a status as the documentation shows it."""
    return {
        "id": str(number),
        "uri": f"https://fans.test/statuses/{number}",
        "url": f"https://fans.test/@pat/{number}",
        "created_at": "2026-11-22T02:00:00.000Z",
        "account": PAT,
        "content": text or f"<p>post {number}</p>",
        "visibility": "public",
        "spoiler_text": "",
        "language": "en",
        "in_reply_to_id": None,
        "replies_count": 0,
        "reblog": None,
        "media_attachments": [],
        "emojis": [],
        **more,
    }


@dataclass
class Mastodon:
    """A server with one account; fields are switched by the tests."""

    server: HTTPServer
    statuses: list[dict[str, Json]] = field(default_factory=list)
    notifications: list[dict[str, Json]] = field(default_factory=list)
    own: list[dict[str, Json]] = field(default_factory=list)
    threads: dict[str, list[dict[str, Json]]] = field(default_factory=dict)
    keys: dict[str, dict[str, Json]] = field(default_factory=dict)
    instance: dict[str, Json] = field(default_factory=dict)
    answers: dict[str, Response] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    links: bool = True
    asked: list[Request] = field(default_factory=list)

    def start(self) -> Mastodon:
        """Answer every path."""
        self.instance = {
            "domain": "acme.test",
            "version": "4.6.0",
            "configuration": {
                "statuses": {"max_characters": 700, "characters_reserved_per_url": 23},
                "urls": {"streaming": self.url.replace("http", "ws")},
            },
        }
        self.server.expect_request(re.compile(".*")).respond_with_handler(self._answer)
        return self

    @property
    def url(self) -> str:
        """The server's address."""
        return self.server.url_for("").rstrip("/")

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.path for request in self.asked]

    def mention(self, number: int, text: str = "", **more: Json) -> None:
        """Let Pat mention us."""
        told = {"id": str(number), "type": "mention", "status": status(number, text, **more)}
        self.notifications.append(told)

    def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        if request.path in self.answers:
            return self.answers[request.path]
        if request.path in ("/oauth/token", "/api/v1/apps"):
            return self._login(request)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _json({"error": "The access token is invalid"}, 401)
        if request.method == "POST":
            return self._post(request)
        return self._get(request)

    def _get(self, request: Request) -> Response:
        path = request.path
        if path == "/api/v2/instance":
            return _json(self.instance)
        if path == "/api/v1/accounts/verify_credentials":
            return _json(ME)
        if path == "/api/v1/notifications":
            return self._page(request, self.notifications)
        if path == "/api/v1/timelines/home" or path.startswith("/api/v1/timelines/tag/"):
            return self._page(request, self.statuses)
        if path == "/api/v1/accounts/1/statuses":
            return self._page(request, self.own)
        if path == "/api/v2/search":
            words = request.args["q"]
            return _json({"statuses": [s for s in self.statuses if words in s["content"]]})
        number = path.removeprefix("/api/v1/statuses/").removesuffix("/context")
        if number in self.threads:
            return _json({"ancestors": [], "descendants": self.threads[number]})
        return _json({"error": "Record not found"}, 404)

    def _page(self, request: Request, things: list[dict[str, Json]]) -> Response:
        since = int(request.args.get("since_id", "0"))
        below = int(request.args.get("max_id", str(10**30)))
        limit = int(request.args.get("limit", "20"))
        found = sorted(things, key=lambda thing: -int(thing["id"]))
        page = [one for one in found if since < int(one["id"]) < below][:limit]
        answer = _json(page)
        answer.headers.extend(self.headers)
        if self.links and page:
            older = f"{self.url}{request.path}?max_id={page[-1]['id']}"
            newer = f"{self.url}{request.path}?min_id={page[0]['id']}"
            answer.headers["Link"] = f'<{older}>; rel="next", <{newer}>; rel="prev"'
        return answer

    def _post(self, request: Request) -> Response:
        assert request.path == "/api/v1/statuses"
        key = request.headers["Idempotency-Key"]
        if key not in self.keys:
            said = request.get_json()
            made = status(1000 + len(self.own), f"<p>{said['status']}</p>", account=ME)
            made |= {"in_reply_to_id": said.get("in_reply_to_id"), "visibility": said["visibility"]}
            self.own.append(made)
            self.keys[key] = made
        return _json(self.keys[key])

    def _login(self, request: Request) -> Response:
        if request.path == "/api/v1/apps":
            return _json({"id": "1", "client_id": "id", "client_secret": "secret"})
        form = request.form
        assert form["redirect_uri"] == "urn:ietf:wg:oauth:2.0:oob"
        if (form["client_id"], form["client_secret"], form["code"]) != ("id", "secret", "code"):
            said = {"error": "invalid_grant", "error_description": "The code is invalid"}
            return _json(said, 400)
        return _json({"access_token": TOKEN, "token_type": "Bearer", "scope": form["scope"]})


def _json(value: Json, code: int = 200) -> Response:
    return Response(json.dumps(value), status=code, content_type="application/json")
