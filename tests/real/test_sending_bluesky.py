"""Words on a real Bluesky: once, in their thread, with what stands out in them alive."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import msgspec
import pytest

from crisisroom.bluesky.session import Account, door_of
from crisisroom.bluesky.writing import parts_of, tid
from crisisroom.channels import Outgoing, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.bluesky import BlueskyChannel
from crisisroom.clock import SystemClock
from crisisroom.fetch import Fetcher
from crisisroom.sources import make as make_source
from real.losing import Loses, LosingFetcher
from real.servers.base import wait_until
from real.servers.bluesky import Bluesky, Json, Person

CLOCK = SystemClock()
LOGINS = 30  # in five minutes, and then the door is shut
PUT = "com.atproto.repo.putRecord"


@pytest.fixture
async def fetch() -> AsyncIterator[LosingFetcher]:
    async with LosingFetcher() as fetcher:
        yield fetcher


def _channel(who: Person, password: str = "") -> BlueskyChannel:
    options = {"server": who.server, "handle": who.handle, "private": True}
    channel = make("bluesky", "sky", options, token=password or who.password, clock=CLOCK)
    assert isinstance(channel, BlueskyChannel)
    return channel


def _words(text: str, **more: Any) -> Outgoing:
    return Outgoing(key=uuid.uuid4().hex, text=text, first_try_at=CLOCK.now(), **more)


def _own(who: Person) -> list[Json]:
    params = {"repo": who.did, "collection": "app.bsky.feed.post", "limit": "100"}
    found: list[Json] = who.call("GET", "com.atproto.repo.listRecords", params=params)["records"]
    return found


def _said(who: Person, text: str) -> list[Json]:
    return [one for one in _own(who) if one["value"]["text"] == text]


async def test_a_post_with_what_stands_out_in_it(bluesky: Bluesky, fetch: Fetcher) -> None:
    text = "Hey @angry.test 👩‍👩‍👧 sorry: https://acme.test/ß?a=1. #größe @nobody.test"
    words = _words(text, language="de")
    receipt = await _channel(bluesky.brand).send(words, fetch)
    (kept,) = _said(bluesky.brand, text)
    assert receipt.remote_id == kept["uri"]
    rkey = tid(words.key, words.first_try_at)
    assert receipt.remote_url == f"https://bsky.app/profile/brand.test/post/{rkey}"
    value = kept["value"]
    body = text.encode()
    seen = {
        body[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(): one["features"][0]
        for one in value["facets"]
    }
    led = {shown: next(how[k] for k in how if k != "$type") for shown, how in seen.items()}
    assert led == {
        "@angry.test": bluesky.stranger.did,
        "https://acme.test/ß?a=1": "https://acme.test/ß?a=1",
        "#größe": "größe",
    }
    assert value["langs"] == ["de"]
    assert datetime.fromisoformat(value["createdAt"]) == words.first_try_at


async def test_a_mention_is_answered_in_its_thread_and_a_thread_goes_on(
    bluesky: Bluesky, fetch: Fetcher
) -> None:
    began = bluesky.fan.post("where is the kettle?")
    asked = bluesky.stranger.post("mine is gone", names=bluesky.brand, under=began)
    await asyncio.to_thread(bluesky.brand.wait_seen, asked)
    options = {"server": bluesky.url, "handle": bluesky.brand.handle, "private": True}
    options |= {"notifications": True}
    source = make_source("bluesky", "s", options, clock=CLOCK, token=bluesky.brand.password)
    batch = await source.poll({}, fetch)
    (mention,) = [one for one in batch.mentions if one.text.endswith("mine is gone")]

    channel = _channel(bluesky.brand)
    first = _words(
        "@angry.test we look into it", in_reply_to=mention.external_id, to="angry.test",
        url=mention.url,
    )  # fmt: skip
    receipt = await channel.send(first, fetch)
    second = _words("and we call you", in_reply_to=receipt.remote_id, url=mention.url)
    await channel.send(second, fetch)  # at once: the network does not show the first one yet

    (one,) = _said(bluesky.brand, first.text)
    assert one["value"]["reply"]["parent"]["uri"] == mention.external_id
    assert one["value"]["reply"]["root"]["uri"] == began["uri"]
    (two,) = _said(bluesky.brand, second.text)
    assert two["value"]["reply"]["parent"]["uri"] == receipt.remote_id
    assert two["value"]["reply"]["root"]["uri"] == began["uri"]
    await asyncio.to_thread(_wait_told, bluesky.stranger, receipt.remote_id)


def _wait_told(who: Person, uri: str) -> None:
    def told() -> bool:
        answer = who.call("GET", "app.bsky.notification.listNotifications")
        return any(one["uri"] == uri for one in answer["notifications"])

    wait_until(told, "the answer to reach them", 30)


@pytest.mark.parametrize("what", ["request", "answer"])
async def test_a_repeat_is_one_post(bluesky: Bluesky, fetch: LosingFetcher, what: Loses) -> None:
    asked = bluesky.stranger.post(f"lost {what}")
    await asyncio.to_thread(bluesky.brand.wait_seen, asked)
    channel = _channel(bluesky.brand)
    words = _words(f"@angry.test the {what} was lost", in_reply_to=asked["uri"])
    assert await channel.find(words, fetch) is None
    fetch.lose(what, PUT)
    with pytest.raises(SendUnknown):
        await channel.send(words, fetch)
    found = await channel.find(words, fetch)
    assert (found is not None) is (what == "answer")
    versions = {one["cid"] for one in _said(bluesky.brand, words.text)}
    receipts = {await _channel(bluesky.brand).send(words, fetch) for _ in range(3)}
    (kept,) = _said(bluesky.brand, words.text)
    assert receipts == {await channel.find(words, fetch)}
    assert versions <= {kept["cid"]}
    assert channel.repeats == "put"


async def test_a_record_that_would_be_another_changes_nothing(
    bluesky: Bluesky, fetch: Fetcher
) -> None:
    channel = _channel(bluesky.brand)
    handle = f"late{uuid.uuid4().hex[:8]}.test"
    words = _words(f"@{handle} is not there yet")
    receipt = await channel.send(words, fetch)
    (before,) = _said(bluesky.brand, words.text)
    bluesky.person(handle)  # the same words would now name somebody
    assert await channel.send(words, fetch) == receipt
    (after,) = _said(bluesky.brand, words.text)
    assert after == before
    other = msgspec.structs.replace(words, text="other words with this key")
    with pytest.raises(SendRefused, match="another post stands"):
        await channel.send(other, fetch)
    assert _said(bluesky.brand, words.text) == [before]


async def test_what_is_out_is_taken_back(bluesky: Bluesky, fetch: Fetcher) -> None:
    channel = _channel(bluesky.brand)
    words = _words("said too early")
    receipt = await channel.send(words, fetch)
    await channel.retract(receipt, fetch)
    assert _said(bluesky.brand, words.text) == []
    await channel.retract(receipt, fetch)  # gone already
    assert await channel.find(words, fetch) is None
    theirs = bluesky.stranger.post("not ours")
    foreign = msgspec.structs.replace(receipt, remote_id=theirs["uri"])
    with pytest.raises(SendRefused, match="not a post of this account"):
        await channel.retract(foreign, fetch)


async def test_what_cannot_be_answered_is_refused_in_words(
    bluesky: Bluesky, fetch: Fetcher
) -> None:
    channel = _channel(bluesky.brand)
    gone = bluesky.stranger.post("gone soon")
    await asyncio.to_thread(bluesky.brand.wait_seen, gone)
    bluesky.stranger.delete(gone)
    await asyncio.to_thread(_wait_gone, bluesky.brand, gone["uri"])
    with pytest.raises(SendRefused, match="the post that it answers is gone"):
        await channel.send(_words("to whom?", in_reply_to=gone["uri"]), fetch)

    angry = bluesky.person(f"blocks{uuid.uuid4().hex[:8]}.test")
    post = angry.post("leave me alone")
    await asyncio.to_thread(bluesky.brand.wait_seen, post)
    _write(angry, "app.bsky.graph.block", {"subject": bluesky.brand.did})
    await asyncio.to_thread(_wait_gone, bluesky.brand, post["uri"])
    with pytest.raises(SendRefused, match="blocks us"):
        await channel.send(_words("hello?", in_reply_to=post["uri"]), fetch)

    shut = bluesky.fan.post("nobody may answer")
    _, rkey = parts_of(shut["uri"])
    _write(bluesky.fan, "app.bsky.feed.threadgate", {"post": shut["uri"], "allow": []}, rkey)
    await asyncio.to_thread(_wait_shut, bluesky.brand, shut["uri"])
    with pytest.raises(SendRefused, match="lets us not answer"):
        await channel.send(_words("me?", in_reply_to=shut["uri"]), fetch)
    assert not [one for one in _own(bluesky.brand) if one["value"]["text"] in ("hello?", "me?")]


def _write(who: Person, kind: str, record: Json, rkey: str = "") -> None:
    moment = CLOCK.now().isoformat().replace("+00:00", "Z")
    body = {"repo": who.did, "collection": kind, "record": {**record, "createdAt": moment}}
    body |= {"rkey": rkey} if rkey else {}
    who.call("POST", "com.atproto.repo.createRecord", json=body)


def _wait_gone(who: Person, uri: str) -> None:
    def gone() -> bool:
        return not who.call("GET", "app.bsky.feed.getPosts", params={"uris": uri})["posts"]

    wait_until(gone, "the post to be hidden", 30)


def _wait_shut(who: Person, uri: str) -> None:
    def shut() -> bool:
        posts = who.call("GET", "app.bsky.feed.getPosts", params={"uris": uri})["posts"]
        return bool(posts and posts[0].get("viewer", {}).get("replyDisabled"))

    wait_until(shut, "the thread to be shut", 30)


async def test_one_login_for_all_and_a_worn_session_is_refreshed(
    bluesky: Bluesky, fetch: Fetcher
) -> None:
    who = bluesky.person(f"once{uuid.uuid4().hex[:8]}.test")
    door = door_of(Account(who.server, who.handle, who.password, private=True), CLOCK, fetch)
    for number in range(3):
        await _channel(who).send(_words(f"post {number}"), fetch)
        good = await door.session(fetch)
        door._session = msgspec.structs.replace(good, access_jwt=good.access_jwt[:-4] + "AAAA")
    await _channel(who).send(_words("post 3"), fetch)
    assert len(_own(who)) == 4
    assert door.logins == 1


async def test_a_wrong_password_and_a_shut_door(bluesky: Bluesky, fetch: Fetcher) -> None:
    who = bluesky.person(f"door{uuid.uuid4().hex[:8]}.test")
    wrong = _channel(who, "wrong-canary-word")
    for _ in range(3):
        with pytest.raises(SendRefused, match="refuses") as refused:
            await wrong.send(_words("never"), fetch)
        assert "canary" not in str(refused.value)
    answers = [await asyncio.to_thread(_login, who) for _ in range(LOGINS + 1)]
    assert answers[-1] == 429
    channel = _channel(who)
    with pytest.raises(SendLater) as later:
        await channel.send(_words("later"), fetch)
    assert 60 < later.value.retry_after <= 300
    assert 60 < channel.wait <= 300
    assert _own(who) == []


def _login(who: Person) -> int:
    name = f"{who.server}/xrpc/com.atproto.server.createSession"
    body = {"identifier": who.handle, "password": who.password}
    return httpx.post(name, json=body, timeout=20, trust_env=False).status_code
