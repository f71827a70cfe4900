"""Feeds: the good, the broken and the hostile."""

from __future__ import annotations

import asyncio
import resource
from email.utils import formatdate
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from sources.bad_feeds import BROKEN, MENDED, ODD, UNSAFE
from sources.good_feeds import GOOD, NOW, RSS, rss
from werkzeug import Request, Response

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.mention import Incoming
from crisisroom.fetch import Fetcher
from crisisroom.sources import make
from crisisroom.sources.entry import mentions_of
from crisisroom.sources.feed import FeedOptions, FeedSource
from crisisroom.sources.lenient import read_lenient
from crisisroom.sources.reader import read_feed
from crisisroom.sources.strict_xml import IllFormed, Unsafe


def _bytes(document: str | bytes) -> bytes:
    return document if isinstance(document, bytes) else document.encode()


async def _mentions(document: str | bytes, content_type: str) -> tuple[Incoming, ...]:
    read = await read_feed(_bytes(document), content_type)
    made = mentions_of(read, source="news", base="http://feed.test/f", kind="article", now=NOW)
    return made.mentions


@pytest.mark.parametrize("name", GOOD)
async def test_good(name: str) -> None:
    document, content_type, expected = GOOD[name]
    (mention,) = await _mentions(document, content_type)
    for key, value in expected.items():
        found = _field(mention, key)
        if value == "sha256:":
            assert found.startswith(value)
        else:
            assert found == value, key


def _field(mention: Incoming, key: str) -> Any:
    if key == "media":
        return [(m.kind, m.url, m.alt) for m in mention.media]
    if key == "posted_at":
        return mention.posted_at and mention.posted_at.isoformat()
    owner, _, name = key.rpartition(".")
    return getattr(mention.author if owner else mention, name)


async def test_good_feeds_are_read_strictly() -> None:
    for name, (document, content_type, _) in GOOD.items():
        assert not (await read_feed(_bytes(document), content_type)).broken, name


@pytest.mark.parametrize("name", UNSAFE)
async def test_unsafe(name: str) -> None:
    document, content_type = UNSAFE[name]
    with pytest.raises(Unsafe):
        await read_feed(_bytes(document), content_type)


@pytest.mark.parametrize("name", BROKEN)
async def test_broken(name: str) -> None:
    document, content_type = BROKEN[name]
    with pytest.raises(IllFormed):
        await read_feed(_bytes(document), content_type)


@pytest.mark.parametrize("name", MENDED)
async def test_mended(name: str) -> None:
    document, content_type, texts = MENDED[name]
    read = await read_feed(_bytes(document), content_type)
    assert read.broken
    found = await _mentions(document, content_type)
    assert [mention.text for mention in found][: len(texts)] == texts


@pytest.mark.parametrize("name", ODD)
async def test_odd(name: str) -> None:
    document, content_type, texts = ODD[name]
    found = await _mentions(document, content_type)
    assert [mention.text for mention in found] == texts
    assert len({mention.external_id for mention in found}) == len(found)


@given(st.binary(max_size=300))
async def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    document = b"<rss><channel>" + data + b"</channel></rss>" if b"&" not in data else data
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crisisroom.sources.reader.read_lenient", _refusing)
        outcome = await asyncio.gather(read_feed(document, RSS), return_exceptions=True)
    assert not isinstance(outcome[0], BaseException) or isinstance(outcome[0], IllFormed | Unsafe)


async def _refusing(_body: bytes, _type: str) -> None:
    raise IllFormed("not here")


def test_ids_are_stable_when_words_change() -> None:
    first = rss("<item><title>one</title><guid>1</guid></item>")
    edited = rss("<item><title>one, edited</title><guid>1</guid></item>")
    ids = [asyncio.run(_mentions(d, RSS))[0].external_id for d in (first, edited)]
    assert ids == ["1", "1"]


# --- the helper -------------------------------------------------------------------------------


async def test_the_helper_gets_no_environment_and_is_reaped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CRISISROOM_SECRET", "canary")
    started: list[dict[str, Any]] = []
    real = asyncio.create_subprocess_exec

    async def watching(*arguments: Any, **options: Any) -> asyncio.subprocess.Process:
        started.append(options)
        return await real(*arguments, **options)

    monkeypatch.setattr("asyncio.create_subprocess_exec", watching)
    document = await read_lenient(rss("<item><title>A & B</title></item>").encode(), RSS)
    assert document.entries[0].title
    assert started[0]["env"] == {}


async def test_the_helper_is_ended_in_time() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(IllFormed, match="unreadable within"):
        await read_lenient(b"<rss>" + b"<a>" * 1_000_000, RSS, wall=0.05)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 10


@pytest.mark.full
async def test_the_helper_is_ended_by_its_cpu_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crisisroom.sources.lenient.bounded", lambda body: body)
    body = b"<rss>" + b"<a>" * 1_500_000
    with pytest.raises(IllFormed, match="gave up"):
        await read_lenient(body, RSS, wall=60)


async def test_helpers_take_turns() -> None:
    running = most = 0
    real = asyncio.create_subprocess_exec

    async def counting(*arguments: Any, **options: Any) -> asyncio.subprocess.Process:
        nonlocal running, most
        process = await real(*arguments, **options)
        running += 1
        most = max(most, running)
        wait = process.wait

        async def ended() -> int:
            nonlocal running
            code = await wait()
            running -= 1
            return code

        process.wait = ended  # type: ignore[method-assign]
        return process

    broken = rss("<item><title>A & B</title></item>").encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("asyncio.create_subprocess_exec", counting)
        await asyncio.gather(*(read_lenient(broken, RSS) for _ in range(5)))
    assert most == 2


