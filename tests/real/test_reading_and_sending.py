"""Our sources and channels against real servers: what mocks would hide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crisisroom.channels import Outgoing, SendLater, SendUnknown
from crisisroom.channels import make as make_channel
from crisisroom.channels.mastodon import MastodonChannel
from crisisroom.clock import SystemClock
from crisisroom.core.mention import Incoming
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import Batch, Source, Streaming, Told
from crisisroom.sources import make as make_source
from real.servers.fediverse import Fediverse
from real.servers.mastodon_api import Account
from real.servers.mastodon_mock import MastodonMock
from real.servers.wordpress import WordPress


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher


def _source(account: Account, **options: Any) -> Source:
    chosen = {"server": account.server, "private": True, "notifications": True, **options}
    return make_source("mastodon", "fedi", chosen, clock=SystemClock(), token=account.token)


def _channel(account: Account) -> MastodonChannel:
    chosen = {"server": account.server, "private": True}
    channel = make_channel("mastodon", "ours", chosen, token=account.token, clock=SystemClock())
    assert isinstance(channel, MastodonChannel)
    return channel


def _words(key: str, text: str, reply_to: str = "") -> Outgoing:
    soon = datetime.now(UTC) - timedelta(seconds=5)
    return Outgoing(key=key, text=text, first_try_at=soon, in_reply_to=reply_to)


async def _poll_for(source: Source, fetch: Fetcher, word: str, cursor: Any = None) -> Incoming:
    """Poll until a mention holds this word."""
    batch = Batch((), cursor or {})
    async with asyncio.timeout(60):
        while True:
            batch = await source.poll(batch.cursor, fetch)
            for mention in batch.mentions:
                if word in mention.text:
                    return mention
            await asyncio.sleep(0.3)


async def test_a_strangers_mention_is_read_and_answered(
    fediverse: Fediverse, fetch: Fetcher
) -> None:
    fediverse.complain("no money & no app: https://a.example/x?y=1&z=2 #acmedown word-one")
    source = _source(fediverse.brand, home=True)
    mention = await _poll_for(source, fetch, "word-one")
    assert mention.author.handle == "angry@fans.test"
    assert mention.kind == "post"
    assert mention.url.startswith("http://fans.test/")
    assert "https://a.example/x?y=1&z=2" in mention.text
    assert mention.posted_at is not None
    assert abs(datetime.now(UTC) - mention.posted_at) < timedelta(minutes=2)

    channel = _channel(fediverse.brand)
    text = "@angry@fans.test We are *sorry*: https://acme.test/status\n\n- Acme & team"
    words = _words("k1", text, mention.external_id)
    assert await channel.find(words, fetch) is None
    receipt = await channel.send(words, fetch)
    assert channel.repeats == "never"  # snac posts twice when asked twice
    assert await channel.find(words, fetch) == receipt
    reply = fediverse.stranger.wait_mention("We are")
    assert reply["in_reply_to_id"]


async def test_polls_go_on_where_they_stopped(fediverse: Fediverse, fetch: Fetcher) -> None:
    source = _source(fediverse.brand, notifications=True)
    fediverse.complain("before-it")
    await _poll_for(source, fetch, "before-it")
    batch = await source.poll({}, fetch)
    for number in range(3):
        fediverse.complain(f"after-it-{number}")
    for number in range(3):  # they need not arrive in their order
        fediverse.brand.wait_mention(f"after-it-{number}")
    batch = await source.poll(batch.cursor, fetch)
    seen = [mention.text for mention in batch.mentions]
    while batch.more:
        batch = await source.poll(batch.cursor, fetch)
        seen += [mention.text for mention in batch.mentions]
    assert not any("before-it" in text for text in seen)
    assert sum("after-it" in text for text in seen) == 3
    assert (await source.poll(batch.cursor, fetch)).mentions == ()


async def test_what_snac_lacks_is_noted(fediverse: Fediverse, fetch: Fetcher) -> None:
    options = {"hashtags": ["acmedown"], "keywords": ["word"], "replies": True, "streaming": True}
    source = _source(fediverse.brand, home=True, **options)
    batch = await source.poll({}, fetch)
    assert batch.cursor["abilities"]["handle"] == "brand@acme.test"
    assert "answers 5" not in batch.note
    assert isinstance(source, Streaming)
    async with aclosing(source.stream(batch.cursor, fetch)) as stream:
        assert [mention async for mention in stream] == []


async def test_a_wrong_token(fediverse: Fediverse, fetch: Fetcher) -> None:
    options = {"server": fediverse.brand.server, "private": True}
    source = make_source("mastodon", "fedi", options, clock=SystemClock(), token="wrong")
    with pytest.raises(FetchError) as caught:
        await source.poll({}, fetch)
    assert caught.value.status in (401, 422)  # snac says 422


async def test_the_fake_is_read_streamed_and_answered_once(
    mastodon_mock: MastodonMock, fetch: Fetcher
) -> None:
    source = _source(mastodon_mock.brand, home=True, streaming=True)
    assert isinstance(source, Streaming)
    before = await source.poll({}, fetch)
    seen: list[Told] = []
    async with aclosing(source.stream(before.cursor, fetch)) as stream:
        first = asyncio.ensure_future(anext(stream))
        while not first.done():
            mastodon_mock.stranger.post("@brand charged twice, word-two")
            await asyncio.wait([first], timeout=1)
        seen.append(await first)
    assert isinstance(seen[0], Incoming)
    assert "word-two" in seen[0].text
    mention = await _poll_for(source, fetch, "word-two", before.cursor)

    channel = _channel(mastodon_mock.brand)
    words = _words("key-9", "@stranger sorry", mention.external_id)
    receipts = {await channel.send(words, fetch) for _ in range(2)}
    assert channel.repeats == "key"
    assert receipts == {await channel.find(words, fetch)}


async def test_the_fake_s_failures(mastodon_mock: MastodonMock, fetch: Fetcher) -> None:
    source = _source(mastodon_mock.brand)
    channel = _channel(mastodon_mock.brand)
    await channel.prepare(fetch)
    try:
        mastodon_mock.fail("/api/v1/notifications", "ratelimit")
        with pytest.raises(FetchError) as caught:
            await source.poll({}, fetch)
        assert (caught.value.status, caught.value.retry_after) == (429, 300.0)
        mastodon_mock.fail("/api/v1/statuses", "ratelimit")
        with pytest.raises(SendLater):
            await channel.send(_words("k-10", "later"), fetch)
        mastodon_mock.fail("/api/v1/statuses", "status", status=500)
        with pytest.raises(SendUnknown):
            await channel.send(_words("k-11", "unknown"), fetch)
        mastodon_mock.fail("/api/v1/statuses", "malformed")
        with pytest.raises(SendUnknown):
            await channel.send(_words("k-12", "malformed"), fetch)
    finally:
        mastodon_mock.heal()


async def test_a_blog_and_its_comments(wordpress: WordPress, fetch: Fetcher) -> None:
    article = wordpress.post("Checkout is <em>down</em>", "<p>We are &amp; stay on it.</p>")
    comment = wordpress.comment(article.id, "Mine took <b>five</b>.\n\nDays!", "Pat Doe")
    for address in (wordpress.rss, wordpress.atom, wordpress.rdf):
        options = {"url": address, "private": True}
        feed = make_source("feed", "blog", options, clock=SystemClock())
        batch = await feed.poll({}, fetch)
        found = next(m for m in batch.mentions if m.url == article.link)
        assert found.text.startswith("Checkout is down\n\nWe are & stay on it."), address
        assert (found.kind, batch.note) == ("article", "")
        assert found.posted_at is not None
        again = await feed.poll(batch.cursor, fetch)
        assert again.mentions == ()
    options = {"url": wordpress.comments_rss, "private": True}
    batch = await make_source("feed", "comments", options, clock=SystemClock()).poll({}, fetch)
    said = next(m for m in batch.mentions if m.external_id.endswith(f"#comment-{comment}"))
    assert (said.kind, said.author.handle) == ("comment", "Pat Doe")
    assert said.text == "Mine took five.\n\nDays!"
    assert said.reply_to == said.external_id.partition("#")[0]
