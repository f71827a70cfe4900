"""Reviews, podcasts, videos and answers by feed; what hostile documents may cost."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from sources.bad_feeds import BROKEN, MENDED, ODD, UNSAFE
from sources.good_feeds import ATOM, MEDIA, NOW, RSS, THR, atom, rss
from sources.network import Asked
from sources.worse_feeds import WORSE
from werkzeug import Response

from crisisroom.clock import ManualClock
from crisisroom.core.mention import Incoming
from crisisroom.fetch import Fetcher
from crisisroom.sources import make
from crisisroom.sources.entry import mentions_of
from crisisroom.sources.lenient import bounded
from crisisroom.sources.reader import read_feed
from crisisroom.sources.strict_xml import IllFormed, Unsafe

ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
COUNTS = (
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


async def _one(document: str, content_type: str) -> Incoming:
    read = await read_feed(document.encode(), content_type)
    made = mentions_of(read, source="f", base="http://feed.test/f", kind="article", now=NOW)
    (mention,) = made.mentions
    return mention


async def test_a_review_feed_as_apple_writes_it() -> None:
    entry = (
        "<entry><id>9</id><title>No login</title><content type='text'>Since today</content>"
        "<im:rating>1</im:rating><im:version>4.2</im:version>"
        "<author><name>pat</name><uri>https://a.test</uri></author></entry>"
    )
    review = await _one(atom(entry, 'xmlns:im="http://itunes.apple.com/rss"'), ATOM)
    assert review.text == "★☆☆☆☆ No login\n\nSince today\n\n(version 4.2)"
    assert (review.kind, review.direct, review.author.handle) == ("review", True, "pat")


async def test_a_podcast() -> None:
    item = (
        "<item><guid>1</guid><itunes:title>On Acme</itunes:title><itunes:author>Sam</itunes:author>"
        "<itunes:summary>They were late.</itunes:summary><itunes:image href='/cover.jpg'/>"
        "<enclosure url='/1.mp3' type='audio/mpeg'/></item>"
    )
    mention = await _one(rss(item, "", ITUNES), RSS)
    assert (mention.text, mention.author.name) == ("On Acme\n\nThey were late.", "Sam")
    assert [one.kind for one in mention.media] == ["audio", "image"]


async def test_a_group_of_media_has_the_words() -> None:
    item = (
        "<item><guid>1</guid><media:group><media:title>Film</media:title><media:credit>Kim"
        "</media:credit><media:description>A long story</media:description></media:group></item>"
    )
    mention = await _one(rss(item, "", MEDIA), RSS)
    assert (mention.text, mention.author.name) == ("Film\n\nA long story", "Kim")


# --- answers --------------------------------------------------------------------------------------


class Blog:
    """A blog whose feed names the feeds of its comments."""

    def __init__(self, server: HTTPServer, posts: int = 1) -> None:
        self.server = server
        self.status = 200
        self.counts = dict.fromkeys(range(posts), 0)
        server.expect_request("/feed").respond_with_handler(lambda _: self._feed())
        for post in self.counts:
            self.answers(post)

    def answers(self, post: int) -> None:
        def answer(_: object) -> Response:
            items = "".join(
                f"<item><title>By: Pat</title><guid>{post}-{n}</guid>"
                f"<description>Comment {n}</description></item>"
                for n in range(self.counts[post])
            )
            return Response(rss(items), status=self.status, content_type=RSS)

        self.server.expect_request(f"/{post}/feed").respond_with_handler(answer)

    def _feed(self) -> Response:
        items = "".join(
            f"<item><title>Post {post}</title><guid>p{post}</guid>"
            f"<wfw:commentRss>{self.server.url_for(f'/{post}/feed')}</wfw:commentRss>"
            f"<slash:comments>{count}</slash:comments></item>"
            for post, count in self.counts.items()
        )
        return Response(rss(items, "", COUNTS), content_type=RSS, headers={"ETag": '"x"'})


def _asked(server: HTTPServer, clock: ManualClock, fetch: Fetcher) -> Asked:
    options = {"url": server.url_for("/feed"), "private": True, "replies": True}
    return Asked(make("feed", "blog", options, clock=clock), fetch)


async def test_answers_come_when_there_are_more_of_them(
    httpserver: HTTPServer, clock: ManualClock, fetch: Fetcher
) -> None:
    blog = Blog(httpserver)
    source = _asked(httpserver, clock, fetch)
    await source.poll()
    blog.counts[0] = 2
    found = {one.external_id: one for one in (await source.poll()).mentions}
    assert found["0-1"].kind == "comment"
    assert found["0-1"].reply_to == "p0"
    asked = len(httpserver.log)
    await source.poll()
    assert [request.path for request, _ in httpserver.log[asked:]] == ["/feed"]


async def test_many_threads_are_read_over_several_polls(
    httpserver: HTTPServer, clock: ManualClock, fetch: Fetcher
) -> None:
    blog = Blog(httpserver, 10)
    blog.counts = dict.fromkeys(range(10), 1)
    source = _asked(httpserver, clock, fetch)
    found = {one for _ in range(3) for one in await source.ids()}
    assert {f"{n}-0" for n in range(10)} <= found


async def test_a_feed_of_answers_that_fails_is_noted_and_tried_again(
    httpserver: HTTPServer, clock: ManualClock, fetch: Fetcher
) -> None:
    blog = Blog(httpserver)
    blog.counts[0], blog.status = 1, 500
    source = _asked(httpserver, clock, fetch)
    first = await source.poll()
    assert [one.external_id for one in first.mentions] == ["p0"]
    assert first.note.startswith("answers to p0: ")
    assert "500" in first.note
    blog.status = 200
    assert "0-0" in await source.ids()


async def test_answers_are_asked_for_at_the_feeds_own_server_only(
    httpserver: HTTPServer, clock: ManualClock, fetch: Fetcher
) -> None:
    item = (
        "<item><guid>1</guid><wfw:commentRss>http://127.0.0.2:1/x</wfw:commentRss>"
        "<slash:comments>5</slash:comments></item>"
    )
    httpserver.expect_request("/feed").respond_with_data(rss(item, "", COUNTS))
    batch = await _asked(httpserver, clock, fetch).poll()
    assert ([one.external_id for one in batch.mentions], batch.note) == (["1"], "")


async def test_answers_of_an_atom_feed(
    httpserver: HTTPServer, clock: ManualClock, fetch: Fetcher
) -> None:
    entry = (
        "<entry><id>u:1</id><title>t</title><link rel='replies' href='/a' thr:count='1'/></entry>"
    )
    answer = "<entry><id>u:2</id><title>Why?</title><thr:in-reply-to ref='u:1'/></entry>"
    httpserver.expect_request("/feed").respond_with_data(atom(entry, THR))
    httpserver.expect_request("/a").respond_with_data(atom(answer, THR))
    found = {
        one.external_id: one for one in (await _asked(httpserver, clock, fetch).poll()).mentions
    }
    assert (found["u:2"].kind, found["u:2"].reply_to) == ("comment", "u:1")


# --- what it may cost -----------------------------------------------------------------------------


def test_the_lenient_reader_gets_the_beginning_only() -> None:
    items = b"".join(b"<item>%d</item>" % n for n in range(1000))
    assert bounded(b"<rss>" + items).endswith(b"<item>199</item>")
    assert bounded(b"<a>" * 100_000).count(b"<") == 15_000
    assert len(bounded(b"x" * (1 << 20))) == 512 << 10
    assert bounded(b"<rss/>") == b"<rss/>"


async def test_the_corpus_is_large_enough() -> None:
    assert len(UNSAFE) + len(BROKEN) + len(MENDED) + len(ODD) + len(WORSE) >= 150


@pytest.mark.parametrize("name", WORSE)
async def test_worse(name: str) -> None:
    """Whatever it is: it is refused with its reason, or read into mentions that are bounded."""
    document, content_type, outcome = WORSE[name]
    body = document if isinstance(document, bytes) else document.encode()
    (found,) = await asyncio.gather(_mentions(body, content_type), return_exceptions=True)
    if isinstance(found, BaseException):
        assert isinstance(found, Unsafe | IllFormed)
        assert outcome == type(found).__name__, found
        assert 0 < len(str(found)) < 300
        return
    assert outcome == len(found)
    for one in found:
        assert len(one.external_id) <= 500
        assert one.url == "" or one.url.startswith(("http://", "https://"))
        assert one.posted_at is None or abs((one.posted_at - NOW).days) <= 3654
        assert len(one.media) <= 20
    assert len({one.external_id for one in found}) == len(found)


_ALL = {
    **{f"unsafe-{name}": case[:2] for name, case in UNSAFE.items()},
    **{f"broken-{name}": case[:2] for name, case in BROKEN.items()},
    **{f"mended-{name}": case[:2] for name, case in MENDED.items()},
    **{f"odd-{name}": case[:2] for name, case in ODD.items()},
    **{f"worse-{name}": case[:2] for name, case in WORSE.items()},
}


@pytest.mark.full
@pytest.mark.parametrize("name", _ALL)
def test_a_hostile_document_costs_little(name: str) -> None:
    """At most half a second of the processor, the helper's included, and 64 MiB here."""
    document, content_type = _ALL[name]
    body = document if isinstance(document, bytes) else document.encode()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.write(writing, _cost(body, content_type).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        seconds, mebibytes = map(float, told.read().split())
    os.waitpid(child, 0)
    assert seconds <= 0.5
    assert mebibytes <= 64


def _cost(body: bytes, content_type: str) -> str:
    """Return the processor seconds and MiB that reading took."""
    before = _used()
    highest = _peak()

    async def read() -> None:
        await asyncio.gather(_mentions(body, content_type), return_exceptions=True)

    asyncio.run(read())
    return f"{_used() - before} {_peak() - highest}"


async def _mentions(body: bytes, content_type: str) -> tuple[Incoming, ...]:
    document = await read_feed(body, content_type)
    made = mentions_of(document, source="f", base="http://feed.test/", kind="article", now=NOW)
    return made.mentions


def _used() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _peak() -> float:
    """Return the most memory of this process so far, in MiB."""
    assert sys.platform == "linux"
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def test_a_last_entry_that_is_cut_off_waits_for_the_next_poll() -> None:
    whole = b"<rss><channel><item><guid>1</guid><title>one</title></item>"
    half = b"<item><title>two</title><link>https://e.org/2</link>"
    assert bounded(whole + half) == whole
    assert bounded(whole + half + b"</channel></rss>") == whole + half + b"</channel></rss>"
    assert bounded(half) == half  # better half of the only one than nothing
