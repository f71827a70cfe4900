"""The world outside as far as a watcher sees it: feeds that are asked, a network that takes posts.

It notes when each feed was asked, and every post; it knows no keys, so that a post sent twice
stands there twice, as on the servers that forget.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]

BRAND: Json = {"id": "1", "username": "brand", "acct": "brand", "display_name": "Brand"}
SLOW = 0.1  # seconds that the network takes for a post, and again for its answer


class Outside(ThreadingHTTPServer):
    """`asked` are the moments of each feed's polls, in seconds that never jump; `posts` by id."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: dict[str, list[float]] = defaultdict(list)
        self.posts: list[Json] = []
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    @classmethod
    @contextmanager
    def standing(cls) -> Iterator[Outside]:
        """Answer until the end of the block."""
        with cls() as outside:
            threading.Thread(target=outside.serve_forever, daemon=True).start()
            try:
                yield outside
            finally:
                outside.shutdown()

    def ask(self, feed: str) -> str:
        """Note a poll, and return the feed with one entry more than before."""
        with self._lock:
            self.asked[feed].append(time.monotonic())
            entries = range(max(1, len(self.asked[feed]) - 20), len(self.asked[feed]) + 1)
        items = "".join(
            f"<item><guid>{feed}-{n}</guid><title>word {n} on {feed}</title></item>"
            for n in entries
        )
        return f'<rss version="2.0"><channel><title>{feed}</title>{items}</channel></rss>'

    def take(self, said: Json) -> Json:
        """Keep a post as the network does, whatever its key."""
        time.sleep(SLOW)
        with self._lock:
            number = len(self.posts) + 1
            post = {
                "id": f"9{number:05}",
                "created_at": datetime.now(UTC).isoformat(),
                "account": BRAND,
                "content": f"<p>{said['status']}</p>",
                "in_reply_to_id": said.get("in_reply_to_id"),
                "url": f"{self.url}/@brand/9{number:05}",
                "text": said["status"],
            }
            self.posts.append(post)
        time.sleep(SLOW)
        return post

    def answers(self, path: str) -> Any:
        """Return what the network answers to a question; None where it has no such thing."""
        parts = path.partition("?")[0].strip("/").split("/")
        match parts[2:]:
            case ["instance"]:
                return {"version": "forgetful 1", "domain": "127.0.0.1"}
            case ["accounts", "verify_credentials"]:
                return BRAND
            case ["accounts", _, "statuses"]:
                return [] if "max_id" in path else self.posts[::-1]
            case ["statuses", number, "context"]:
                below = [one for one in self.posts if one["in_reply_to_id"] == number]
                return {"ancestors": [], "descendants": below}
        return None


class _Handler(BaseHTTPRequestHandler):
    server: Outside
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, _, name = self.path.strip("/").partition("/")
        if kind == "feed":
            self._say(self.server.ask(name), "application/rss+xml")
        else:
            found = self.server.answers(self.path)
            self._say(json.dumps(found), "application/json", 404 if found is None else 200)

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._say(json.dumps(self.server.take(said)), "application/json")

    def _say(self, text: str, kind: str, status: int = 200) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        """Serve, and take it quietly when whoever asked is killed."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""
