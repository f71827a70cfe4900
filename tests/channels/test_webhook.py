"""The webhook: what a receiver gets, how it can check it, and what its answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import traceback
from datetime import UTC, datetime

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.webhook import WebhookChannel
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SECRET = "canary-webhook-secret"
WORDS = Outgoing(key="k1", text='größer "so"\n👩‍🚒', title="We know", first_try_at=NOW)


class Receiver:
    """Takes calls as a program of ours would."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("").rstrip("/")
        self.calls: list[Request] = []
        self.answer = Response("{}")
        server.expect_request("/crisis/words", method="POST").respond_with_handler(self._take)

    def _take(self, request: Request) -> Response:
        self.calls.append(request)
        return self.answer


@pytest.fixture
def receiver(httpserver: HTTPServer) -> Receiver:
    return Receiver(httpserver)


def channel(receiver: Receiver, token: str = SECRET) -> WebhookChannel:
    options = {"server": receiver.url, "to": "/crisis/words", "private": True}
    made = make("webhook", "intranet", options, token=token, clock=ManualClock(NOW))
    assert isinstance(made, WebhookChannel)
    return made


@pytest.mark.parametrize(
    ("token", "secret"),
    [
        (SECRET, SECRET.encode()),
        (f"whsec_{base64.b64encode(b'raw').decode()}", b"raw"),
        ("whsec_~", b"whsec_~"),
    ],
)
async def test_a_call_can_be_checked(
    receiver: Receiver, fetch: Fetcher, token: str, secret: bytes
) -> None:
    await channel(receiver, token).send(WORDS, fetch)
    (call,) = receiver.calls
    signed = f"k1.{int(NOW.timestamp())}.".encode() + call.get_data()
    digest = base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
    assert call.headers["webhook-signature"] == f"v1,{digest}"
    assert call.headers["Idempotency-Key"] == call.headers["webhook-id"] == "k1"
    assert call.get_json()["text"] == WORDS.text
    assert call.get_json()["title"] == "We know"
    assert call.content_type == "application/json"
    assert token not in str(call.headers)


async def test_every_try_says_the_same(receiver: Receiver, fetch: Fetcher) -> None:
    clock = ManualClock(NOW)
    options = {"server": receiver.url, "to": "crisis/words", "private": True}
    way = make("webhook", "intranet", options, token=SECRET, clock=clock)
    for _ in range(2):
        await way.send(WORDS, fetch)
        clock.advance(60)
    first, second = receiver.calls
    assert first.get_data() == second.get_data()
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


@pytest.mark.parametrize(
    ("body", "receipt"),
    [
        ('{"id": "7", "url": "https://a.test/7"}', Receipt("7", "https://a.test/7")),
        ('{"id": "7", "url": "javascript:x"}', Receipt("7", "")),
        ('{"id": "\\u001b[31m7"}', Receipt("7", "")),
        ('{"id": 7}', Receipt("k1")),
        ("", Receipt("k1")),
        ("ok", Receipt("k1")),
        ("[" * 5000, Receipt("k1")),
    ],
)
async def test_any_good_answer_is_taken(
    receiver: Receiver, fetch: Fetcher, body: str, receipt: Receipt
) -> None:
    receiver.answer = Response(body, status=202)
    got = await channel(receiver).send(WORDS, fetch)
    assert got.remote_id.endswith(receipt.remote_id)
    assert got.remote_url == receipt.remote_url
    assert got.remote_id.isprintable()


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        *((status, {}, SendRefused) for status in (400, 401, 403, 404, 413, 422)),
        (308, {"Location": "https://elsewhere.test/"}, SendRefused),
        (429, {"Retry-After": "7"}, SendLater),
        (503, {"Retry-After": "7"}, SendLater),
        *((status, {}, SendUnknown) for status in (408, 409, 500, 502, 503, 504)),
    ],
)
async def test_what_an_answer_means(
    receiver: Receiver,
    fetch: Fetcher,
    status: int,
    headers: dict[str, str],
    kind: type[Exception],
) -> None:
    receiver.answer = Response(SECRET, status=status, headers=headers)
    way = channel(receiver)
    with pytest.raises(kind) as caught:
        await way.send(WORDS, fetch)
    if isinstance(caught.value, SendLater):
        assert caught.value.retry_after == way.wait == 7
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert len(receiver.calls) == 1


async def test_nobody_answers_there(fetch: Fetcher) -> None:
    options = {"server": "http://127.0.0.1:1", "private": True}
    way = make("webhook", "intranet", options, token=SECRET, clock=ManualClock(NOW))
    with pytest.raises(SendLater):
        await way.send(WORDS, fetch)


async def test_it_is_never_asked_and_takes_nothing_back(receiver: Receiver, fetch: Fetcher) -> None:
    way = channel(receiver)
    await way.prepare(fetch)
    assert way.repeats == "never"
    with pytest.raises(SendUnknown, match="cannot be asked"):
        await way.find(WORDS, fetch)
    with pytest.raises(SendRefused, match="by hand"):
        await way.retract(Receipt("7"), fetch)
    assert receiver.calls == []


def test_options() -> None:
    with pytest.raises(Refused, match="secret"):
        make("webhook", "w", {"server": "https://a.test"}, token="", clock=ManualClock(NOW))
    with pytest.raises(Refused, match="unknown field"):
        make("webhook", "w", {"host": "a"}, token=SECRET, clock=ManualClock(NOW))
