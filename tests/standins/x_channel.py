"""A STAND-IN for posting on X, made from its public documentation; X itself was never asked.

https://docs.x.com/x-api/posts/creation-of-a-post, …/fundamentals/rate-limits and
…/fundamentals/response-codes-and-errors: a post made or answered, the same words refused as
duplicate, budgets in headers, our own posts by pages, deletion. Links come back shortened, `&`
escaped, and a reply begins with the handle that it answers.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

TOKEN = "canary-x-token"
ME = "2244994945"
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
_LINK = re.compile(r"https?://\S+")


def problem(status: int, detail: str, title: str = "", **headers: str) -> Response:
    """Return an error as X words it."""
    body = {"title": title, "detail": detail, "type": "about:blank", "status": status}
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = "application/problem+json"
    return Response(json.dumps(body), status=status, content_type=kind, headers=extra)


@dataclass
class XStandIn:
    """What X would know; `answers` replaces the answer of a path, `loses` one of POST."""

    server: HTTPServer
    now: datetime
    posts: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    answers: dict[str, Response] = field(default_factory=dict)
    budget: dict[str, str] = field(default_factory=dict)
    loses: Response | None = None
    page: int = 100

    def start(self) -> XStandIn:
        """Answer every path."""
        self.server.expect_request(re.compile(".*")).respond_with_handler(self._answer)
        return self

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url_for("").rstrip("/")

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [f"{request.method} {request.path}" for request in self.asked]

    def own(self, number: int, text: str, parent: str = "", **more: Any) -> dict[str, Any]:
        """Let the account have a post; links are shortened as X does."""
        urls = [
            {"url": f"https://t.co/{number}{at}", "expanded_url": link}
            for at, link in enumerate(_LINK.findall(text))
        ]
        for one in urls:
            text = text.replace(one["expanded_url"], one["url"])
        made = {
            "id": str(number),
            "text": html.escape(text, quote=False),
            "created_at": self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "edit_history_tweet_ids": [str(number)],
            **({"entities": {"urls": urls}} if urls else {}),
            **({"referenced_tweets": [{"type": "replied_to", "id": parent}]} if parent else {}),
            **more,
        }
        self.posts.insert(0, made)
        return made

    def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        if request.path in self.answers:
            return self.answers[request.path]
        shown = request.headers.get("Authorization", "")
        if shown != f"Bearer {TOKEN}" and not shown.startswith("OAuth "):
            return problem(401, "Unauthorized", "Unauthorized")
        if request.method == "POST":
            answer = self._make(request.get_json())
            lost, self.loses = self.loses, None
            return lost or answer
        if request.method == "DELETE":
            return self._delete(request.path.rpartition("/")[2])
        if request.path == "/2/users/me":
            return self._json({"data": {"id": ME, "name": "Acme", "username": "acme"}})
        return self._timeline(request)

    def _make(self, said: dict[str, Any]) -> Response:
        parent = said.get("reply", {}).get("in_reply_to_tweet_id", "")
        if any(one["said"] == said["text"] for one in self.posts if "said" in one):
            return problem(403, DUPLICATE, "Forbidden")
        text = f"@pat {said['text']}" if parent else said["text"]
        made = self.own(1000 + len(self.posts), text, parent, said=said["text"])
        return self._json({"data": {"id": made["id"], "text": made["text"]}}, 201)

    def _delete(self, number: str) -> Response:
        left = [one for one in self.posts if one["id"] != number]
        if len(left) == len(self.posts):
            return problem(404, "Could not find tweet", "Not Found Error")
        self.posts = left
        return self._json({"data": {"deleted": True}})

    def _timeline(self, request: Request) -> Response:
        assert request.path == f"/2/users/{ME}/tweets"
        start = request.args["start_time"].replace("Z", ".000Z")
        found = [one for one in self.posts if one["created_at"] >= start]
        at = int(request.args.get("pagination_token", "p0")[1:])
        size = min(self.page, int(request.args["max_results"]))
        page = found[at : at + size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(found) > at + size:
            meta["next_token"] = f"p{at + size}"
        return self._json({**({"data": page} if page else {}), "meta": meta})

    def _json(self, value: Any, status: int = 200) -> Response:
        body = json.dumps(value)
        kind = "application/json"
        return Response(body, status=status, content_type=kind, headers=self.budget)
