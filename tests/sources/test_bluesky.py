"""Contract tests of the Bluesky source, made from the public lexicons.

The real servers are tested in `real/`.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from bluesky_contract import ME, PASSWORD, PAT, Bluesky, failed, post, record
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from crisisroom.bluesky.shapes import written
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.core.mention import Media
from crisisroom.core.watchquery import parse
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import Watched, make
from crisisroom.sources.bluesky import BlueskySource

LOGIN = "com.atproto.server.createSession"
REFRESH = "com.atproto.server.refreshSession"
NOTIFICATIONS = "app.bsky.notification.listNotifications"
SEARCH = "app.bsky.feed.searchPosts"


@pytest.fixture
def bluesky(httpserver: HTTPServer) -> Bluesky:
    return Bluesky(httpserver).start()


def _source(
    bluesky: Bluesky, clock: ManualClock, *terms: str, token: str = PASSWORD, **options: Any
) -> BlueskySource:
    chosen = {"server": bluesky.url, "handle": "@acme.test", "private": True, **options}
    chosen = chosen if "search" in options else {"notifications": True, **chosen}
    watched = tuple(Watched(f"t{n}", parse(say)) for n, say in enumerate(terms))
    source = make("bluesky", "sky", chosen, clock=clock, token=token, watched=watched)
    assert isinstance(source, BlueskySource)
    return source


def _stored(cursor: dict[str, Any]) -> dict[str, Any]:
    """Return the cursor as it comes back from a database."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(cursor))
    return found


async def test_a_mention_in_full(bluesky: Bluesky, clock: ManualClock, fetch: Fetcher) -> None:
    link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://a.example/very/long"}
    bluesky.tell(
        1,
        text="@acme.test é a.example/ve… now",
        facets=[{"index": {"byteStart": 14, "byteEnd": 29}, "features": [link]}],
        reply={"parent": {"uri": "at://did:plc:acme/app.bsky.feed.post/1", "cid": "c"}},
    )
    bluesky.posts[0]["embed"] = {
        "$type": "app.bsky.embed.recordWithMedia#view",
        "media": {"images": [{"fullsize": "https://c.test/1", "thumb": "x", "alt": "smoke"}]},
        "record": {"record": {"uri": "at://did:plc:x/app.bsky.feed.post/9"}},
    }
    batch = await _source(bluesky, clock).poll({}, fetch)
    (mention,) = batch.mentions
    assert mention.text == "@acme.test é https://a.example/very/long now"
    assert mention.external_id == "at://did:plc:pat/app.bsky.feed.post/3k0001"
    assert mention.url == "https://bsky.app/profile/pat.test/post/3k0001"
    assert mention.reply_to == "at://did:plc:acme/app.bsky.feed.post/1"
    assert (mention.author.handle, mention.author.name) == ("pat.test", "Pat")
    assert (mention.author.reach, mention.lang, mention.direct) == (1200, "en", True)
    assert mention.posted_at is not None
    assert mention.posted_at.isoformat() == "2026-11-22T02:00:00+00:00"
    assert mention.media == (Media("image", "https://c.test/1", "smoke"),)
    assert (batch.note, batch.more, batch.wait) == ("", False, 0)


