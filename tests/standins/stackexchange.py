"""A stand-in for the Stack Exchange API 2.3, after https://api.stackexchange.com/docs
(search/advanced, questions, types/question, wrapper, throttle, compression, error-handling).
"""

from __future__ import annotations

from typing import Any

from pytest_httpserver import HTTPServer
from standins.base import StandIn, as_json
from werkzeug import Request, Response


class StackExchange(StandIn):
    """Questions by words or by tag; every answer is packed with gzip, as the real one's are."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.items: list[dict[str, Any]] = []
        self.backoff = 0
        self.quota = 10_000
        self.route("^/2.3/(search/advanced|questions)$", self._answer)

    def question(self, number: int, at: int, title: str, body: str = "", **more: Any) -> None:
        owner = {"display_name": "Pat &amp; Co", "user_id": 7, "user_type": "registered"}
        link = f"https://stackoverflow.com/questions/{number}/x"
        self.items.append(
            {"question_id": number, "creation_date": at, "title": title, "body": body,
             "tags": [], "owner": owner, "link": link, "score": 3, **more}
        )  # fmt: skip

    def refusal(self, number: int, name: str, words: str) -> Response:
        """Return an error as the API words it."""
        told = {"error_id": number, "error_name": name, "error_message": words}
        return as_json(told, packed=True, status=400)

    def _answer(self, request: Request) -> Response:
        asked = request.args
        low, high = int(asked.get("fromdate", 0)), int(asked.get("todate", 2**40))
        found = [one for one in self.items if low <= one["creation_date"] <= high]
        if "tagged" in asked:
            found = [one for one in found if asked["tagged"] in one["tags"]]
        else:
            words = asked["q"].casefold().split()
            found = [one for one in found if all(w in str(one).casefold() for w in words)]
        found.sort(key=lambda one: -one["creation_date"])
        size = int(asked["pagesize"])
        self.quota = max(0, self.quota - 1)
        told = {"items": found[:size], "has_more": len(found) > size}
        told |= {"quota_max": 10_000 if "key" in asked else 300, "quota_remaining": self.quota}
        told |= {"backoff": self.backoff} if self.backoff else {}
        return as_json(told, packed=True)
