"""A FAKE of Mastodon's API on loopback, which counts what is posted and can be held at a point.

Not a server anybody runs: it knows just enough for one account to post and look, and stops where
a test wants to kill the poster. Real servers are in `real/`.
"""

from __future__ import annotations

import html
import json
import threading
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal
from urllib.parse import urlsplit

from mastodon_contract import ME, TOKEN, status

Moment = Literal["", "asked", "stored", "answered"]
_HELD = 30.0  # seconds after which a held request goes on by itself


class FakeMastodon:
    """One account's server; `idempotent` says whether it remembers keys, as Mastodon does.

    `hold` names the moment at which the next post stops: `asked`, before it is stored; `stored`,
    before the answer; `answered`, right after it. `held` is set there; `let_go` lets it go on,
    with `lose=True` as if the request had never arrived.
    """

    def __init__(self, *, idempotent: bool) -> None:
        self.idempotent = idempotent
        self.posts: list[dict[str, Any]] = []
        self.polls = 0  # how often somebody asked for notifications
        self.held = threading.Event()
        self._hold: Moment = ""
        self._go = threading.Event()
        self._lose = False
        self._keys: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        fake = self

        class Handler(_Handler):
            server_side = fake

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def hold(self, moment: Moment) -> None:
        """Stop the next post at this moment."""
        self.held.clear()
        self._go.clear()
        self._lose = False
        self._hold = moment

    def let_go(self, *, lose: bool = False) -> None:
        """Let a held post go on."""
        self._hold, self._lose = "", lose
        self._go.set()

    def texts(self, reply_to: str) -> list[str]:
        """Return what was posted in answer to a post."""
        return [html.unescape(one["content"]) for one in self.posts if _answers(one, reply_to)]

    def reached(self, moment: Moment) -> bool:
        """Stop here if that is wanted; return whether the request is lost."""
        if self._hold != moment:
            return False
        self._hold = ""
        self.held.set()
        self._go.wait(_HELD)
        return self._lose

    def post(self, key: str, said: dict[str, Any]) -> dict[str, Any]:
        """Store a post and return it; a known key returns what it made before."""
        with self._lock:
            if self.idempotent and key in self._keys:
                return self._keys[key]
            content = f"<p>{html.escape(said['status'])}</p>"
            number = 5000 + len(self.posts)
            made = status(number, content, account=ME, created_at=_now())
            made["in_reply_to_id"] = said.get("in_reply_to_id")
            self.posts.append(made)
            self._keys[key] = made
            return made

    def answer(self, path: str) -> Any:
        """Return what a GET finds; None for nothing."""
        if path == "/api/v2/instance":
            version = "4.6.0" if self.idempotent else "2.7.2 (compatible; Fake 1.0)"
            return {"domain": "fake.test", "version": version}
        if path == "/api/v1/accounts/verify_credentials":
            return ME
        if path == "/api/v1/notifications":
            self.polls += 1
            return []
        if path.endswith("/context"):
            number = path.split("/")[-2]
            return {"ancestors": [], "descendants": [p for p in self.posts if _answers(p, number)]}
        if path == f"/api/v1/accounts/{ME['id']}/statuses":
            return self.posts[::-1]
        return None

    def close(self) -> None:
        """End the server."""
        self._go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> FakeMastodon:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the clients of this server are killed all the time."""


class _Handler(BaseHTTPRequestHandler):
    server_side: FakeMastodon
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer what was asked for."""
        found = self.server_side.answer(urlsplit(self.path).path)
        self._say(200 if found is not None else 404, found if found is not None else {"error": "?"})

    def do_POST(self) -> None:
        """Take a post, and stop where the test wants it."""
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._say(401, {"error": "The access token is invalid"})
            return
        fake = self.server_side
        if fake.reached("asked"):
            self.close_connection = True
            return
        made = fake.post(self.headers["Idempotency-Key"], said)
        fake.reached("stored")
        self._say(200, made)
        fake.reached("answered")

    def _say(self, code: int, value: Any) -> None:
        body = json.dumps(value).encode()
        with suppress(OSError):  # who asked may be dead
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _answers(post: dict[str, Any], number: str) -> bool:
    return bool(post["in_reply_to_id"] == number)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
