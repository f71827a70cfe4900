"""A stand-in for GDELT's DOC 2.0 API, after
https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/: what is wrong it says in plain text.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pytest_httpserver import HTTPServer
from standins.base import StandIn
from werkzeug import Request, Response

HURRIED = "Please limit requests to one every 5 seconds or contact us for larger queries."
TOO_SHORT = "Your query was too short or too long."


class Gdelt(StandIn):
    """Articles by the words of their titles, newest first, 250 at most."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.articles: list[tuple[int, str, str]] = []
        self.route("^/api/v2/doc/doc$", self._answer)

    def article(self, at: int, name: str, title: str) -> None:
        self.articles.insert(0, (at, f"https://news.test/{name}", title))

    def say(self, words: str) -> None:
        """Answer the next question with plain text."""
        self.faults.append(Response(words, content_type="text/html; charset=utf-8"))

    def _answer(self, request: Request) -> Response:
        asked = request.args
        low, high = asked["startdatetime"], asked["enddatetime"]
        words = [w for w in asked["query"].casefold().split() if ":" not in w]
        found = [
            {"url": url, "url_mobile": "", "title": title, "seendate": f"{day}T{hour}Z",
             "socialimage": "", "domain": "news.test", "language": "German",
             "sourcecountry": "Germany"}
            for at, url, title in self.articles
            if (moment := datetime.fromtimestamp(at, UTC).strftime("%Y%m%d%H%M%S"))
            and (day := moment[:8]) and (hour := moment[8:]) and low <= moment <= high
            and all(word in title.casefold() for word in words)
        ]  # fmt: skip
        body = json.dumps({"articles": found[: int(asked["maxrecords"])]} if found else {})
        return Response(body, content_type="application/json")
