"""A stand-in for Algolia's Hacker News search, after https://hn.algolia.com/api."""

from __future__ import annotations

import re
from typing import Any

from pytest_httpserver import HTTPServer
from standins.base import StandIn, as_json, stamp
from werkzeug import Request, Response


class HackerNews(StandIn):
    """Finds stories and comments by their words, newest first, at most a thousand a search."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.items: dict[str, dict[str, Any]] = {}
        self.route("^/api/v1/search_by_date$", self._search)

    def story(self, number: int, at: int, title: str, **more: Any) -> None:
        self._add(number, at, {"title": title, "url": None, "story_text": None, **more})

    def comment(self, number: int, at: int, text: str, **more: Any) -> None:
        self._add(number, at, {"title": None, "comment_text": text, "parent_id": 1, **more})

    def _add(self, number: int, at: int, item: dict[str, Any]) -> None:
        base = {"objectID": str(number), "created_at_i": at, "created_at": stamp(at)}
        self.items[str(number)] = {**base, "author": "pat", "_tags": ["x"], **item}

    def _search(self, request: Request) -> Response:
        asked = request.args
        low, high = 0, 2**62
        for sign, number in re.findall(r"created_at_i([<>]=)(\d+)", asked["numericFilters"]):
            low, high = (int(number), high) if sign == ">=" else (low, int(number))
        words = asked["query"].casefold().split()
        found = [
            one
            for one in self.items.values()
            if low <= one["created_at_i"] <= high
            and all(word in str(one).casefold() for word in words)
        ]
        found.sort(key=lambda one: -one["created_at_i"])
        size = int(asked["hitsPerPage"])
        return as_json({"hits": found[:size], "nbHits": len(found), "page": 0, "hitsPerPage": size})
