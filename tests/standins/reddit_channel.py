"""A STAND-IN for commenting on Reddit, made from its public documentation; never asked itself.

https://www.reddit.com/dev/api (api/comment, api/submit, api/del, api/info, user/…/comments) and
https://github.com/reddit-archive/reddit/wiki/OAuth2: tokens of an hour for a refresh token, errors
inside of good answers, budgets in tenths, listings by pages, deleted things without an author.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

APP = "app-1"
SECRET = "canary-reddit-secret"
REFRESH = "canary-reddit-refresh"
ME = "Acme_Help"


@dataclass
class RedditStandIn:
    """What Reddit would know; `answers` replaces the answer of a path, `loses` one of a POST."""

    server: HTTPServer
    now: datetime
    things: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    answers: dict[str, Response] = field(default_factory=dict)
    budget: dict[str, str] = field(default_factory=dict)
    errors: list[list[str]] = field(default_factory=list)
    ratelimit: float | None = None
    loses: Response | None = None
    tokens: int = 0
    page: int = 100

    def start(self) -> RedditStandIn:
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
        return [request.path for request in self.asked]

    @property
    def token(self) -> str:
        """The token that is good now; it changes with each login."""
        return f"canary-reddit-access-{self.tokens}"

    def add(self, name: str, **more: Any) -> None:
        """Let the account have written something."""
        made = {"name": name, "author": ME, "created_utc": self.now.timestamp(), **more}
        self.things.insert(0, made)

    def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        if request.path in self.answers:
            return self.answers[request.path]
        if request.path == "/api/v1/access_token":
            return self._login(request)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return self._json({"message": "Unauthorized", "error": 401}, 401)
        if request.method == "POST":
            return self._post(request)
        return self._get(request)

    def _login(self, request: Request) -> Response:
        basic = b64encode(f"{APP}:{SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {basic}":
            return self._json({"message": "Unauthorized", "error": 401}, 401)
        if request.form.to_dict() != {"grant_type": "refresh_token", "refresh_token": REFRESH}:
            return self._json({"error": "invalid_grant"})
        self.tokens += 1
        said = {"access_token": self.token, "token_type": "bearer", "expires_in": 3600}
        return self._json({**said, "scope": "identity submit edit history read"})

    def _post(self, request: Request) -> Response:
        form = request.form.to_dict()
        if request.path == "/api/del":
            for one in self.things:
                if one["name"] == form["id"]:
                    one |= {"author": "[deleted]", "body": "[deleted]", "selftext": "[deleted]"}
            return self._json({})
        if self.errors:
            return self._json({"json": {"errors": self.errors, "ratelimit": self.ratelimit}})
        data = self._comment(form) if request.path == "/api/comment" else self._submit(form)
        lost, self.loses = self.loses, None
        return lost or self._json({"json": {"errors": [], "data": data}})

    def _comment(self, form: dict[str, str]) -> dict[str, Any]:
        name = f"t1_c{len(self.things)}"
        self.add(
            name,
            parent_id=form["thing_id"],
            body=form["text"],
            permalink=f"/r/acme/comments/x/y/{name[3:]}/",
        )
        return {"things": [{"kind": "t1", "data": self.things[0]}]}

    def _submit(self, form: dict[str, str]) -> dict[str, Any]:
        name = f"t3_p{len(self.things)}"
        url = f"https://www.reddit.com/r/{form['sr']}/comments/{name[3:]}/x/"
        self.add(name, title=form["title"], selftext=form["text"], subreddit=form["sr"], url=url)
        return {"name": name, "id": name[3:], "url": url, "drafts_count": 0}

    def _get(self, request: Request) -> Response:
        if request.path == "/api/v1/me":
            return self._json({"name": ME, "id": "abc"})
        if request.path == "/api/info":
            found = [one for one in self.things if one["name"] == request.args["id"]]
            return self._listing(found, "")
        kind = {"comments": "t1_", "submitted": "t3_"}[request.path.rpartition("/")[2]]
        assert request.path.startswith(f"/user/{ME}/")
        found = [one for one in self.things if one["name"].startswith(kind)]
        names = [one["name"] for one in found]
        start = names.index(request.args["after"]) + 1 if "after" in request.args else 0
        page = found[start : start + self.page]
        return self._listing(page, page[-1]["name"] if len(found) > start + len(page) else "")

    def _listing(self, things: list[dict[str, Any]], after: str) -> Response:
        children = [{"kind": one["name"][:2], "data": one} for one in things]
        return self._json(
            {"kind": "Listing", "data": {"children": children, "after": after or None}}
        )

    def _json(self, value: Any, status: int = 200) -> Response:
        body = json.dumps(value)
        kind = "application/json"
        return Response(body, status=status, content_type=kind, headers=self.budget)