# --- polling ----------------------------------------------------------------------------------


@pytest.fixture
def source(httpserver: HTTPServer, clock: ManualClock) -> FeedSource:
    return FeedSource("news", FeedOptions(httpserver.url_for("/feed"), private=True), clock)


async def test_an_unchanged_feed_is_not_sent_again(
    httpserver: HTTPServer, source: FeedSource, fetch: Fetcher
) -> None:
    def feed(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"v1"':
            assert request.headers["If-Modified-Since"] == "Sun, 22 Nov 2026 03:00:00 GMT"
            return Response(status=304)
        headers = {"ETag": '"v1"', "Last-Modified": "Sun, 22 Nov 2026 03:00:00 GMT"}
        return Response(rss("<item><title>t</title></item>"), headers=headers)

    httpserver.expect_request("/feed").respond_with_handler(feed)
    first = await source.poll({}, fetch)
    assert [m.text for m in first.mentions] == ["t"]
    cursor = msgspec.json.decode(msgspec.json.encode(first.cursor))
    second = await source.poll(cursor, fetch)
    assert (second.mentions, second.cursor) == ((), first.cursor)


@pytest.mark.parametrize("etag", ["", '"by the second"'])
async def test_a_change_in_the_second_of_the_last_poll_is_not_missed(
    httpserver: HTTPServer, source: FeedSource, fetch: Fetcher, etag: str
) -> None:
    headers = {"Last-Modified": formatdate(usegmt=True)} | ({"ETag": etag} if etag else {})
    items = ["<item><title>first</title></item>"]

    def feed(request: Request) -> Response:
        known = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        if any(known):
            return Response(status=304)
        return Response(rss("".join(items)), headers=headers)

    httpserver.expect_request("/feed").respond_with_handler(feed)
    first = await source.poll({}, fetch)
    items.append("<item><title>second</title></item>")
    second = await source.poll(first.cursor, fetch)
    assert "second" in [mention.text for mention in second.mentions]


async def test_an_etag_that_outlives_the_time_is_used(
    httpserver: HTTPServer, source: FeedSource, fetch: Fetcher
) -> None:
    def feed(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"of the bytes"':
            return Response(status=304)
        headers = {"Last-Modified": formatdate(usegmt=True), "ETag": '"of the bytes"'}
        return Response(rss("<item><title>t</title></item>"), headers=headers)

    httpserver.expect_request("/feed").respond_with_handler(feed)
    batch = await source.poll({}, fetch)
    for _ in range(3):
        batch = await source.poll(batch.cursor, fetch)
    assert [answer.status_code for _, answer in httpserver.log] == [200, 200, 304, 304]


async def test_the_same_bytes_again_are_not_read_again(
    httpserver: HTTPServer, source: FeedSource, fetch: Fetcher
) -> None:
    httpserver.expect_request("/feed").respond_with_data(rss("<item><title>t</title></item>"))
    first = await source.poll({}, fetch)
    assert len(first.mentions) == 1
    assert (await source.poll(first.cursor, fetch)).mentions == ()


async def test_times_far_off_are_moved_and_told(
    httpserver: HTTPServer, source: FeedSource, fetch: Fetcher, clock: ManualClock
) -> None:
    items = "".join(
        f"<item><guid>{year}</guid><pubDate>Sun, 22 Nov {year} 03:00:00 GMT</pubDate></item>"
        for year in (1970, 2026, 2036)
    )
    httpserver.expect_request("/feed").respond_with_data(rss(items))
    batch = await source.poll({}, fetch)
    years = [m.posted_at.year for m in batch.mentions if m.posted_at]
    assert years == [2016, 2026, 2026]
    assert all(
        m.posted_at and m.posted_at <= clock.now().replace(minute=12) for m in batch.mentions
    )
    assert "2 entries claim a time far off" in batch.note


async def test_a_mended_feed_says_so(
    httpserver: HTTPServer, source: FeedSource, fetch: Fetcher
) -> None:
    httpserver.expect_request("/feed").respond_with_data(rss("<item><title>A & B</title></item>"))
    batch = await source.poll({}, fetch)
    assert [m.text for m in batch.mentions] == ["A & B"]
    assert batch.note.startswith("not well-formed (not well-formed (invalid token): line 1")


async def test_a_web_page_is_explained(
    httpserver: HTTPServer, source: FeedSource, fetch: Fetcher
) -> None:
    page = "<!DOCTYPE html><html><body>Log in</body></html>"
    httpserver.expect_request("/feed").respond_with_data(page, content_type="text/html")
    with pytest.raises(Unavailable) as caught:
        await source.poll({}, fetch)
    assert caught.value.message == "news: a web page, not a feed"
    assert "RSS or Atom" in caught.value.hint


def test_options(clock: ManualClock) -> None:
    source = make("feed", "news", {"url": "https://a.example/f", "kind": "review"}, clock=clock)
    assert source.id == "news"
    for options in ({}, {"url": "x", "typo": 1}, {"url": "x", "kind": "tweet"}):
        with pytest.raises(Refused, match="source news") as caught:
            make("feed", "news", options, clock=clock)
        assert "url, kind, replies, private, ca_file" in caught.value.hint
    with pytest.raises(Refused, match="no source of kind 'fax'"):
        make("fax", "news", {}, clock=clock)