async def test_each_is_told_once_and_asked_for_with_one_login(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(bluesky, clock, "acme", search=True, notifications=True)
    bluesky.tell(1, text="@acme.test acme is down")
    first = await source.poll({}, fetch)
    bluesky.posts.append(post(2, "acme again"))
    bluesky.posts.append(post(3, "our own words on acme", author=ME))
    second = await source.poll(_stored(first.cursor), fetch)
    third = await source.poll(_stored(second.cursor), fetch)
    told = [[(m.text, m.direct) for m in b.mentions] for b in (first, second, third)]
    assert told == [[("@acme.test acme is down", True)], [("acme again", False)], []]
    assert bluesky.methods.count("createSession") == 1
    assert bluesky.methods.count("getProfiles") == 1


async def test_a_post_that_search_finds_first_is_addressed_to_us_too(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    ours = {"uri": "at://did:plc:acme/app.bsky.feed.post/1", "cid": "c"}
    bluesky.posts = [
        post(1, "acme: no answer yet", reply={"parent": ours, "root": ours}),
        post(2, "look at acme", embed={"$type": "app.bsky.embed.record", "record": ours}),
        post(3, "acme, by the way"),
    ]
    batch = await _source(bluesky, clock, "acme", search=True).poll({}, fetch)
    assert {one.text: one.direct for one in batch.mentions} == {
        "acme: no answer yet": True,
        "look at acme": True,
        "acme, by the way": False,
    }


async def test_a_flood_is_read_to_its_end(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(bluesky, clock)
    bluesky.tell(1)
    batch = await source.poll({}, fetch)
    for number in range(2, 402):
        bluesky.tell(number)
    seen: list[str] = []
    for _ in range(5):
        batch = await source.poll(_stored(batch.cursor), fetch)
        seen += [one.text for one in batch.mentions]
        if not batch.more:
            break
    assert sorted(seen) == sorted(f"post {number}" for number in range(2, 402))


# --- what the network withdraws -----------------------------------------------------------------


async def test_deleted_hidden_and_blocked_posts_are_left_out(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    for number in (1, 2, 3, 4):
        bluesky.tell(number)
    del bluesky.posts[0]
    bluesky.posts[0]["labels"] = [{"val": "!takedown", "src": "did:plc:mod"}]
    bluesky.posts[1] = {**bluesky.posts[1], "author": {**PAT, "viewer": {"blockedBy": True}}}
    bluesky.posts[2]["labels"] = [{"val": "!hide", "neg": True}, {"val": "rude"}, None]
    batch = await _source(bluesky, clock).poll({}, fetch)
    assert [one.text for one in batch.mentions] == ["post 4"]


async def test_what_is_no_post_is_left_out_and_odd_parts_are_left_off(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    bluesky.posts = [
        post(1, "acme 1", langs="en", facets={"a": 1}, embed=[1], reply="x", createdAt=7),
        {**post(2, "acme 2"), "author": {"did": "did:plc:x", "handle": "handle.invalid"}},
        {**post(3, "acme 3"), "uri": "https://evil.example/acme"},
        {**post(4, "acme 4"), "author": None},
    ]
    batch = await _source(bluesky, clock, "acme", search=True).poll({}, fetch)
    one, two = sorted(batch.mentions, key=lambda m: m.text)
    assert (one.text, one.lang, one.reply_to, one.media) == ("acme 1", "", "", ())
    assert one.posted_at is not None
    assert one.posted_at.isoformat() == "2026-11-22T02:00:01+00:00"
    assert two.author.handle == "did:plc:x"
    assert two.url == "https://bsky.app/profile/did:plc:x/post/3k0002"
    assert "1 things" in batch.note


async def test_a_time_to_come_is_the_time_it_was_seen(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    bluesky.tell(1, createdAt="2031-01-01T00:00:00Z")
    (mention,) = (await _source(bluesky, clock).poll({}, fetch)).mentions
    assert mention.posted_at is not None
    assert mention.posted_at.isoformat() == "2026-11-22T02:00:01+00:00"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["uri", "index", "byteStart", "byteEnd", "features", "did", "parent"])
            | st.sampled_from(["images", "alt", "media", "external", "record", "video"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.text(max_size=30),
    st.fixed_dictionaries({}, optional={n: _json for n in ("facets", "embed", "reply", "langs")}),
)
def test_any_record_is_read(text: str, parts: dict[str, Any]) -> None:
    said = written(record(text, **parts))
    assert said is not None
    assert said.text or not text
    assert all(isinstance(one, str) for one in said.langs)


@given(st.integers(-5, 40), st.integers(-5, 40))
def test_a_link_anywhere_keeps_the_words_around_it(start: int, stop: int) -> None:
    text = "äö läuft nicht 🔥 mehr"
    body = text.encode()
    facet = {"index": {"byteStart": start, "byteEnd": stop}, "features": [{"uri": "https://x"}]}
    said = written(record(text, facets=[facet]))
    assert said is not None
    fits = 0 <= start < stop <= len(body)
    whole = body[:start] + b"https://x" + body[stop:] if fits else body
    assert said.text == whole.decode("utf-8", "replace")


# --- sessions and budgets -----------------------------------------------------------------------


async def test_an_expired_session_is_refreshed(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(bluesky, clock)
    batch = await source.poll({}, fetch)
    for _ in range(40):
        bluesky.expire()
        batch = await source.poll(batch.cursor, fetch)
    assert bluesky.methods.count("createSession") == 1
    assert bluesky.methods.count("refreshSession") == 40


async def test_sources_of_one_account_share_its_session(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    await _source(bluesky, clock).poll({}, fetch)
    await _source(bluesky, clock, "acme", search=True).poll({}, fetch)
    assert bluesky.methods.count("createSession") == 1


async def test_a_lost_session_logs_in_again_but_not_soon_again(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(bluesky, clock)
    await source.poll({}, fetch)
    for _ in range(10):
        bluesky.expire()
        bluesky.answers[REFRESH] = [failed("ExpiredToken", 400)]
        batch = await source.poll({}, fetch)
        assert 0 < batch.wait <= 300
        assert "no login for another" in batch.note
    assert bluesky.methods.count("createSession") == 1
    clock.advance(301)
    bluesky.tell(1)
    assert len((await source.poll({}, fetch)).mentions) == 1
    assert bluesky.methods.count("createSession") == 2


async def test_a_wrong_password_is_tried_once(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(bluesky, clock, token="wrong")
    for _ in range(5):
        with pytest.raises(Refused, match="Invalid identifier or password") as caught:
            await source.poll({}, fetch)
        assert "app password" in caught.value.hint
    assert bluesky.methods == ["createSession"]
    await _source(bluesky, clock).poll({}, fetch)  # put right: another password is another try


async def test_429_at_the_login_is_kept_to(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    bluesky.answers[LOGIN] = [failed("RateLimitExceeded", 429, retry_after="289")]
    source = _source(bluesky, clock)
    for _ in range(3):
        batch = await source.poll({}, fetch)
        assert 285 < batch.wait <= 289
    assert bluesky.methods == ["createSession"]
    clock.advance(290)
    bluesky.tell(1)
    assert len((await source.poll({}, fetch)).mentions) == 1


async def test_a_spent_budget_is_kept_to(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    bluesky.headers = {"ratelimit-remaining": "0", "ratelimit-reset": "120"}
    bluesky.tell(1, text="@acme.test acme")
    source = _source(bluesky, clock, "acme", search=True, notifications=True)
    batch = await source.poll({}, fetch)
    assert (len(batch.mentions), batch.wait) == (1, 120.0)
    assert "searchPosts" not in bluesky.methods


async def test_429_in_the_middle_keeps_what_was_read(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    bluesky.tell(1)
    bluesky.answers[SEARCH] = [failed("RateLimitExceeded", 429, retry_after="33")]
    source = _source(bluesky, clock, "acme", "kettle", search=True, notifications=True)
    batch = await source.poll({}, fetch)
    assert (len(batch.mentions), batch.wait) == (1, 33.0)
    assert bluesky.methods.count("searchPosts") == 1


async def test_one_list_that_fails_does_not_stop_the_others(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    bluesky.tell(1)
    bluesky.answers[SEARCH] = [failed("UpstreamFailure", 502, "no search today")]
    batch = await _source(bluesky, clock, "acme", search=True, notifications=True).poll({}, fetch)
    assert len(batch.mentions) == 1
    assert "search:acme" in batch.note
    assert "no search today" in batch.note


async def test_reach_is_left_open_where_it_is_refused(
    bluesky: Bluesky, clock: ManualClock, fetch: Fetcher
) -> None:
    bluesky.tell(1)
    bluesky.answers["app.bsky.actor.getProfiles"] = [failed("InternalServerError", 500)]
    source = _source(bluesky, clock)
    batch = await source.poll({}, fetch)
    assert [one.author.reach for one in batch.mentions] == [None]
    bluesky.tell(2)
    batch = await source.poll(batch.cursor, fetch)
    assert [one.author.reach for one in batch.mentions] == [1200]


async def test_a_page_that_is_no_api(bluesky: Bluesky, clock: ManualClock, fetch: Fetcher) -> None:
    bluesky.answers[LOGIN] = [failed("x", 200)]
    with pytest.raises(FetchError, match="no session given") as caught:
        await _source(bluesky, clock).poll({}, fetch)
    assert caught.value.code == "protocol"


def test_options(bluesky: Bluesky, clock: ManualClock) -> None:
    with pytest.raises(Refused, match="unknown field `sever`"):
        make("bluesky", "sky", {"handle": "a", "sever": "x"}, clock=clock, token="x")
    with pytest.raises(Refused, match="needs a handle and a password"):
        make("bluesky", "sky", {"handle": "a"}, clock=clock)


async def test_a_password_goes_over_https_only(clock: ManualClock, fetch: Fetcher) -> None:
    options = {"handle": "a", "server": "http://pds.example", "notifications": True}
    source = make("bluesky", "sky", options, clock=clock, token="canary")
    with pytest.raises(Refused, match="https only") as caught:
        await source.poll({}, fetch)
    assert "canary" not in repr((caught.value, vars(source)))
