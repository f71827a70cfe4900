"""Contract tests of the Mastodon source, made from the public documentation.

Real servers that speak this API are tested in `real/`.
"""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mastodon_contract import ME, TOKEN, Mastodon, status
from pytest_httpserver import HTTPServer
from werkzeug import Response

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.core.mention import Media
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import Streaming, make
from crisisroom.sources.mastodon import MastodonSource
from crisisroom.sources.mastodon_run import Walk, step, with_late_ones


@pytest.fixture
def mastodon(httpserver: HTTPServer) -> Mastodon:
    return Mastodon(httpserver).start()


def _source(mastodon: Mastodon, clock: ManualClock, **options: Any) -> MastodonSource:
    chosen = {"server": mastodon.url, "private": True, "notifications": True, **options}
    source = make("mastodon", "fedi", chosen, clock=clock, token=TOKEN)
    assert isinstance(source, MastodonSource)
    return source


def _stored(cursor: dict[str, Any]) -> dict[str, Any]:
    """Return the cursor as it comes back from a database."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(cursor))
    return found


async def test_a_mention_in_full(mastodon: Mastodon, clock: ManualClock, fetch: Fetcher) -> None:
    link = (
        '<a href="https://a.example/very/long"><span class="invisible">https://</span>'
        '<span class="ellipsis">a.example/very</span><span class="invisible">/long</span></a>'
    )
    picture = {"type": "image", "url": "https://f.test/1.png", "description": "a broken screen"}
    mastodon.mention(
        7,
        f"<p>@acme no app &amp; no money</p><p>{link}</p>",
        spoiler_text="rant",
        in_reply_to_id="5",
        media_attachments=[picture, {"type": "gifv", "url": None, "remote_url": "https://r/2"}],
    )
    batch = await _source(mastodon, clock).poll({}, fetch)
    (mention,) = batch.mentions
    assert mention.text == "rant\n\n@acme no app & no money\n\nhttps://a.example/very/long"
    assert (mention.external_id, mention.url) == ("7", "https://fans.test/@pat/7")
    assert (mention.author.handle, mention.author.name) == ("pat@fans.test", "Pat :fire:")
    assert (mention.author.reach, mention.lang, mention.reply_to) == (1200, "en", "5")
    assert mention.posted_at is not None
    assert mention.posted_at.isoformat() == "2026-11-22T02:00:00+00:00"
    assert mention.media == (
        Media("image", "https://f.test/1.png", "a broken screen"),
        Media("video", "https://r/2", ""),
    )
    assert (mention.source, mention.kind) == ("fedi", "post")
    assert (batch.note, batch.more, batch.wait) == ("", False, 0)


async def test_private_mentions_and_local_authors(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    sam = {"id": "3", "acct": "sam", "followers_count": -5}
    mastodon.mention(1, visibility="direct", account=sam, language=None, url=None)
    (mention,) = (await _source(mastodon, clock).poll({}, fetch)).mentions
    host = mastodon.url.removeprefix("http://")
    assert (mention.kind, mention.author.handle) == ("message", f"sam@{host}")
    assert (mention.author.reach, mention.lang) == (None, "")
    assert mention.url == "https://fans.test/statuses/1"


async def test_only_what_is_new(mastodon: Mastodon, clock: ManualClock, fetch: Fetcher) -> None:
    source = _source(mastodon, clock)
    mastodon.mention(1)
    first = await source.poll({}, fetch)
    mastodon.mention(2)
    mastodon.notifications.append({"id": "3", "type": "follow", "account": ME})
    second = await source.poll(_stored(first.cursor), fetch)
    third = await source.poll(_stored(second.cursor), fetch)
    assert [[m.external_id for m in b.mentions] for b in (first, second, third)] == [
        ["1"],
        ["2"],
        [],
    ]
    assert mastodon.paths.count("/api/v2/instance") == 1


@pytest.mark.parametrize("links", [True, False])
async def test_a_flood_is_read_to_its_end(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher, links: bool
) -> None:
    mastodon.links = links
    source = _source(mastodon, clock)
    mastodon.mention(1)
    batch = await source.poll({}, fetch)
    for number in range(2, 502):
        mastodon.mention(number)
    seen: list[str] = []
    for round_ in range(4):
        batch = await source.poll(_stored(batch.cursor), fetch)
        seen += [mention.external_id for mention in batch.mentions]
        if round_ == 0:
            assert batch.more
            mastodon.mention(502)  # comes while the flood is read
        if not batch.more:
            break
    batch = await source.poll(_stored(batch.cursor), fetch)
    seen += [mention.external_id for mention in batch.mentions]
    assert sorted(seen, key=int) == [str(number) for number in range(2, 503)]


@given(st.lists(st.integers(0, 90), min_size=1, max_size=6), st.booleans(), st.booleans())
def test_a_walk_misses_nothing(arrivals: list[int], links: bool, since_known: bool) -> None:
    posts: list[int] = [100]
    walk, seen = Walk(), set[str]()
    for number in [0, *arrivals, 0, 0, 0, 0, 0, 0]:
        posts += range(posts[-1] + 1, posts[-1] + 1 + number)
        for _ in range(3):
            since = int(walk.since or "0") if since_known else 0
            below = int(walk.until or "999999")
            page = [str(n) for n in reversed(posts) if since < n < below][:40]
            older = (page[-1] if page else "") if links else None
            walk, new = step(walk, page, older)
            assert not seen & set(new)
            seen |= set(new)
            if not walk.until:
                break
    assert seen == {str(number) for number in posts}


def test_posts_of_other_servers_come_late() -> None:
    moment = 116_000_000_000_000_000
    moved = with_late_ones(Walk(str(moment)))
    assert 0 < (moment - int(moved.since)) >> 16 <= 600_000
    for walk in (Walk("123"), Walk("01ABC"), Walk(str(moment), "9", "8"), Walk()):
        assert with_late_ones(walk) == walk


async def test_hashtags_search_and_home(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.statuses = [
        status(1, "<p>acme is down</p>"),
        status(2, "<p>acme again</p>"),
        status(3, "<p>our own words on acme</p>", account=ME),
        status(4, "", reblog=status(1, "<p>acme is down</p>")),
    ]
    source = _source(
        mastodon, clock, notifications=False, home=True, hashtags=["acmé/x"], keywords=["acme"]
    )
    batch = await source.poll({}, fetch)
    assert sorted(m.external_id for m in batch.mentions) == ["1", "2"]
    paths = [request.full_path for request in mastodon.asked]
    assert any("q=acme&type=statuses" in path for path in paths)
    assert "/api/v1/timelines/tag/acmé/x" in mastodon.paths
    again = await source.poll(_stored(batch.cursor), fetch)
    assert again.mentions == ()


async def test_answers_that_do_not_name_us(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(mastodon, clock, notifications=False, replies=True)
    mastodon.own = [status(n, account=ME, replies_count=int(n > 2)) for n in range(1, 9)]
    mastodon.threads = {str(n): [status(100 + n), status(n, account=ME)] for n in range(1, 9)}
    first = await source.poll({}, fetch)
    assert (len(first.mentions), first.more) == (4, True)
    second = await source.poll(_stored(first.cursor), fetch)
    assert (len(second.mentions), second.more) == (2, False)
    third = await source.poll(_stored(second.cursor), fetch)
    assert (third.mentions, third.more) == ((), False)
    assert {m.external_id for b in (first, second) for m in b.mentions} == {
        str(n) for n in range(103, 109)
    }


# --- servers that cannot do everything ----------------------------------------------------------


async def test_an_old_server(mastodon: Mastodon, clock: ManualClock, fetch: Fetcher) -> None:
    mastodon.answers["/api/v2/instance"] = Response(status=404)
    said = {
        "uri": "acme.test",
        "version": "4.0.0 (not true; really snac/2.75)",
        "max_toot_chars": 9,
    }
    mastodon.answers["/api/v1/instance"] = Response(json.dumps(said))
    mastodon.answers["/api/v2/search"] = Response(status=404)
    mastodon.mention(1)
    source = _source(mastodon, clock, keywords=["acme"], streaming=True)
    batch = await source.poll({}, fetch)
    assert len(batch.mentions) == 1
    assert "search:acme: this server has none" in batch.note
    abilities = batch.cursor["abilities"]
    assert (abilities["limit"], abilities["streaming"], abilities["remembers_keys"]) == (
        9,
        "",
        False,
    )
    batch = await source.poll(_stored(batch.cursor), fetch)
    assert mastodon.paths.count("/api/v2/search") == 1
    clock.advance(86_401)
    await source.poll(_stored(batch.cursor), fetch)
    assert mastodon.paths.count("/api/v2/search") == 2
    async with aclosing(source.stream(batch.cursor, fetch)) as stream:
        assert [mention async for mention in stream] == []


async def test_one_list_that_fails_does_not_stop_the_others(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.answers["/api/v1/timelines/home"] = Response("<html>", status=500)
    mastodon.answers["/api/v1/timelines/tag/acme"] = Response("[1, {}, null")
    mastodon.mention(1)
    batch = await _source(mastodon, clock, home=True, hashtags=["acme"]).poll({}, fetch)
    assert len(batch.mentions) == 1
    assert "home: localhost: answers 500" in batch.note
    assert "not Mastodon's API" in batch.note
    only = _source(mastodon, clock, notifications=False, home=True)
    with pytest.raises(FetchError, match="answers 500"):
        await only.poll({}, fetch)


async def test_a_bad_token(mastodon: Mastodon, clock: ManualClock, fetch: Fetcher) -> None:
    denied = Response('{"error": "The access token was revoked"}', status=401)
    mastodon.answers["/api/v1/notifications"] = denied
    with pytest.raises(FetchError) as caught:
        await _source(mastodon, clock, home=True).poll({}, fetch)
    assert caught.value.status == 401


async def test_single_posts_that_make_no_sense(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.mention(1, created_at="whenever", content="")
    page: list[Any] = [*mastodon.notifications, {"id": 7}, None, "x", {"type": "mention"}]
    mastodon.answers["/api/v1/notifications"] = Response(json.dumps(page))
    (mention,) = (await _source(mastodon, clock).poll({}, fetch)).mentions
    assert (mention.external_id, mention.posted_at) == ("1", None)


async def test_a_spent_budget_is_kept_to(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.headers = {
        "X-RateLimit-Limit": "300",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "2999-11-22T03:10:00.000Z",
    }
    mastodon.mention(1)
    batch = await _source(mastodon, clock, home=True).poll({}, fetch)
    assert (len(batch.mentions), batch.wait) == (1, 900.0)
    assert "/api/v1/timelines/home" not in mastodon.paths


async def test_429_in_the_middle_keeps_what_was_read(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.mention(1)
    mastodon.answers["/api/v1/timelines/home"] = Response(status=429, headers={"Retry-After": "9"})
    source = _source(mastodon, clock, home=True, hashtags=["acme"])
    batch = await source.poll({}, fetch)
    assert (len(batch.mentions), batch.wait) == (1, 9.0)
    assert "/api/v1/timelines/tag/acme" not in mastodon.paths
    assert (await source.poll(_stored(batch.cursor), fetch)).mentions == ()


async def test_a_page_that_is_no_api(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.answers["/api/v2/instance"] = Response("<html>Welcome</html>")
    with pytest.raises(FetchError, match="not Mastodon's API") as caught:
        await _source(mastodon, clock).poll({}, fetch)
    assert caught.value.code == "protocol"


def test_options(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="unknown field `sever`"):
        make("mastodon", "fedi", {"sever": "x"}, clock=clock)
    source = make("mastodon", "fedi", {"server": "https://a.example"}, clock=clock)
    assert isinstance(source, Streaming)
