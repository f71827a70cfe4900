"""A stand-in for a Discourse forum, after https://docs.discourse.org and its posts_controller.rb.

`/posts.json?before=N` covers the fifty numbers up to N, whether their posts can be seen or not.
"""

from __future__ import annotations

from typing import Any

from pytest_httpserver import HTTPServer
from standins.base import StandIn, as_json, stamp
from werkzeug import Request, Response


class Discourse(StandIn):
    """A forum; `shut` names the paths that strangers may not see."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.posts: dict[int, dict[str, Any]] = {}
        self.last = 0
        self.shut: set[str] = set()
        self.route("^/posts.json$", self._latest)
        self.route("^/search.json$", self._search)
        self.route("^/latest.rss$", self._feed)

    def post(self, number: int, at: int, cooked: str, **more: Any) -> None:
        self.last = max(self.last, number)
        self.posts[number] = {
            "id": number, "username": "pat", "name": "Pat", "created_at": stamp(at),
            "cooked": cooked, "post_number": 1, "topic_id": number, "topic_slug": "no-app",
            "topic_title": "No app", "reply_to_post_number": None, **more,
        }  # fmt: skip

    def _latest(self, request: Request) -> Response:
        if "posts" in self.shut:
            return as_json({"errors": ["not allowed"]}, status=403)
        until = int(request.args.get("before", 0)) or self.last
        found = [one for n, one in sorted(self.posts.items()) if until - 50 < n <= until]
        return as_json({"latest_posts": found[::-1]})

    def _search(self, request: Request) -> Response:
        if "search" in self.shut:
            return as_json({"errors": ["not allowed"]}, status=403)
        words = request.args["q"].partition(" order:latest")[0].casefold().split()
        found = [p for p in self.posts.values() if all(w in str(p).casefold() for w in words)]
        shown = ("id", "username", "name", "created_at", "post_number", "topic_id")
        posts = [{k: one[k] for k in shown} | {"blurb": one["cooked"][:200]} for one in found]
        topics = [{"id": p["topic_id"], "title": p["topic_title"], "slug": "x"} for p in found]
        more = {"more_full_page_results": None, "term": words}
        return as_json({"posts": posts[::-1], "topics": topics, "grouped_search_result": more})

    def _feed(self, _: Request) -> Response:
        if "feed" in self.shut:
            return Response(status=403)
        items = "".join(
            f"<item><title>{one['topic_title']}</title><description><![CDATA[{one['cooked']}]]>"
            f"</description><guid isPermaLink='false'>forum.test-topic-{one['topic_id']}</guid>"
            "<pubDate>Sun, 22 Nov 2026 02:00:00 +0000</pubDate></item>"
            for one in self.posts.values()
        )
        body = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
        return Response(body, content_type="application/rss+xml")
