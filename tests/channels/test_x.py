"""X, against a stand-in made from its documentation: what goes out, what failures mean."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from standins.x_channel import DUPLICATE, ME, TOKEN, XStandIn, problem
from werkzeug import Response

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.signing import Signer
from crisisroom.channels.x import XChannel
from crisisroom.channels.x_api import spent
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError

TEXT = "We are sorry: https://acme.test/status & more"
POST = "/2/tweets"
TIMELINE = f"/2/users/{ME}/tweets"


@pytest.fixture
def network(httpserver: HTTPServer, clock: ManualClock) -> XStandIn:
    return XStandIn(httpserver, clock.now()).start()


@pytest.fixture
def words(clock: ManualClock) -> Outgoing:
    return Outgoing(key="k1", text=TEXT, first_try_at=clock.now(), in_reply_to="77")


def _channel(network: XStandIn, clock: ManualClock, token: str = TOKEN, **more: Any) -> XChannel:
    options = {"server": network.url, "private": True, **more}
    channel = make("x", "acme-x", options, token=token, clock=clock)
    assert isinstance(channel, XChannel)
    return channel


async def test_a_reply_goes_out_to_the_letter(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    receipt = await _channel(network, clock, handle="@acme").send(words, fetch)
    assert network.paths == [f"POST {POST}"]
    sent = network.asked[0]
    assert sent.get_json() == {"text": TEXT, "reply": {"in_reply_to_tweet_id": "77"}}
    assert sent.headers["Authorization"] == f"Bearer {TOKEN}"
    assert receipt == Receipt("1000", "https://x.com/acme/status/1000")


async def test_a_statement_answers_nobody(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    statement = msgspec.structs.replace(words, in_reply_to="")
    receipt = await _channel(network, clock).send(statement, fetch)
    assert network.asked[0].get_json() == {"text": TEXT}
    assert receipt.remote_url == "https://x.com/i/status/1000"


async def test_what_it_can(network: XStandIn, clock: ManualClock, fetch: Fetcher) -> None:
    channel = _channel(network, clock)
    await channel.prepare(fetch)
    assert network.asked == []  # asking costs
    assert channel.repeats == "never"
    assert channel.limits.retracts
    assert (channel.limits.limit, channel.limits.posts) == (280, 10)
    assert channel.measure("の" * 141).left == -2
    assert channel.wait == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "x" * 281}, "acme-x: 1 characters too long"),
        ({"text": "の" * 141}, "2 characters too long"),
        ({"visibility": "direct"}, "public posts only"),
        ({"visibility": "private"}, "public posts only"),
        ({"in_reply_to": "77/../8"}, "not the number of a post"),
        ({"in_reply_to": "at://x"}, "not the number of a post"),
        ({"in_reply_to": "\u0667"}, "not the number of a post"),
        ({"in_reply_to": "7" * 21}, "not the number of a post"),
    ],
)
async def test_never_sent(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    change: dict[str, Any], why: str,
) -> None:  # fmt: skip
    with pytest.raises(SendRefused, match=why):
        await _channel(network, clock).send(msgspec.structs.replace(words, **change), fetch)
    assert network.asked == []


@pytest.mark.parametrize(
    ("token", "app"), [("", ""), ("", "app"), ("one", "app"), ("a:b", "app"), ("a::c", "app")]
)
async def test_no_token(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, token: str, app: str
) -> None:
    channel = _channel(network, clock, token, app=app)
    for call in (channel.prepare(fetch), channel.send(words, fetch)):
        with pytest.raises(SendRefused, match="no token that X would know"):
            await call
    with pytest.raises(SendUnknown, match="could not look"):
        await channel.find(words, fetch)
    assert network.asked == []


# --- what a failure means -----------------------------------------------------------------------


@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 410, 413, 422, 451])
async def test_refused(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, code: int
) -> None:
    network.answers[POST] = problem(code, "You may not reply \x1b[31m there.")
    with pytest.raises(SendRefused, match=f"answers {code}: You may not reply") as caught:
        await _channel(network, clock).send(words, fetch)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(("headers", "seconds"), [({"Retry-After": "17"}, 17), ({}, 900)])
async def test_later(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    headers: dict[str, str], seconds: int,
) -> None:  # fmt: skip
    network.answers[POST] = problem(429, "Too Many Requests", **headers)
    channel = _channel(network, clock)
    with pytest.raises(SendLater) as caught:
        await channel.send(words, fetch)
    assert caught.value.retry_after == seconds
    assert channel.wait == seconds


@pytest.mark.parametrize(
    ("budgets", "seconds"),
    [
        ({"rate": ("0", 400)}, 400),
        ({"rate": ("3", 400)}, 0),
        ({"rate": ("0", -5)}, 0),
        ({"rate": ("0", 999_999)}, 86_400),
        ({"rate": ("3", 400), "user": ("0", 36_000), "app": ("0", 7_200)}, 36_000),
        ({"app": ("0", 7_200)}, 7_200),
    ],
)
def test_when_a_spent_budget_is_full(
    clock: ManualClock, budgets: dict[str, tuple[str, int]], seconds: int
) -> None:
    """Against X's own clock, which its answers tell."""
    theirs = clock.now() + timedelta(hours=3)
    headers = {"date": theirs.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    for name, (left, ahead) in budgets.items():
        prefix = "x-rate-limit-" if name == "rate" else f"x-{name}-limit-24hour-"
        reset = str(int(theirs.timestamp()) + ahead)
        headers |= {f"{prefix}remaining": left, f"{prefix}reset": reset}
    assert spent(headers, clock.now()) == seconds
    assert spent({**headers, "x-rate-limit-reset": "soon"}, clock.now()) <= seconds


async def test_a_month_s_cap_is_not_waited_for(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    detail = "Usage cap exceeded: Monthly product cap"
    network.answers[POST] = problem(429, detail, "UsageCapExceeded")
    with pytest.raises(SendRefused, match="Monthly product cap"):
        await _channel(network, clock).send(words, fetch)


async def test_a_spent_budget_is_known_from_a_good_answer(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    network.budget = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "9" * 12}
    channel = _channel(network, clock)
    await channel.send(words, fetch)
    assert channel.wait == 86_400


@pytest.mark.parametrize("code", [408, 409, 425, 500, 502, 503, 504, 520])
async def test_unknown(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, code: int
) -> None:
    network.answers[POST] = problem(code, "Something is broken")
    with pytest.raises(SendUnknown):
        await _channel(network, clock).send(words, fetch)


@pytest.mark.parametrize("code", [301, 307, 308])
async def test_a_moved_server_is_refused(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, code: int
) -> None:
    network.answers[POST] = Response(status=code, headers={"Location": "https://else.example/"})
    with pytest.raises(SendRefused, match="redirects"):
        await _channel(network, clock).send(words, fetch)


@pytest.mark.parametrize(
    ("code", "sent", "kind"),
    [
        ("timeout", True, SendUnknown),
        ("protocol", True, SendUnknown),
        ("too_large", True, SendUnknown),
        ("timeout", False, SendLater),
        ("refused", False, SendLater),
        ("dns", False, SendLater),
        ("tls", False, SendLater),
        ("address", False, SendRefused),
    ],
)
async def test_the_wire_breaks(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    monkeypatch: pytest.MonkeyPatch, code: Any, sent: bool, kind: type[Exception],
) -> None:  # fmt: skip
    async def post(*_: object, **__: object) -> None:
        raise FetchError(code, "broken", sent=sent)

    monkeypatch.setattr(fetch, "post", post)
    with pytest.raises(kind, match="broken"):
        await _channel(network, clock).send(words, fetch)


async def test_words_that_are_out_already(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    """The first answer is lost; X refuses the repeat as duplicate: it was posted, and is found."""
    network.loses = problem(500, "Internal Error")
    channel = _channel(network, clock)
    with pytest.raises(SendUnknown):
        await channel.send(words, fetch)
    with pytest.raises(SendUnknown, match=f"X has these words already.*{DUPLICATE[:30]}"):
        await channel.send(words, fetch)
    assert await channel.find(words, fetch) == Receipt("1000", "https://x.com/i/status/1000")
    assert len(network.posts) == 1


# --- looking ------------------------------------------------------------------------------------


async def test_who_we_are_is_asked_once(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    channel = _channel(network, clock)
    assert await channel.find(words, fetch) is None
    assert await channel.find(words, fetch) is None
    assert network.paths == ["GET /2/users/me", f"GET {TIMELINE}", f"GET {TIMELINE}"]
    asked = network.asked[1].args
    start = clock.now() - timedelta(days=1)
    assert asked["start_time"] == start.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert asked["exclude"] == "retweets"


@pytest.mark.parametrize(
    "shown",
    [
        TEXT,
        f"@pat {TEXT}",
        f"@pat @bo_2 {TEXT}",
        f"@pat {TEXT}\n",
        "We are sorry: http://acme.test/status/ & more",
    ],
)
async def test_found(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, shown: str
) -> None:
    network.own(5, shown, "77")
    network.own(4, shown, "77")  # the first of two
    receipt = await _channel(network, clock).find(words, fetch)
    assert receipt is not None
    assert receipt.remote_id == "4"


@pytest.mark.parametrize(
    ("text", "parent", "more"),
    [
        ("something else", "77", {}),
        (TEXT, "78", {}),
        (TEXT, "", {}),
        (f"{TEXT} now", "77", {}),
        (TEXT, "77", {"id": "7/../8"}),
        (TEXT, "77", {"id": 7}),
        (TEXT, "77", {"note_tweet": 7}),
    ],
)
async def test_not_ours(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing,
    text: str, parent: str, more: dict[str, Any],
) -> None:  # fmt: skip
    network.own(5, text, parent, **more)
    assert await _channel(network, clock).find(words, fetch) is None


async def test_a_greeting_and_a_long_post(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    greeted = msgspec.structs.replace(words, text="@Pat We know.")
    network.own(5, "We know.", "77")
    assert await _channel(network, clock).find(greeted, fetch)
    long = msgspec.structs.replace(words, text="y" * 270, in_reply_to="")
    network.own(6, "y" * 100 + "…", note_tweet={"text": "y" * 270})
    assert await _channel(network, clock).find(long, fetch)


async def test_many_posts_since(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    network.page = 10
    network.own(1, TEXT, "77")
    for number in range(2, 30):
        network.own(number, f"another {number}", "8")
    assert await _channel(network, clock).find(words, fetch)
    for number in range(30, 60):
        network.own(number, f"another {number}", "8")
    with pytest.raises(SendUnknown, match="more than 500 posts since"):
        await _channel(network, clock).find(words, fetch)


@pytest.mark.parametrize("path", ["/2/users/me", TIMELINE])
@pytest.mark.parametrize("status", [200, 401, 403, 429, 500])
async def test_a_look_that_fails_finds_nothing_out(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing, path: str, status: int
) -> None:
    for body in ("[]", "{}", '{"data": []}', "<html>"):
        network.answers[path] = Response(body, status=status)
        with pytest.raises(SendUnknown, match="could not look"):
            await _channel(network, clock).find(words, fetch)


# --- taking back --------------------------------------------------------------------------------


async def test_taken_back(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    channel = _channel(network, clock)
    receipt = await channel.send(words, fetch)
    await channel.retract(receipt, fetch)
    assert network.posts == []
    assert network.paths[-1] == "DELETE /2/tweets/1000"
    await channel.retract(receipt, fetch)  # gone is gone


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (problem(403, "You are not the author"), SendRefused),
        (problem(401, "Unauthorized"), SendRefused),
        (problem(429, "Too Many Requests"), SendLater),
        (problem(500, "Internal Error"), SendLater),
        (Response('{"data": {"deleted": false}}'), SendLater),
        (Response("<html>"), SendLater),
    ],
)
async def test_not_taken_back(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, answer: Response, kind: type[Exception]
) -> None:
    network.answers["/2/tweets/5"] = answer
    with pytest.raises(kind):
        await _channel(network, clock).retract(Receipt("5"), fetch)
    with pytest.raises(SendRefused, match="not the number"):
        await _channel(network, clock).retract(Receipt("5/6"), fetch)


# --- letting in ---------------------------------------------------------------------------------


def test_a_signature() -> None:
    """The example of X's documentation (Creating a signature), with its published keys."""
    signer = Signer(
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    )
    header = signer.header(
        "POST",
        "https://api.twitter.com/1.1/statuses/update.json",
        [
            ("status", "Hello Ladies + Gentlemen, a signed OAuth request!"),
            ("include_entities", "true"),
        ],
        nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        timestamp=1318622958,
    )
    assert 'oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"' in header
    assert "kAcS" not in repr(signer)
    assert "Lsww" not in repr(signer)


async def test_signed_requests(
    network: XStandIn, clock: ManualClock, fetch: Fetcher, words: Outgoing
) -> None:
    channel = _channel(network, clock, "secret:token:more", app="key-1")
    receipt = await channel.send(words, fetch)
    assert await channel.find(words, fetch) == receipt
    headers = [request.headers["Authorization"] for request in network.asked]
    assert all(one.startswith('OAuth oauth_consumer_key="key-1"') for one in headers)
    assert len(set(headers)) == len(headers)
    assert all("secret" not in one and "more" not in one for one in headers)


def test_options(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="unknown field `smtp`"):
        make("x", "acme-x", {"smtp": "mail"}, token=TOKEN, clock=clock)
    with pytest.raises(Refused, match="https only"):
        make("x", "acme-x", {"server": "http://x.example"}, token=TOKEN, clock=clock)
    assert make("x", "acme-x", {}, token=TOKEN, clock=clock).kind == "x"
