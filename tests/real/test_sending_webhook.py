"""Statements to a program that runs as a process of its own; its answers get lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest

from crisisroom.channels import Outgoing, SendUnknown, make
from crisisroom.channels.webhook import WebhookChannel
from crisisroom.clock import SystemClock
from crisisroom.fetch import Fetcher

SECRET = "canary-webhook"


class Intranet(ThreadingHTTPServer):
    """Checks signatures and keeps what it is told; `mute` loses the next answer."""

    def __init__(self) -> None:
        self.kept: list[dict[str, str]] = []
        self.mute = False
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Intranet

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode()
        digest = hmac.digest(SECRET.encode(), signed + body, hashlib.sha256)
        fits = self.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
        if fits:
            self.server.kept.append(json.loads(body))
        if self.server.mute:
            self.server.mute = False
            self.close_connection = True
            return
        self.send_response(200 if fits else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def intranet() -> Iterator[Intranet]:
    server = Intranet()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher


def channel(intranet: Intranet) -> WebhookChannel:
    url = f"http://127.0.0.1:{intranet.server_address[1]}"
    options = {"server": url, "to": "/words", "private": True}
    made = make("webhook", "intranet", options, token=SECRET, clock=SystemClock())
    assert isinstance(made, WebhookChannel)
    return made


def words() -> Outgoing:
    return Outgoing(key=uuid4().hex, text="We know: größer 👩‍🚒", first_try_at=datetime.now(UTC))


async def test_a_signed_call_is_kept(intranet: Intranet, fetch: Fetcher) -> None:
    ours = words()
    receipt = await channel(intranet).send(ours, fetch)
    assert receipt.remote_id == ours.key
    assert [one["text"] for one in intranet.kept] == [ours.text]


async def test_a_lost_answer_is_unknown_and_stays_so(intranet: Intranet, fetch: Fetcher) -> None:
    way, ours = channel(intranet), words()
    intranet.mute = True
    with pytest.raises(SendUnknown):
        await way.send(ours, fetch)
    with pytest.raises(SendUnknown):
        await way.find(ours, fetch)
    assert [one["key"] for one in intranet.kept] == [ours.key]
