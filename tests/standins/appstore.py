"""A stand-in for Apple's feed of customer reviews, after
https://developer.apple.com/library/archive/documentation/AudioVideo/Conceptual/iTuneSearchAPI/
and the feed's own addresses (`/us/rss/customerreviews/page=1/id=N/sortby=mostrecent/json`).
"""

from __future__ import annotations

from typing import Any

from pytest_httpserver import HTTPServer
from standins.base import StandIn, as_json, stamp
from werkzeug import Request, Response


class AppStore(StandIn):
    """Fifty reviews a page, newest first; one alone stands without a list, none leave no entry."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.reviews: list[dict[str, Any]] = []
        self.app_first = False
        self.route("^/[a-z]{2}/rss/customerreviews/page=[0-9]+/id=284882215/.*json$", self._page)

    def review(self, number: int, at: int, stars: str, title: str, words: str) -> None:
        self.reviews.insert(0, {
            "id": {"label": str(number)}, "im:rating": {"label": stars},
            "im:version": {"label": "4.2"}, "title": {"label": title},
            "content": {"label": words, "attributes": {"type": "text"}},
            "author": {"name": {"label": "pat"}, "uri": {"label": "https://a.test/id1"}},
            "updated": {"label": stamp(at)}, "im:voteCount": {"label": "0"},
        })  # fmt: skip

    def _page(self, request: Request) -> Response:
        number = int(request.path.partition("page=")[2].partition("/")[0])
        entries = self.reviews[(number - 1) * 50 : number * 50]
        if self.app_first and number == 1:
            app = {"im:name": {"label": "Acme"}, "id": {"label": "https://itunes.test/app"}}
            entries = [app, *entries]
        entry: dict[str, Any] = {"entry": entries[0] if len(entries) == 1 else entries}
        return as_json({"feed": {"title": {"label": "x"}, **(entry if entries else {})}})
