"""Reddit by its feeds, against a stand-in made from its documentation."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer
from sources.network import T, asked, watched
from standins.base import busy
from standins.reddit import Reddit
from werkzeug import Response

from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher, FetchError


@pytest.fixture
def reddit(httpserver: HTTPServer) -> Reddit:
    return Reddit(httpserver)


async def test_a_post_found_by_search(reddit: Reddit, clock: ManualClock, fetch: Fetcher) -> None:
    reddit.post("abc", T - 60, "Acme charged twice", "My money!")
    reddit.post("abd", T - 60, "Bolt")
    batch = await asked("reddit", reddit.url, clock, fetch, terms=watched("acme")).poll()
    (mention,) = batch.mentions
    assert mention.text == "Acme charged twice\n\nMy money!"
    assert (mention.external_id, mention.kind, mention.author.handle) == ("t3_abc", "post", "pat")
    assert mention.posted_at is not None
    assert mention.posted_at.timestamp() == T - 60
    assert (reddit.params()["sort"], reddit.params()["t"]) == ("new", "week")
    assert batch.wait == 60


async def test_one_list_a_poll_each_in_its_turn(
    reddit: Reddit, clock: ManualClock, fetch: Fetcher
) -> None:
    source = asked(
        "reddit", reddit.url, clock, fetch, terms=watched("acme", "bolt"), subreddits=("a", "b")
    )
    reddit.comment("c1", T - 5, "abc", "Same &amp; worse")
    waits = [(await source.poll()).wait for _ in range(5)]
    assert waits == [15] * 5
    paths = [request.path for request in reddit.asked]
    assert paths == [
        "/r/a+b/new/.rss", "/r/a+b/comments/.rss", "/search.rss", "/search.rss", "/r/a+b/new/.rss",
    ]  # fmt: skip


async def test_a_comment_is_an_answer_to_its_post(
    reddit: Reddit, clock: ManualClock, fetch: Fetcher
) -> None:
    reddit.comment("c1", T - 5, "abc", "Same &amp; worse")
    source = asked("reddit", reddit.url, clock, fetch, subreddits=("acme",))
    await source.poll()
    (mention,) = (await source.poll()).mentions
    assert (mention.kind, mention.reply_to, mention.text) == ("comment", "t3_abc", "Same & worse")


async def test_a_burst_is_read_page_by_page_and_each_once(
    reddit: Reddit, clock: ManualClock, fetch: Fetcher
) -> None:
    source = asked("reddit", reddit.url, clock, fetch, terms=watched("acme"))
    reddit.post("first", T - 5000, "acme before")
    found = await source.ids()
    for number in range(250):
        reddit.post(f"n{number}", T - 3000 + number, "acme now")
    waits = []
    for _ in range(5):
        batch = await source.poll()
        waits.append(batch.wait)
        found += [one.external_id for one in batch.mentions]
    assert sorted(found) == sorted(["t3_first", *(f"t3_n{n}" for n in range(250))])
    assert waits[:3] == [10, 10, 60]


async def test_a_forgotten_page_begins_at_the_top_again(
    reddit: Reddit, clock: ManualClock, fetch: Fetcher
) -> None:
    source = asked("reddit", reddit.url, clock, fetch, terms=watched("acme"))
    reddit.post("first", T - 5000, "acme before")
    await source.poll()
    for number in range(150):
        reddit.post(f"n{number}", T - 3000 + number, "acme now")
    found = await source.ids()
    reddit.faults = [Response(status=404)]
    for _ in range(4):
        found += await source.ids()
    assert len(found) == len(set(found)) == 150


async def test_a_spent_budget_and_a_refusal_are_waits(
    reddit: Reddit, clock: ManualClock, fetch: Fetcher
) -> None:
    source = asked("reddit", reddit.url, clock, fetch, terms=watched("acme"))
    reddit.remaining = "0.0"
    reddit.post("abc", T - 60, "acme")
    batch = await source.poll()
    assert (len(batch.mentions), batch.wait) == (1, 60)  # 42 s asked for; 60 are ours
    reddit.faults = [busy("120"), busy()]
    assert [(await source.poll()).wait for _ in range(2)] == [120, 60]


async def test_a_web_page_instead_of_a_feed_is_one_error(
    reddit: Reddit, clock: ManualClock, fetch: Fetcher
) -> None:
    reddit.faults = [Response("<!DOCTYPE html><html>Whoa there!</html>", content_type="text/html")]
    source = asked("reddit", reddit.url, clock, fetch, terms=watched("acme"))
    with pytest.raises(FetchError, match="a web page, not a feed"):
        await source.poll()
