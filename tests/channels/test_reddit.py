"""Reddit, against a stand-in made from its documentation: what goes out, what failures mean."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from standins.reddit_channel import APP, ME, REFRESH, SECRET, RedditStandIn
from werkzeug import Response

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.reddit import RedditChannel
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError

TEXT = "We are *sorry*: https://acme.test/a_b & more"
MARKDOWN = r"We are \*sorry\*: <https://acme.test/a_b> \& more"
TOKEN = f"{SECRET}:{REFRESH}"
COMMENT, SUBMIT, LOGIN = "/api/comment", "/api/submit", "/api/v1/access_token"


@pytest.fixture
def network(httpserver: HTTPServer, clock: ManualClock) -> RedditStandIn:
    return RedditStandIn(httpserver, clock.now()).start()


@pytest.fixture
def words(clock: ManualClock) -> Outgoing:
    return Outgoing(key="k1", text=TEXT, first_try_at=clock.now(), in_reply_to="t3_abc")


def _channel(
    network: RedditStandIn, clock: ManualClock, token: str = TOKEN, **more: Any
) -> RedditChannel:
    options = {"server": network.url, "private": True, "app": APP, "to": "r/acme", **more}
    channel = make("reddit", "acme-reddit", options, token=token, clock=clock)
    assert isinstance(channel, RedditChannel)
    return channel


def _statement(words: Outgoing, **more: Any) -> Outgoing:
    return msgspec.structs.replace(words, in_reply_to="", **more)


async def test_a_comment_goes_out_to_the_letter(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    receipt = await _channel(network, clock, handle="Acme_Help").send(words, fetch)
    assert network.paths == [LOGIN, "/api/v1/me", COMMENT]
    sent = network.asked[-1]
    assert sent.form.to_dict() == {
        "api_type": "json",
        "raw_json": "1",
        "thing_id": "t3_abc",
        "text": MARKDOWN,
    }
    assert sent.headers["User-Agent"].startswith("python:crisisroom:v")
    assert sent.headers["User-Agent"].endswith(" (by /u/Acme_Help)")
    assert receipt == Receipt("t1_c0", "https://www.reddit.com/r/acme/comments/x/y/c0/")


@pytest.mark.parametrize(("title", "told"), [("News  of\nus", "News of us"), ("", "We know.")])
async def test_a_statement_is_a_post(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    title: str, told: str,
) -> None:  # fmt: skip
    statement = _statement(words, text="We know.\n\nMore soon.", title=title)
    receipt = await _channel(network, clock).send(statement, fetch)
    form = network.asked[-1].form
    assert network.paths[-1] == SUBMIT
    assert (form["sr"], form["kind"], form["title"]) == ("acme", "self", told)
    assert form["text"] == "We know.\n\nMore soon."
    assert receipt.remote_id == "t3_p0"
    assert receipt.remote_url.startswith("https://www.reddit.com/r/acme/comments/p0/")


async def test_what_it_can(network: RedditStandIn, clock: ManualClock) -> None:
    channel = _channel(network, clock)
    assert channel.repeats == "never"
    assert channel.limits.retracts
    assert channel.measure("*" * 5_001).left == -2
    assert channel.wait == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "x" * 10_001}, "acme-reddit: 1 characters too long"),
        ({"text": "x" * 40_001, "in_reply_to": "", "title": "t"}, "1 characters too long"),
        ({"visibility": "direct"}, "public words only"),
        ({"in_reply_to": "t1_../x"}, "not the name of a thing"),
        ({"in_reply_to": "t2_abc"}, "not the name of a thing"),
        ({"in_reply_to": "", "title": "x" * 301}, "needs a title"),
        ({"in_reply_to": "", "text": "x" * 301}, "needs a title"),
    ],
)
async def test_never_sent(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    change: dict[str, Any], why: str,
) -> None:  # fmt: skip
    with pytest.raises(SendRefused, match=why):
        await _channel(network, clock).send(msgspec.structs.replace(words, **change), fetch)
    assert network.things == []


@pytest.mark.parametrize("to", ["", "r/", "a b", "../x", "all?x=1"])
async def test_no_subreddit(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, to: str
) -> None:
    channel = _channel(network, clock, to=to)
    with pytest.raises(SendRefused, match="no subreddit to post to"):
        await channel.send(_statement(words), fetch)
    assert (await channel.send(words, fetch)).remote_id  # a reply needs none


# --- letting in ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("token", "app"), [("", APP), (TOKEN, ""), ("one", APP), ("a:", APP)])
async def test_no_token(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    token: str, app: str,
) -> None:  # fmt: skip
    channel = _channel(network, clock, token, app=app)
    with pytest.raises(SendRefused, match="form secret:refresh"):
        await channel.send(words, fetch)
    with pytest.raises(SendUnknown, match="could not look"):
        await channel.find(words, fetch)
    assert network.asked == []


@pytest.mark.parametrize("token", [f"wrong:{REFRESH}", f"{SECRET}:canary-wrong"])
async def test_a_wrong_token(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, token: str
) -> None:
    with pytest.raises(SendRefused) as caught:
        await _channel(network, clock, token).send(words, fetch)
    assert "canary" not in caught.value.message
    assert network.things == []


async def test_a_token_is_used_for_its_hour(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    channel = _channel(network, clock)
    await channel.send(words, fetch)
    clock.advance(3000)
    await channel.send(words, fetch)
    assert network.tokens == 1
    clock.advance(600)
    await channel.send(words, fetch)
    assert network.tokens == 2


async def test_a_token_that_ended_early_is_fetched_anew(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    channel = _channel(network, clock)
    await channel.prepare(fetch)
    network.tokens += 1  # ours is revoked
    await channel.send(words, fetch)
    assert len(network.things) == 1
    network.answers[COMMENT] = Response('{"message": "Unauthorized"}', status=401)
    with pytest.raises(SendRefused, match="answers 401"):
        await channel.send(words, fetch)
    assert network.paths[-3:] == [COMMENT, LOGIN, COMMENT]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Response('{"error": "invalid_grant"}'), SendRefused),
        (Response('{"error": 400}', status=400), SendRefused),
        (Response("<html>", status=403), SendRefused),
        (Response("<html>"), SendLater),
        (Response("{}"), SendLater),
        (Response('{"access_token": "a\\nb"}'), SendLater),
        (Response(status=429), SendLater),
        (Response(status=500), SendLater),
        (Response(status=302, headers={"Location": "https://else.example/"}), SendRefused),
    ],
)
async def test_without_a_token_nothing_is_in_doubt(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    answer: Response, kind: type[Exception],
) -> None:  # fmt: skip
    channel = _channel(network, clock)
    await channel.prepare(fetch)
    clock.advance(7200)
    network.answers[LOGIN] = answer
    with pytest.raises(kind):
        await channel.send(words, fetch)
    assert COMMENT not in network.paths


# --- what a failure means -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("errors", "ratelimit", "wait"),
    [
        ([["RATELIMIT", "you are doing that too much.", "ratelimit"]], 506.7, 507.7),
        ([["RATELIMIT", "Take a break for 5 minutes before trying again.", "x"]], None, 301),
        ([["RATELIMIT", "try again in 42 seconds.", "ratelimit"]], None, 43),
        ([["RATELIMIT", "try again in 1 hour.", "ratelimit"]], None, 3601),
        ([["RATELIMIT", "try again in 300 milliseconds.", "ratelimit"]], None, 1.3),
        ([["RATELIMIT", "try again later.", "ratelimit"]], None, 600),
        ([["RATELIMIT", "try again in 9999 hours.", "ratelimit"]], None, 86_400),
        ([["RATELIMIT"]], None, 600),
        ([["QUOTA_FILLED", "You've submitted too many links", None]], None, 3600),
        ([["SUBREDDIT_RATELIMIT", "try again later", "sr"]], None, 600),
    ],
)
async def test_later(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    errors: list[list[str]], ratelimit: float | None, wait: float,
) -> None:  # fmt: skip
    network.errors, network.ratelimit = errors, ratelimit
    channel = _channel(network, clock)
    with pytest.raises(SendLater, match=f"Reddit says {errors[0][0]}") as caught:
        await channel.send(words, fetch)
    assert caught.value.retry_after == pytest.approx(wait)
    assert channel.wait == pytest.approx(wait)
    assert network.things == []


@pytest.mark.parametrize(
    "code", ["TOO_OLD", "DELETED_LINK", "THREAD_LOCKED", "NO_TEXT", "\x1b[31m"]
)
async def test_refused_in_a_good_answer(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, code: str
) -> None:
    network.errors = [[code, "that's a piece of history now", "parent"]]
    with pytest.raises(SendRefused, match="piece of history") as caught:
        await _channel(network, clock).send(words, fetch)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("code", [400, 403, 404, 410, 413, 451])
async def test_refused(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, code: int
) -> None:
    network.answers[COMMENT] = Response('{"message": "Forbidden"}', status=code)
    with pytest.raises(SendRefused, match=f"answers {code}: Forbidden"):
        await _channel(network, clock).send(words, fetch)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, 17),
        ({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "77"}, 77),
        ({}, 60),
    ],
)
async def test_too_many(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    headers: dict[str, str], wait: float,
) -> None:  # fmt: skip
    network.answers[COMMENT] = Response(status=429, headers=headers)
    channel = _channel(network, clock)
    with pytest.raises(SendLater) as caught:
        await channel.send(words, fetch)
    assert caught.value.retry_after == wait
    assert channel.wait == wait


@pytest.mark.parametrize(
    ("left", "wait"), [("0.0", 42), ("0.9", 42), ("1.0", 0), ("98.0", 0), ("x", 0), ("", 0)]
)
async def test_a_spent_budget_is_known_from_a_good_answer(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    left: str, wait: float,
) -> None:  # fmt: skip
    network.budget = {"x-ratelimit-remaining": left, "x-ratelimit-reset": "42"}
    channel = _channel(network, clock)
    await channel.send(words, fetch)
    assert channel.wait == wait


@pytest.mark.parametrize("code", [408, 409, 425, 500, 502, 503, 504, 520])
async def test_unknown(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, code: int
) -> None:
    network.answers[COMMENT] = Response("<html>", status=code)
    with pytest.raises(SendUnknown):
        await _channel(network, clock).send(words, fetch)


async def test_a_conflict_is_unknown(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    network.errors = [["CONFLICT", "conflict error while saving", None]]  # type: ignore[list-item]
    with pytest.raises(SendUnknown):
        await _channel(network, clock).send(words, fetch)


@pytest.mark.parametrize("sent", [True, False])
async def test_the_wire_breaks(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    monkeypatch: pytest.MonkeyPatch, sent: bool,
) -> None:  # fmt: skip
    channel = _channel(network, clock)
    await channel.prepare(fetch)

    async def post(*_: object, **__: object) -> None:
        raise FetchError("timeout", "broken", sent=sent)

    monkeypatch.setattr(fetch, "post", post)
    with pytest.raises(SendUnknown if sent else SendLater, match="broken"):
        await channel.send(words, fetch)
    clock.advance(7200)  # now it is the login that breaks: nothing was said to anybody
    with pytest.raises(SendLater, match="broken"):
        await channel.send(words, fetch)


# --- looking ------------------------------------------------------------------------------------


async def test_a_lost_answer_is_found(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    channel = _channel(network, clock)
    for one in (words, _statement(words)):
        assert await channel.find(one, fetch) is None
        network.loses = Response(status=502)
        with pytest.raises(SendUnknown):
            await channel.send(one, fetch)
        found = await channel.find(one, fetch)
        assert found is not None
        assert found.remote_id == network.things[0]["name"]


@pytest.mark.parametrize(
    "change",
    [
        {"body": "something else"},
        {"body": TEXT},  # written there by a person, with marks
        {"parent_id": "t3_abd"},
        {"author": "pat"},
        {"author": "[deleted]"},
        {"created_utc": 1_000_000_000},
        {"name": "../t1_x"},
        {"created_utc": "soon"},
    ],
)
async def test_not_ours(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    change: dict[str, Any],
) -> None:  # fmt: skip
    network.add(name="t1_x", parent_id="t3_abc", body=MARKDOWN)
    channel = _channel(network, clock)
    assert await channel.find(words, fetch)
    network.things[0] |= change
    assert await channel.find(words, fetch) is None


async def test_many_comments_since(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    network.page = 10
    network.add("t1_x", parent_id="t3_abc", body=MARKDOWN)
    for number in range(30):
        network.add(f"t1_{number}", parent_id="t3_z", body="other")
    assert await _channel(network, clock).find(words, fetch)
    for number in range(30, 60):
        network.add(f"t1_{number}", parent_id="t3_z", body="other")
    with pytest.raises(SendUnknown, match="more than 500 since"):
        await _channel(network, clock).find(words, fetch)
    later = msgspec.structs.replace(words, first_try_at=clock.now() + timedelta(days=2))
    network.asked.clear()
    assert await _channel(network, clock).find(later, fetch) is None
    assert network.paths.count(f"/user/{ME}/comments") == 1  # all are older


@pytest.mark.parametrize("path", ["/api/v1/me", f"/user/{ME}/comments"])
@pytest.mark.parametrize("status", [200, 403, 404, 429, 500])
async def test_a_look_that_fails_finds_nothing_out(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    path: str, status: int,
) -> None:  # fmt: skip
    for body in ("[]", "{}", '{"data": {}}', '{"kind": "Listing", "data": {}}', "<html>"):
        network.answers[path] = Response(body, status=status)
        with pytest.raises(SendUnknown, match="could not look"):
            await _channel(network, clock).find(words, fetch)


# --- taking back --------------------------------------------------------------------------------


async def test_taken_back(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    channel = _channel(network, clock)
    receipt = await channel.send(words, fetch)
    await channel.retract(receipt, fetch)
    assert network.things[0]["author"] == "[deleted]"
    await channel.retract(receipt, fetch)
    await channel.retract(Receipt("t1_zzz"), fetch)  # never heard of


async def test_not_taken_back(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    channel = _channel(network, clock)
    receipt = await channel.send(words, fetch)
    for answer, kind in (
        (Response("{}"), SendLater),
        (Response(status=500), SendLater),
        (Response(status=429), SendLater),
        (Response(status=403), SendRefused),
    ):
        network.answers["/api/del"] = answer
        with pytest.raises(kind):
            await channel.retract(receipt, fetch)
    del network.answers["/api/del"]
    network.answers["/api/info"] = Response("<html>")
    with pytest.raises(SendLater):
        await channel.retract(receipt, fetch)
    with pytest.raises(SendRefused, match="not the name"):
        await channel.retract(Receipt("t1_x&id=t1_y"), fetch)


async def test_a_server_that_repeats_our_secrets(
    network: RedditStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    channel = _channel(network, clock)
    await channel.prepare(fetch)
    said = f"bad {network.token} {SECRET} {REFRESH}"
    network.answers[COMMENT] = Response(json.dumps({"message": said}), status=403)
    with pytest.raises(SendRefused, match="answers 403: bad") as caught:
        await channel.send(words, fetch)
    assert "canary" not in str(caught.value)
    network.answers.clear()
    network.errors = [["NO", said, "x"]]
    with pytest.raises(SendRefused) as caught:
        await channel.send(words, fetch)
    assert "canary" not in str(caught.value)


def test_options(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="unknown field `smtp`"):
        make("reddit", "r", {"smtp": "mail"}, token=TOKEN, clock=clock)
    with pytest.raises(Refused, match="https only"):
        make("reddit", "r", {"server": "http://x.example"}, token=TOKEN, clock=clock)
