"""A stand-in for a WordPress blog that is written to (developer.wordpress.org/rest-api).

It makes slugs unique when a post is let out, refuses a comment that is there, and has a trash.
"""

from __future__ import annotations

import json
from html import unescape
from typing import Any

from pytest_httpserver import HTTPServer
from standins.base import StandIn, as_json
from werkzeug import Request, Response

ME = 1
_LOGIN = "Basic YWNtZTpjYW5hcnktcHc="  # acme:canary-pw


class WritableBlog(StandIn):
    """One blog; `faults_at` answers a call, as `POST comments`, in its place."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.posts: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, dict[str, Any]] = {}
        self.faults_at: dict[str, Response] = {}
        self.headers: dict[str, str] = {}
        self.moderates = True
        self.holds = False
        self.trash = True
        self._last = 0
        self.route("/", self._answer)

    def asks(self, number: int, post: int = 5, author: int = 0) -> None:
        """Let somebody comment."""
        self.comments[number] = self._comment(number, post, 0, "asked", author)

    @property
    def out(self) -> list[dict[str, Any]]:
        return [one for one in self.posts.values() if one["status"] == "publish"]

    def _answer(self, request: Request) -> Response:
        route = request.args["rest_route"].removeprefix("/wp/v2/")
        kind, _, number = route.partition("/")
        if fault := self.faults_at.get(f"{request.method} {kind}"):
            return fault
        if request.headers.get("Authorization") != _LOGIN:
            return _error("rest_not_logged_in", 401)
        answer = self._told(kind, number, request)
        answer.headers.extend(self.headers)
        return answer

    def _told(self, kind: str, number: str, request: Request) -> Response:
        if kind == "users":
            return as_json({"id": ME, "name": "Acme"})
        kept = self.posts if kind == "posts" else self.comments
        if number and int(number) not in kept:
            return _error("rest_invalid_id", 404)
        if request.args.get("_method") == "DELETE":
            return self._trashed(kept, int(number))
        if request.method == "POST":
            said = json.loads(request.data)
            if kind == "comments":
                return self._say(said)
            return self._let_out(kept[int(number)], said) if number else self._draft(said)
        if number:
            return as_json(kept[int(number)])
        return self._posts(request) if kind == "posts" else self._comments(request)

    def _posts(self, request: Request) -> Response:
        slugs, states = (request.args[name].split(",") for name in ("slug", "status"))
        found = [
            one for one in self.posts.values() if one["slug"] in slugs and one["status"] in states
        ]
        return as_json(found[::-1])

    def _comments(self, request: Request) -> Response:
        every = "status" in request.args
        if every and not self.moderates:
            return _error("rest_forbidden_param", 403)
        post, parent = int(request.args["post"]), int(request.args["parent"])
        states = ("approved", "hold") if every else ("approved",)
        found = [
            one if every else {**one, "content": {"rendered": one["content"]["rendered"]}}
            for one in self.comments.values()
            if (one["post"], one["parent"]) == (post, parent) and one["status"] in states
        ]
        return as_json(found[::-1])

    def _draft(self, said: dict[str, Any]) -> Response:
        self._last += 1
        self.posts[self._last] = {"id": self._last, "link": f"{self.url}/?p={self._last}", **said}
        return as_json(self.posts[self._last], status=201)

    def _let_out(self, post: dict[str, Any], said: dict[str, Any]) -> Response:
        others = [one["slug"] for one in self.posts.values() if one is not post]
        if post["status"] != "publish" and post["slug"] in others:
            post["slug"] += "-2"
        post.update(said)
        return as_json(post)

    def _say(self, said: dict[str, Any]) -> Response:
        place = (said["post"], said["parent"], said["content"])
        for one in self.comments.values():
            if (one["post"], one["parent"], one["content"]["raw"]) == place:
                return _error("comment_duplicate", 409)
        number = 1000 + len(self.comments)
        made = self._comment(number, said["post"], said["parent"], said["content"], ME)
        made["status"] = "hold" if self.holds else "approved"
        self.comments[number] = made
        return as_json(made, status=201)

    def _comment(
        self, number: int, post: int, parent: int, raw: str, author: int
    ) -> dict[str, Any]:
        pretty = raw.replace('"', "&#8221;").replace("--", "&#8211;")
        return {
            "id": number, "post": post, "parent": parent, "author": author, "status": "approved",
            "link": f"{self.url}/?p={post}#comment-{number}", "date_gmt": "2026-11-22T02:00:05",
            "content": {"raw": raw, "rendered": f"<p>{pretty}</p>"},
        }  # fmt: skip

    def _trashed(self, kept: dict[int, dict[str, Any]], number: int) -> Response:
        if not self.trash:
            return _error("rest_trash_not_supported", 501)
        if kept[number]["status"] == "trash":
            return _error("rest_already_trashed", 410)
        kept[number]["status"] = "trash"
        return as_json(kept[number])

    def words(self, number: int) -> str:
        """Return a comment as it was written."""
        return unescape(self.comments[number]["content"]["raw"])


def _error(code: str, status: int) -> Response:
    return as_json({"code": code, "message": f"Sorry: {code}"}, status=status)
