"""Words through the Mastodon API: on real servers without keys, and on a fake that knows them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.mastodon import MastodonChannel
from crisisroom.clock import SystemClock
from crisisroom.fetch import Fetcher
from real.losing import Loses, LosingFetcher
from real.servers.fediverse import Fediverse
from real.servers.mastodon_api import Account, Json
from real.servers.mastodon_mock import MastodonMock

CLOCK = SystemClock()
POSTS = "/api/v1/statuses"


@pytest.fixture
async def fetch() -> AsyncIterator[LosingFetcher]:
    async with LosingFetcher() as fetcher:
        yield fetcher


def _channel(account: Account, token: str = "") -> MastodonChannel:
    options = {"server": account.server, "private": True}
    channel = make("mastodon", "fedi", options, token=token or account.token, clock=CLOCK)
    assert isinstance(channel, MastodonChannel)
    return channel


def _words(text: str, **more: Any) -> Outgoing:
    return Outgoing(key=uuid.uuid4().hex, text=text, first_try_at=CLOCK.now(), **more)


async def _sent(channel: MastodonChannel, words: Outgoing, fetch: Fetcher) -> Receipt:
    """Send; snac closes idle connections now and then, and then it is looked up first."""
    try:
        return await channel.send(words, fetch)
    except SendUnknown:
        return await channel.find(words, fetch) or await channel.send(words, fetch)


def _said(account: Account, word: str) -> list[Json]:
    path = f"/api/v1/accounts/{account.id}/statuses?limit=40"
    return [one for one in account.call("GET", path) if word in one["content"]]


async def test_a_mention_is_answered_in_its_thread(fediverse: Fediverse, fetch: Fetcher) -> None:
    word = f"kettle{uuid.uuid4().hex[:8]}"
    fediverse.complain(word)
    asked = await asyncio.to_thread(fediverse.brand.wait_mention, word)
    channel = _channel(fediverse.brand)
    text = f"@angry@fans.test sorry {word}"
    words = _words(text, in_reply_to=asked["id"], url=asked["url"], language="en")
    receipt = await _sent(channel, words, fetch)
    assert await channel.find(words, fetch) == receipt
    (kept,) = _said(fediverse.brand, f"sorry {word}")
    assert (kept["id"], kept["in_reply_to_id"]) == (receipt.remote_id, asked["id"])
    more = _words(f"more {word}", in_reply_to=receipt.remote_id, url=asked["url"])
    await _sent(channel, more, fetch)  # the thread goes on under our own
    elsewhere = _words("who?", in_reply_to=asked["id"], url="https://other.test/@pat/1")
    with pytest.raises(SendRefused, match="not the one that it answers"):
        await channel.send(elsewhere, fetch)
    assert channel.repeats == "never"
    assert (channel.limits.limit, channel.limits.url_length) == (100_000, 32)


@pytest.mark.parametrize("what", ["request", "answer"])
async def test_after_a_loss_a_look_says_whether_to_send_again(
    fediverse: Fediverse, fetch: LosingFetcher, what: Loses
) -> None:
    word = f"lost{uuid.uuid4().hex[:8]}"
    words = _words(f"We know, {word}")
    fetch.lose(what, POSTS)
    with pytest.raises(SendUnknown):
        await _channel(fediverse.brand).send(words, fetch)
    found = await _channel(fediverse.brand).find(words, fetch)
    assert (found is not None) is (what == "answer")
    receipt = found or await _sent(_channel(fediverse.brand), words, fetch)
    (kept,) = _said(fediverse.brand, word)
    assert kept["id"] == receipt.remote_id


@pytest.mark.parametrize("what", ["request", "answer"])
async def test_where_keys_are_known_a_repeat_is_one_post(
    mastodon_mock: MastodonMock, fetch: LosingFetcher, what: Loses
) -> None:
    word = f"lost{uuid.uuid4().hex[:8]}"
    words = _words(f"We know, {word}", visibility="unlisted", language="de")
    fetch.lose(what, POSTS)
    with pytest.raises(SendUnknown):
        await _channel(mastodon_mock.brand).send(words, fetch)
    receipts = {await _channel(mastodon_mock.brand).send(words, fetch) for _ in range(3)}
    (kept,) = _said(mastodon_mock.brand, word)
    assert {one.remote_id for one in receipts} == {kept["id"]}
    assert (kept["visibility"], kept["language"]) == ("unlisted", "de")
    channel = _channel(mastodon_mock.brand)
    await channel.prepare(fetch)
    assert channel.repeats == "key"
    assert (channel.limits.limit, channel.limits.url_length) == (500, 23)


async def test_what_is_out_is_taken_back(mastodon_mock: MastodonMock, fetch: Fetcher) -> None:
    channel = _channel(mastodon_mock.brand)
    words = _words(f"too early {uuid.uuid4().hex}")
    receipt = await channel.send(words, fetch)
    await channel.retract(receipt, fetch)
    await channel.retract(receipt, fetch)  # gone already
    assert await channel.find(words, fetch) is None


async def test_a_server_that_takes_nothing_back_is_not_believed(
    fediverse: Fediverse, fetch: Fetcher
) -> None:
    word = f"early{uuid.uuid4().hex[:8]}"
    channel = _channel(fediverse.brand)
    receipt = await _sent(channel, _words(word), fetch)
    with pytest.raises(SendRefused, match="by hand"):
        await channel.retract(receipt, fetch)  # it says 404, and shows the post
    assert len(_said(fediverse.brand, word)) == 1


async def test_what_is_gone_is_not_answered(mastodon_mock: MastodonMock, fetch: Fetcher) -> None:
    asked = mastodon_mock.stranger.post("@brand gone soon")
    mastodon_mock.stranger.call("DELETE", f"{POSTS}/{asked['id']}")
    words = _words("@stranger where?", in_reply_to=asked["id"], url=asked["url"])
    with pytest.raises(SendRefused, match="the post that it answers is gone"):
        await _channel(mastodon_mock.brand).send(words, fetch)


async def test_a_spent_budget_and_a_wrong_token(
    mastodon_mock: MastodonMock, fetch: Fetcher
) -> None:
    channel = _channel(mastodon_mock.brand)
    await channel.prepare(fetch)
    assert channel.wait == 0
    try:
        mastodon_mock.fail(POSTS, "ratelimit")
        with pytest.raises(SendLater) as later:
            await channel.send(_words("later"), fetch)
    finally:
        mastodon_mock.heal()
    assert later.value.retry_after == 300
    assert 250 < channel.wait <= 300
    with pytest.raises(SendRefused, match="401") as refused:
        await _channel(mastodon_mock.brand, "canary-token").send(_words("never"), fetch)
    assert "canary" not in str(refused.value)
