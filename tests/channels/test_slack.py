"""The Slack channel against a STAND-IN made from Slack's public documentation."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from standins.base import as_json, busy
from standins.slack import CHANNEL, START, TOKEN, Slack
from werkzeug import Response

from crisisroom.channels import Outgoing, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.slack import SlackChannel
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher
from crisisroom.wire.answer import is_login

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WORDS = Outgoing(key="k1", text="Hold <!channel> & *wait*: a > b", first_try_at=NOW)


@pytest.fixture
def slack(httpserver: HTTPServer) -> Slack:
    return Slack(httpserver)


def channel(slack: Slack, **more: object) -> SlackChannel:
    options: dict[str, Any] = {"server": slack.url, "private": True, "to": CHANNEL, **more}
    made = make("slack", "crew", options, token=TOKEN, clock=ManualClock(NOW))
    assert isinstance(made, SlackChannel)
    return made


async def test_words_are_literal(slack: Slack, fetch: Fetcher) -> None:
    receipt = await channel(slack).send(WORDS, fetch)
    said = slack.asked[-1].get_json()
    assert said["text"] == "Hold &lt;!channel&gt; &amp; *wait*: a &gt; b"
    assert (said["mrkdwn"], said["link_names"], said["parse"]) == (False, False, "none")
    assert said["metadata"]["event_payload"] == {"key": "k1"}
    assert receipt.remote_id == slack.posts[0]["ts"]
    link = f"https://acme.slack.com/archives/{CHANNEL}/p{receipt.remote_id.replace('.', '')}"
    assert receipt.remote_url == link


async def test_length(slack: Slack, fetch: Fetcher) -> None:
    way = channel(slack)
    assert way.measure("&" * 800).length == 4000
    assert not way.measure("x" * 4001).fits
    with pytest.raises(SendRefused, match="4000"):
        await way.send(msgspec.structs.replace(WORDS, text="x" * 4001), fetch)
    assert slack.posts == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("ratelimited", SendLater),
        ("message_limit_exceeded", SendLater),
        ("fatal_error", SendUnknown),
        ("internal_error", SendUnknown),
        ("service_unavailable", SendUnknown),
        ("not_in_channel", SendRefused),
        ("is_archived", SendRefused),
        ("token_revoked", SendRefused),
        ("msg_too_long", SendRefused),
        (f"{TOKEN} \x1b[31m", SendRefused),
    ],
)
async def test_what_a_no_means(
    slack: Slack, fetch: Fetcher, error: str, kind: type[Exception]
) -> None:
    slack.errors["chat.postMessage"] = [error]
    with pytest.raises(kind) as caught:
        await channel(slack).send(WORDS, fetch)
    assert str(caught.value).isprintable()
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (busy("30"), SendLater),
        (Response("no", status=503, headers={"Retry-After": "30"}), SendLater),
        (Response("oops", status=500), SendUnknown),
        (Response("no", status=403), SendRefused),
        (Response("<html>"), SendUnknown),
        (Response('{"ok": "yes"}'), SendUnknown),
        (as_json({"ok": True}), SendUnknown),
        (as_json({"ok": True, "ts": "../x"}), SendUnknown),
        (Response("[" * 5000), SendUnknown),
    ],
)
async def test_what_an_answer_means(
    slack: Slack, fetch: Fetcher, answer: Response, kind: type[Exception]
) -> None:
    way = channel(slack)
    await way.prepare(fetch)
    slack.faults = [answer]
    with pytest.raises(kind) as caught:
        await way.send(WORDS, fetch)
    if isinstance(caught.value, SendLater):
        assert caught.value.retry_after == way.wait == 30


async def test_a_wrong_token_is_refused_before_anything_goes(slack: Slack, fetch: Fetcher) -> None:
    options = {"server": slack.url, "private": True, "to": CHANNEL}
    way = make("slack", "crew", options, token="xoxb-other", clock=ManualClock(NOW))
    with pytest.raises(SendRefused, match="invalid_auth") as caught:
        await way.send(WORDS, fetch)
    assert is_login(caught.value)


async def test_looking(slack: Slack, fetch: Fetcher) -> None:
    way = channel(slack)
    assert await way.find(WORDS, fetch) is None
    receipt = await way.send(WORDS, fetch)
    for number in range(450):
        slack.post(f"chatter {number}", user="U0OTHER")
    assert await way.find(WORDS, fetch) == receipt
    other = msgspec.structs.replace(WORDS, key="k2")
    slack.post("not ours", user="U0OTHER", key="k2")
    slack.post("ours, and too old", key="k2", at=START - 2 * 86_400)
    assert await way.find(other, fetch) is None


async def test_a_thread(slack: Slack, fetch: Fetcher) -> None:
    question = slack.post("what now?", user="U0OTHER")
    words = msgspec.structs.replace(WORDS, in_reply_to=question["ts"])
    way = channel(slack)
    receipt = await way.send(words, fetch)
    assert slack.posts[-1]["thread_ts"] == question["ts"]
    assert await way.find(words, fetch) == receipt
    with pytest.raises(SendRefused, match="by hand"):
        await way.send(msgspec.structs.replace(WORDS, in_reply_to="M-1"), fetch)


@pytest.mark.parametrize("fault", ["channel_not_found", "ratelimited"])
async def test_what_cannot_be_looked_at_is_unknown(
    slack: Slack, fetch: Fetcher, fault: str
) -> None:
    slack.errors["conversations.history"] = [fault]
    with pytest.raises(SendUnknown, match="could not look"):
        await channel(slack).find(WORDS, fetch)


async def test_taking_back(slack: Slack, fetch: Fetcher) -> None:
    way = channel(slack)
    receipt = await way.send(WORDS, fetch)
    await way.retract(receipt, fetch)
    assert slack.posts == []
    await way.retract(receipt, fetch)  # gone already
    for error, kind in (("cant_delete_message", SendRefused), ("internal_error", SendLater)):
        slack.errors["chat.delete"] = [error]
        with pytest.raises(kind):
            await way.retract(receipt, fetch)


@pytest.mark.parametrize("to", ["", "#general", "C01/../x", "c0123456789"])
def test_options(to: str) -> None:
    with pytest.raises(Refused, match="channel's id"):
        make("slack", "crew", {"to": to}, token=TOKEN, clock=ManualClock(NOW))
    assert make("slack", "crew", {"to": CHANNEL}, token=TOKEN, clock=ManualClock(NOW)).wait == 0
