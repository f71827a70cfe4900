"""The Bluesky channel against a STAND-IN made from the public lexicons.

The real servers are in `real/test_sending_bluesky.py`; here are odd answers and failures.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from bluesky_contract import ME, PASSWORD, PAT, failed
from pytest_httpserver import HTTPServer
from standins.base import as_json
from standins.bluesky_writing import Writable
from werkzeug import Response

from crisisroom.bluesky.session import Account, door_of
from crisisroom.bluesky.writing import tid
from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.bluesky import BlueskyChannel
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError

FIRST_TRY = datetime(2026, 11, 22, 2, 0, 0, 123_000, tzinfo=UTC)
WORDS = Outgoing(key="k1", text="Sorry @pat.test #acmedown", first_try_at=FIRST_TRY)
PUT = "com.atproto.repo.putRecord"
GET = "com.atproto.repo.getRecord"
DELETE = "com.atproto.repo.deleteRecord"
THREAD = "app.bsky.feed.getPostThread"
RESOLVE = "com.atproto.identity.resolveHandle"
LOGIN = "com.atproto.server.createSession"


@pytest.fixture
def sky(httpserver: HTTPServer) -> Writable:
    return Writable(httpserver)


def _channel(sky: Writable, clock: ManualClock, password: str = PASSWORD) -> BlueskyChannel:
    options = {"server": sky.url, "handle": "@acme.test", "private": True}
    channel = make("bluesky", "sky", options, token=password, clock=clock)
    assert isinstance(channel, BlueskyChannel)
    return channel


def _reply(uri: str, **more: Any) -> Outgoing:
    return msgspec.structs.replace(WORDS, in_reply_to=uri, **more)


async def test_a_repeat_is_a_no_op(sky: Writable, clock: ManualClock, fetch: Fetcher) -> None:
    channel = _channel(sky, clock)
    assert channel.repeats == "put"
    assert await channel.find(WORDS, fetch) is None
    receipts = {await _channel(sky, clock).send(WORDS, fetch) for _ in range(3)}
    rkey = tid("k1", FIRST_TRY)
    uri = f"at://{ME['did']}/app.bsky.feed.post/{rkey}"
    assert receipts == {Receipt(uri, f"https://bsky.app/profile/acme.test/post/{rkey}")}
    assert receipts == {await channel.find(WORDS, fetch)}
    assert sky.written == 1
    assert sky.methods.count("createSession") == 1
    value = sky.records[rkey]["value"]
    assert value["createdAt"] == "2026-11-22T02:00:00.123Z"
    assert [one["features"][0]["$type"].partition("#")[2] for one in value["facets"]] == [
        "mention", "tag",
    ]  # fmt: skip


async def test_an_answer_about_another_post_leaves_a_doubt(
    sky: Writable, clock: ManualClock, fetch: Fetcher
) -> None:
    other = {"uri": f"at://{ME['did']}/app.bsky.feed.post/3other", "cid": "bafyreiother"}
    sky.faults_at[PUT] = as_json(other)
    with pytest.raises(SendUnknown, match="about another post"):
        await _channel(sky, clock).send(WORDS, fetch)


async def test_a_record_that_came_out_another_way_stays(
    sky: Writable, clock: ManualClock, fetch: Fetcher
) -> None:
    channel = _channel(sky, clock)
    receipt = await channel.send(WORDS, fetch)
    sky.handles.clear()  # the same words would now be another record
    assert await channel.send(WORDS, fetch) == receipt
    with pytest.raises(SendRefused, match="another post stands at the key"):
        await channel.send(msgspec.structs.replace(WORDS, text="other"), fetch)
    assert sky.written == 1


async def test_a_reply_names_its_parent_and_its_root(
    sky: Writable, clock: ManualClock, fetch: Fetcher
) -> None:
    root = {"uri": f"at://{PAT['did']}/app.bsky.feed.post/3kroot", "cid": "bafyreiroot"}
    uri = sky.show(7, reply={"root": root, "parent": root})
    channel = _channel(sky, clock)
    receipt = await channel.send(_reply(uri), fetch)
    value = sky.records[tid("k1", FIRST_TRY)]["value"]
    assert value["reply"] == {"root": root, "parent": {"uri": uri, "cid": "bafyreipat7"}}
    assert "resolveHandle" not in sky.methods  # the author is known
    assert await channel.find(_reply(uri), fetch) == receipt
    assert await channel.find(WORDS, fetch) is None

    sky.threads.clear()
    more = Outgoing(key="k2", text="and", first_try_at=FIRST_TRY, in_reply_to=receipt.remote_id)
    await channel.send(more, fetch)
    under = sky.records[tid("k2", FIRST_TRY)]["value"]["reply"]
    assert (under["root"], under["parent"]["uri"]) == (root, receipt.remote_id)


async def test_what_cannot_be_answered(sky: Writable, clock: ManualClock, fetch: Fetcher) -> None:
    blocked, shut, other = sky.show(1), sky.show(2), sky.show(3)
    sky.threads[blocked] = {"$type": "app.bsky.feed.defs#blockedPost", "uri": blocked}
    sky.threads[shut]["post"]["viewer"] = {"replyDisabled": True}
    ours = f"at://{ME['did']}/app.bsky.feed.post/3knone"
    sky.threads[other] = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": other}
    blocking = sky.show(4, author={**PAT, "viewer": {"blockedBy": True}})
    wrong, odd = sky.show(5), sky.show(6)
    sky.threads[wrong] = sky.threads[sky.show(8)]
    sky.threads[odd]["post"]["cid"] = "../x"
    for uri, why in {
        blocked: "blocks us", blocking: "blocks us", shut: "lets us not answer", other: "is gone",
        ours: "is gone", wrong: "is gone", odd: "is gone",
        "at://did:plc:x/other/1": "not the address", "7": "not the address",
        f"{odd}?x": "not the address",
    }.items():  # fmt: skip
        with pytest.raises(SendRefused, match=why):
            await _channel(sky, clock).send(_reply(uri), fetch)
    missing = f"at://{PAT['did']}/app.bsky.feed.post/3kmissing"
    with pytest.raises(SendRefused, match="is gone"):
        await _channel(sky, clock).send(_reply(missing), fetch)
    assert "putRecord" not in sky.methods


async def test_a_worn_session_is_refreshed_and_written_once(
    sky: Writable, clock: ManualClock, fetch: Fetcher
) -> None:
    channel = _channel(sky, clock)
    await channel.prepare(fetch)
    sky.valid += 1
    await channel.send(WORDS, fetch)
    assert sky.methods.count("createSession") == 1
    assert sky.methods.count("refreshSession") == 1
    assert sky.written == 1


async def test_the_budget(sky: Writable, clock: ManualClock, fetch: Fetcher) -> None:
    channel = _channel(sky, clock)
    sky.headers = {"ratelimit-remaining": "0", "ratelimit-reset": "90"}
    await channel.send(WORDS, fetch)
    assert channel.wait == 90
    clock.advance(60)
    assert channel.wait == 30
    clock.advance(60)
    assert channel.wait == 0
    sky.faults_at[PUT] = failed("RateLimitExceeded", 429, retry_after="17")
    with pytest.raises(SendLater) as later:
        await channel.send(WORDS, fetch)
    assert (later.value.retry_after, channel.wait) == (17, 17)


# --- what a failure means -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, SendRefused), (403, SendRefused), (404, SendRefused), (413, SendRefused),
        (429, SendLater), (408, SendUnknown), (409, SendUnknown), (425, SendUnknown),
        (500, SendUnknown), (502, SendUnknown), (503, SendUnknown), (504, SendUnknown),
    ],
)  # fmt: skip
async def test_a_put_that_fails(
    sky: Writable, clock: ManualClock, fetch: Fetcher, code: int, kind: type[Exception]
) -> None:
    sky.faults_at[PUT] = failed("Because", code, "Because \u001b[31m")
    with pytest.raises(kind, match="Because") as caught:
        await _channel(sky, clock).send(WORDS, fetch)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("body", ["", "<html>", "{}", "[]", '{"uri": 7}', "\xff", "[" * 5000])
async def test_a_put_with_an_unreadable_answer(
    sky: Writable, clock: ManualClock, fetch: Fetcher, body: str
) -> None:
    sky.faults_at[PUT] = Response(body)
    with pytest.raises(SendUnknown, match="not Bluesky's API"):
        await _channel(sky, clock).send(WORDS, fetch)
    sky.faults_at[GET] = Response(body)
    with pytest.raises(SendUnknown, match="could not look"):
        await _channel(sky, clock).find(WORDS, fetch)


@pytest.mark.parametrize("method", [LOGIN, THREAD, RESOLVE])
@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"thread": 7}', "[" * 5000])
async def test_nothing_is_written_where_a_question_has_no_answer(
    sky: Writable, clock: ManualClock, fetch: Fetcher, method: str, body: str
) -> None:
    uri = sky.show(7, author={**PAT, "handle": "else.test"})
    sky.faults_at[method] = Response(body)
    with pytest.raises((SendLater, SendRefused)):
        await _channel(sky, clock).send(_reply(uri), fetch)
    assert "putRecord" not in sky.methods


@pytest.mark.parametrize(
    ("code", "sent", "kind"),
    [
        ("timeout", True, SendUnknown), ("protocol", True, SendUnknown),
        ("timeout", False, SendLater), ("refused", False, SendLater), ("dns", False, SendLater),
        ("tls", False, SendLater), ("address", False, SendRefused),
    ],
)  # fmt: skip
async def test_the_wire_breaks(
    sky: Writable, clock: ManualClock, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch,
    code: Any, sent: bool, kind: type[Exception],
) -> None:  # fmt: skip
    channel = _channel(sky, clock)
    await channel.prepare(fetch)

    async def post(*_: object, **__: object) -> None:
        raise FetchError(code, "broken", sent=sent)

    monkeypatch.setattr(fetch, "post", post)
    with pytest.raises(kind, match="broken"):
        await channel.send(WORDS, fetch)


async def test_nothing_goes_out_that_should_not(
    sky: Writable, clock: ManualClock, fetch: Fetcher
) -> None:
    channel = _channel(sky, clock)
    with pytest.raises(SendRefused, match="1 characters or bytes too long"):
        await channel.send(msgspec.structs.replace(WORDS, text="x" * 301), fetch)
    with pytest.raises(SendRefused, match="everything here is public"):
        await channel.send(msgspec.structs.replace(WORDS, visibility="direct"), fetch)
    with pytest.raises(SendRefused, match="no app password"):
        await _channel(sky, clock, "").send(WORDS, fetch)
    with pytest.raises(SendRefused, match=r"refuses acme\.test") as refused:
        await _channel(sky, clock, "wrong-canary").send(WORDS, fetch)
    assert "canary" not in str(refused.value)
    assert sky.written == 0


async def test_taking_back(sky: Writable, clock: ManualClock, fetch: Fetcher) -> None:
    channel = _channel(sky, clock)
    receipt = await channel.send(WORDS, fetch)
    await channel.retract(receipt, fetch)
    await channel.retract(receipt, fetch)
    assert sky.records == {}
    for odd in ("", "7", f"at://{PAT['did']}/app.bsky.feed.post/3k1", f"{receipt.remote_id}/x"):
        with pytest.raises(SendRefused, match="not a post of this account"):
            await channel.retract(Receipt(odd), fetch)
    sky.faults_at[DELETE] = failed("Oops", 502)
    with pytest.raises(SendLater):
        await channel.retract(receipt, fetch)
    sky.faults_at[DELETE] = failed("Forbidden", 403)
    with pytest.raises(SendRefused):
        await channel.retract(receipt, fetch)


async def test_the_source_s_login_is_the_channel_s(
    sky: Writable, clock: ManualClock, fetch: Fetcher
) -> None:
    door = door_of(Account(sky.url, "acme.test", PASSWORD, private=True), clock, fetch)
    await _channel(sky, clock).prepare(fetch)
    assert door.logins == 1


def test_options(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="https only"):
        make("bluesky", "x", {"server": "http://a.example", "handle": "a"}, clock=clock)
    with pytest.raises(Refused, match="unknown field `smtp`"):
        make("bluesky", "x", {"smtp": "a"}, clock=clock)
