"""A stand-in for Reddit's feeds, after https://www.reddit.com/wiki/rss and
https://support.reddithelp.com/hc/en-us/articles/16160319875092 (limits and their headers).
"""

from __future__ import annotations

from html import escape

from pytest_httpserver import HTTPServer
from standins.base import StandIn, stamp
from werkzeug import Request, Response


class Reddit(StandIn):
    """Atom feeds of posts and comments, a hundred a page at most, `after` the last one's name."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.posts: list[tuple[str, int, str, str]] = []
        self.comments: list[tuple[str, int, str, str]] = []
        self.remaining = "98.0"
        self.route("^/search.rss$", lambda request: self._feed(request, self.posts))
        self.route("^/r/[^/]+/new/.rss$", lambda request: self._feed(request, self.posts))
        self.route("^/r/[^/]+/comments/.rss$", lambda request: self._feed(request, self.comments))

    def post(self, name: str, at: int, title: str, body: str = "") -> None:
        self.posts.insert(0, (f"t3_{name}", at, title, body))

    def comment(self, name: str, at: int, post: str, body: str) -> None:
        self.comments.insert(0, (f"t1_{name}", at, f"/u/pat on {post}", body))

    def _feed(self, request: Request, entries: list[tuple[str, int, str, str]]) -> Response:
        words = request.args.get("q", "").casefold().split()
        found = [one for one in entries if all(word in str(one).casefold() for word in words)]
        names = [one[0] for one in found]
        start = names.index(request.args["after"]) + 1 if request.args.get("after") else 0
        page = found[start : start + min(100, int(request.args.get("limit", 25)))]
        body = "".join(self._entry(*one) for one in page)
        headers = {"X-Ratelimit-Remaining": self.remaining, "X-Ratelimit-Reset": "42",
                   "X-Ratelimit-Used": "2"}  # fmt: skip
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{body}</feed>'
        return Response(feed, content_type="application/atom+xml; charset=UTF-8", headers=headers)

    def _entry(self, name: str, at: int, title: str, body: str) -> str:
        kind, _, short = name.partition("_")
        post = title.rpartition(" on ")[2] if kind == "t1" else short
        link = f"{self.url}/r/acme/comments/{post}/x/" + (f"{short}/" if kind == "t1" else "")
        html = escape(f'<div class="md"><p>{body}</p></div>')
        return (
            f"<entry><author><name>/u/pat</name></author><category term='acme'/><id>{name}</id>"
            f"<content type='html'>{html}</content><link href='{link}'/>"
            f"<updated>{stamp(at)}</updated><title>{escape(title)}</title></entry>"
        )
