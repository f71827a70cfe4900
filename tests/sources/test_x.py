"""X, against a stand-in made from its documentation: pages, edits, budgets, rules, farewells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest
from sources.good_feeds import NOW
from standins import x as stand_in_x
from standins.x import TOKEN, StandIn, id_at, post

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.core.mention import Author, Incoming, Media
from crisisroom.core.watchquery import parse
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import Watched, make
from crisisroom.sources.x import XSource

PAT = {"id": "7", "name": "Pat", "username": "pat", "public_metrics": {"followers_count": 1200}}
WATCHED = (Watched("acme", parse("acme")),)


@pytest.fixture
async def x() -> AsyncIterator[StandIn]:
    async with stand_in_x.standing(NOW) as one:
        one.users.append(PAT)
        yield one


def _source(
    x: StandIn,
    clock: ManualClock,
    *,
    watched: tuple[Watched, ...] = WATCHED,
    token: str = TOKEN,
    **options: Any,
) -> XSource:
    options = {"server": x.url, "private": True, "handle": "@acme_help"} | options
    source = make("x", "x-in", options, clock=clock, token=token, watched=watched)
    assert isinstance(source, XSource)
    return source


async def _all(source: XSource, cursor: dict[str, Any], fetch: Fetcher) -> tuple[list[str], Any]:
    texts: list[str] = []
    more = True
    while more:
        batch = await source.poll(cursor, fetch)
        texts += [one.text for one in batch.mentions]
        cursor, more = batch.cursor, batch.more
    return texts, cursor


async def test_a_post_and_all_that_hangs_on_it(
    x: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    x.media.append({"media_key": "3_1", "type": "photo", "url": "https://p.example/1.jpg"})
    x.posts.append(
        post(
            NOW - timedelta(minutes=5),
            "@acme_help it &lt;crashed&gt; https://t.co/a",
            referenced_tweets=[{"type": "replied_to", "id": "41"}, {"type": "quoted", "id": "4"}],
            entities={"urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example/1"}]},
            attachments={"media_keys": ["3_1"]},
        )
    )
    (found,) = (await _source(x, clock).poll({}, fetch)).mentions
    assert found == Incoming(
        text="@acme_help it <crashed> https://a.example/1",
        source="x-in",
        external_id=id_at(NOW - timedelta(minutes=5)),
        author=Author("pat", "Pat", 1200),
        url=f"https://x.com/pat/status/{id_at(NOW - timedelta(minutes=5))}",
        lang="en",
        media=(Media("image", "https://p.example/1.jpg"),),
        posted_at=NOW - timedelta(minutes=5),
        reply_to="41",
    )


async def test_what_is_no_news(x: StandIn, clock: ManualClock, fetch: Fetcher) -> None:
    x.users.append({"id": "8", "name": "Acme", "username": "Acme_Help"})
    again = [{"type": "retweeted", "id": "1"}]
    x.posts += [
        post(NOW, "our own answer", author="8", number=1),
        post(NOW, "RT", referenced_tweets=again, number=2),
        post(NOW, "by somebody suspended", author="99", number=3),
        {**post(NOW, "x", number=4), "text": 7},
    ]
    batch = await _source(x, clock).poll({}, fetch)
    assert [one.text for one in batch.mentions] == ["by somebody suspended"]
    assert batch.note == "1 things in the answer make no sense"


async def test_pages_back_to_what_is_known_and_nothing_twice(
    x: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    x.page = 10
    x.posts.append(post(NOW - timedelta(hours=1), "known"))
    source = _source(x, clock)
    texts, cursor = await _all(source, {}, fetch)
    assert texts == ["known"]
    for number in range(85):
        x.posts.append(post(NOW - timedelta(seconds=900 - number), f"p{number}"))
    texts, cursor = await _all(source, cursor, fetch)
    assert sorted(texts) == sorted(f"p{number}" for number in range(85))
    assert await _all(source, cursor, fetch) == ([], cursor)
    late = post(NOW - timedelta(seconds=830), "found late", number=5)
    x.posts.append(late)
    assert (await _all(source, cursor, fetch))[0] == ["found late"]


async def test_an_edit_is_the_same_post(x: StandIn, clock: ManualClock, fetch: Fetcher) -> None:
    first = post(NOW - timedelta(minutes=9), "charged twise")
    x.posts.append(first)
    source = _source(x, clock)
    batch = await source.poll({}, fetch)
    edited = post(NOW - timedelta(minutes=2), "charged twice")
    edited["edit_history_tweet_ids"] = [first["id"], edited["id"]]
    x.posts = [edited]
    (found,) = (await source.poll(batch.cursor, fetch)).mentions
    assert (found.external_id, found.text) == (first["id"], "charged twice")


async def test_after_a_week_of_silence_it_asks_for_what_x_still_has(
    x: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(x, clock)
    x.posts.append(post(NOW, "before"))
    _, cursor = await _all(source, {}, fetch)
    clock.advance(20 * 86_400)
    x.now = clock.now()
    x.posts = [post(clock.now() - timedelta(days=6), "during")]
    assert (await _all(source, cursor, fetch))[0] == ["during"]


async def test_a_spent_budget_is_obeyed(x: StandIn, clock: ManualClock, fetch: Fetcher) -> None:
    x.spent = 321
    batch = await _source(x, clock).poll({}, fetch)
    assert (batch.mentions, batch.wait) == ((), 321.0)
    with pytest.raises(FetchError) as caught:
        await anext(_source(x, clock, streaming=True).stream({}, fetch))
    assert (caught.value.status, caught.value.retry_after) == (429, 321.0)


async def test_a_wrong_token_is_an_error(x: StandIn, clock: ManualClock, fetch: Fetcher) -> None:
    with pytest.raises(FetchError, match="401"):
        await _source(x, clock, token="wrong").poll({}, fetch)


def test_a_token_is_needed_and_never_sent_in_clear(x: StandIn, clock: ManualClock) -> None:
    with pytest.raises(Refused, match="without a bearer token"):
        _source(x, clock, token="")
    with pytest.raises(Refused, match="https only"):
        _source(x, clock, server="http://api.example", private=False)


# --- the filtered stream --------------------------------------------------------------------------


async def test_rules_of_others_are_left_alone(
    x: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    theirs = {"id": "1", "value": "cats", "tag": "crisisroom:other"}
    stale = {"id": "2", "value": "old brand", "tag": "crisisroom:x-in"}
    x.rules += [theirs, stale]
    source = _source(x, clock, streaming=True)
    x.lines.put_nowait(None)
    assert [one async for one in source.stream({}, fetch)] == []
    assert theirs in x.rules
    assert stale not in x.rules
    (mine,) = [one for one in x.rules if one["tag"] == "crisisroom:x-in"]
    assert mine["value"] == source._searches[0]
    x.lines.put_nowait(None)
    before = len(x.sent)
    assert [one async for one in source.stream({}, fetch)] == []
    assert len(x.sent) == before  # nothing to change: nothing is sent


async def test_the_stream_tells_at_once_and_only_of_our_rules(
    x: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(x, clock, streaming=True)
    x.rules.append({"id": "5", "value": source._searches[0], "tag": "somebody's"})
    for line in (b"\r\n", b"\r\n"):
        x.lines.put_nowait(line)
    x.tell(post(NOW, "theirs"), "6")
    x.tell(post(NOW, "ours", number=1), "6", "5")
    async with aclosing(source.stream({}, fetch)) as heard:
        assert (await anext(heard)).text == "ours"
    assert x.sent == []  # the same rule of somebody else does for us


FAREWELL = (
    b'{"errors":[{"title":"operational-disconnect","disconnect_type":'
    b'"UpstreamOperationalDisconnect","detail":"This stream has been disconnected"}]}\r\n'
)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (FAREWELL, "operational-disconnect: This stream"),
        (b"{broken\r\n", "not what its API promises"),
        (b'{"data":{"text":"no id"},"matching_rules":[{"id":"5"}]}\r\n', "not what its API"),
        (b"x" * (2 << 20), "a line of more than"),
    ],
)
async def test_a_stream_that_ends_says_why(
    x: StandIn, clock: ManualClock, fetch: Fetcher, line: bytes, why: str
) -> None:
    source = _source(x, clock, streaming=True)
    x.rules.append({"id": "5", "value": source._searches[0], "tag": "t"})
    x.lines.put_nowait(line)
    with pytest.raises(FetchError, match=why):
        await anext(source.stream({}, fetch))


async def test_a_rule_x_does_not_take_is_told(
    x: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(x, clock, streaming=True)
    source._searches = ["(broken"]
    with pytest.raises(FetchError, match="UnprocessableEntity: unclosed bracket"):
        await anext(source.stream({}, fetch))


async def test_without_streaming_nothing_is_asked(
    x: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    assert [one async for one in _source(x, clock).stream({}, fetch)] == []
    assert x.asked == []
