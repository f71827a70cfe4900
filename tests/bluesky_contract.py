"""Bluesky's API as its public lexicons describe it, in memory, for contract tests.

A stand-in: the real servers are tested in `real/`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

Json = Any
PASSWORD = "canary-pass-word"
ME = {"did": "did:plc:acme", "handle": "acme.test", "displayName": "Acme"}
PAT = {"did": "did:plc:pat", "handle": "pat.test", "displayName": "Pat", "viewer": {"muted": False}}
POST = "app.bsky.feed.post"


def record(text: str, **more: Json) -> dict[str, Json]:
    """Return a post as its author writes it."""
    return {
        "$type": POST,
        "text": text,
        "createdAt": "2026-11-22T02:00:00.000Z",
        "langs": ["en"],
        **more,
    }


def post(key: int, text: str = "", *, author: Json = PAT, **more: Json) -> dict[str, Json]:
    """Return a post as a view shows it; `more` goes into the record."""
    return {
        "uri": f"at://{author['did']}/{POST}/3k{key:04d}",
        "cid": f"bafy{key}",
        "author": author,
        "record": record(text or f"post {key}", **more),
        "indexedAt": "2026-11-22T02:00:01.000Z",
        "labels": [],
    }


@dataclass
class Bluesky:
    """A data server with one account; fields are switched by the tests."""

    server: HTTPServer
    posts: list[dict[str, Json]] = field(default_factory=list)
    told: list[tuple[str, dict[str, Json]]] = field(default_factory=list)
    answers: dict[str, list[Response]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    valid: int = 0  # the number of the access token that is accepted
    followers: int = 1200

    def start(self) -> Bluesky:
        """Answer every path."""
        self.server.expect_request(re.compile(".*")).respond_with_handler(self._answer)
        return self

    @property
    def url(self) -> str:
        """The server's address."""
        return self.server.url_for("").rstrip("/")

    @property
    def methods(self) -> list[str]:
        """What was asked for, in order, without the namespaces."""
        return [request.path.rpartition(".")[2] for request in self.asked]

    def tell(self, key: int, reason: str = "mention", **more: Json) -> None:
        """Let Pat name us, answer us or quote us."""
        shown = post(key, **more)
        self.posts.append(shown)
        self.told.append((reason, shown))

    def expire(self) -> None:
        """Let the access token run out."""
        self.valid += 1

    def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        method = request.path.removeprefix("/xrpc/")
        if self.answers.get(method):
            return self.answers[method].pop(0)
        if method == "com.atproto.server.createSession":
            return self._login(request)
        said = request.headers.get("Authorization", "")
        if method == "com.atproto.server.refreshSession":
            if not said.startswith("Bearer refresh-"):
                return failed("InvalidToken", 400)
            return self._session()
        if said != f"Bearer access-{self.valid}":
            return failed("ExpiredToken", 400)
        answer = self._get(method, request)
        answer.headers.extend(self.headers)
        return answer

    def _login(self, request: Request) -> Response:
        body = request.get_json()
        if (body["identifier"], body["password"]) != ("acme.test", PASSWORD):
            return failed("AuthenticationRequired", 401, "Invalid identifier or password")
        return self._session()

    def _session(self) -> Response:
        tokens = {"accessJwt": f"access-{self.valid}", "refreshJwt": f"refresh-{self.valid}"}
        return _json({**ME, **tokens})

    def _get(self, method: str, request: Request) -> Response:
        args = request.args
        if method == "app.bsky.notification.listNotifications":
            assert args.getlist("reasons") == ["mention", "reply", "quote"]
            told = [_notification(reason, one) for reason, one in self.told]
            return self._page("notifications", told, request)
        if method == "app.bsky.feed.searchPosts":
            assert args["sort"] == "latest"
            found = [one for one in self.posts if args["q"] in one["record"]["text"]]
            return self._page("posts", found, request)
        if method == "app.bsky.feed.getPosts":
            assert len(args.getlist("uris")) <= 25
            wanted = args.getlist("uris")
            return _json({"posts": [one for one in self.posts if one["uri"] in wanted]})
        if method == "app.bsky.actor.getProfiles":
            dids = args.getlist("actors")
            assert len(dids) <= 25
            return _json(
                {"profiles": [{"did": did, "followersCount": self.followers} for did in dids]}
            )
        return failed("MethodNotImplemented", 501)

    def _page(self, name: str, things: list[Json], request: Request) -> Response:
        newest = list(reversed(things))
        start = int(request.args.get("cursor", "0"))
        end = start + int(request.args["limit"])
        more = {"cursor": str(end)} if end < len(newest) else {}
        return _json({name: newest[start:end], **more})


def failed(error: str, status: int, message: str = "", **headers: str) -> Response:
    """Return an error as these servers say it."""
    answer = _json({"error": error, "message": message or error}, status)
    answer.headers.extend({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


def _notification(reason: str, shown: dict[str, Json]) -> dict[str, Json]:
    kept = ("uri", "cid", "author", "record", "indexedAt", "labels")
    return {**{name: shown[name] for name in kept}, "reason": reason, "isRead": False}


def _json(value: Json, code: int = 200) -> Response:
    return Response(json.dumps(value), status=code, content_type="application/json")
