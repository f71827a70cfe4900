"""A stand-in for YouTube's channel feed and Data API v3, after
https://developers.google.com/youtube/v3/guides/push_notifications (the feed) and
https://developers.google.com/youtube/v3/docs/commentThreads/list, comments/list, errors.
"""

from __future__ import annotations

from typing import Any

from pytest_httpserver import HTTPServer
from standins.base import StandIn, as_json, stamp
from werkzeug import Request, Response

KEY = "AIza-stand-in"
CHANNEL = "UC123456789012345678901_"


class YouTube(StandIn):
    """One channel with videos, threads of comments, and answers of which five come along."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.videos: list[tuple[str, int, str, str]] = []
        self.threads: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
        self.route("^/feeds/videos.xml$", self._feed)
        self.route("^/youtube/v3/commentThreads$", lambda r: self._keyed(r, self._threads))
        self.route("^/youtube/v3/comments$", lambda r: self._keyed(r, self._answers))

    def comment(self, name: str, at: int, text: str, author: str = "UCpat") -> None:
        self.threads.insert(0, (self._comment(name, at, text, author), []))

    def answer(self, thread: str, name: str, at: int, text: str) -> None:
        answers = next(one[1] for one in self.threads if one[0]["id"] == thread)
        made = self._comment(f"{thread}.{name}", at, text, "UCsam")
        made["snippet"]["parentId"] = thread
        answers.append(made)

    def _comment(self, name: str, at: int, text: str, author: str) -> dict[str, Any]:
        snippet = {"textDisplay": text, "textOriginal": text, "authorDisplayName": "@pat",
                   "authorChannelId": {"value": author}, "publishedAt": stamp(at),
                   "likeCount": 0, "videoId": "v1"}  # fmt: skip
        return {"kind": "youtube#comment", "id": name, "snippet": snippet}

    def _keyed(self, request: Request, answer: Any) -> Response:
        if request.headers.get("X-Goog-Api-Key") != KEY:
            return refusal(400, "badRequest", "API key not valid.")
        made: Response = answer(request)
        return made

    def _threads(self, request: Request) -> Response:
        start = int(request.args.get("pageToken") or 0)
        size = int(request.args["maxResults"])
        items = [
            {"id": top["id"],
             "snippet": {"topLevelComment": top, "totalReplyCount": len(answers), "videoId": "v1"},
             **({"replies": {"comments": answers[-5:]}} if answers else {})}
            for top, answers in self.threads[start : start + size]
        ]  # fmt: skip
        more = {"nextPageToken": str(start + size)} if start + size < len(self.threads) else {}
        return as_json({"items": items, **more})

    def _answers(self, request: Request) -> Response:
        wanted = request.args["parentId"]
        return as_json({"items": next(a for top, a in self.threads if top["id"] == wanted)})

    def _feed(self, request: Request) -> Response:
        if request.args.get("channel_id") != CHANNEL:
            return Response("not found", status=404)
        entries = "".join(
            f"<entry><id>yt:video:{name}</id><title>{title}</title>"
            f"<link rel='alternate' href='https://www.youtube.com/watch?v={name}'/>"
            f"<author><name>Acme</name></author><published>{stamp(at)}</published>"
            f"<media:group><media:title>{title}</media:title><media:description>{words}"
            "</media:description><media:thumbnail url='https://i.test/1.jpg'/></media:group>"
            "</entry>"
            for name, at, title, words in self.videos
        )
        feed = ('<feed xmlns:media="http://search.yahoo.com/mrss/" '
                f'xmlns="http://www.w3.org/2005/Atom">{entries}</feed>')  # fmt: skip
        return Response(feed, content_type="text/xml; charset=UTF-8")


def refusal(status: int, reason: str, words: str) -> Response:
    """Return an error as Google's APIs word it."""
    errors = [{"domain": "youtube", "reason": reason, "message": words}]
    return as_json({"error": {"code": status, "message": words, "errors": errors}}, status=status)
