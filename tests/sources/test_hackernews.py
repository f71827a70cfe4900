"""Hacker News' search, against a stand-in made from its documentation."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer
from sources.network import Asked, T, asked, watched
from standins.base import as_json, busy
from standins.hackernews import HackerNews

from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher, FetchError


@pytest.fixture
def hn(httpserver: HTTPServer) -> HackerNews:
    return HackerNews(httpserver)


@pytest.fixture
def source(hn: HackerNews, clock: ManualClock, fetch: Fetcher) -> Asked:
    return asked("hackernews", hn.url, clock, fetch, terms=watched("acme"))


async def test_a_story_and_a_comment_in_full(hn: HackerNews, source: Asked) -> None:
    hn.story(10, T - 300, "Acme is down", url="https://status.acme.test/", author="ada")
    text = "<p>Acme lost my <i>money</i> &amp; time.<p>Twice"
    hn.comment(11, T - 60, text, parent_id=10)
    batch = await source.poll()
    story, comment = batch.mentions
    assert story.text == "Acme is down\n\nhttps://status.acme.test/"
    assert (story.kind, story.external_id, story.author.handle) == ("post", "10", "ada")
    assert story.url == "https://news.ycombinator.com/item?id=10"
    assert (comment.kind, comment.reply_to, comment.direct) == ("comment", "10", False)
    assert comment.text == "Acme lost my money & time.\n\nTwice"
    assert comment.author.reach is None
    assert comment.posted_at is not None
    assert comment.posted_at.timestamp() == T - 60
    assert (batch.note, batch.more) == ("", False)
    assert hn.params()["typoTolerance"] == "false"


async def test_each_once_also_when_one_shows_late(hn: HackerNews, source: Asked) -> None:
    hn.story(1, T - 600, "acme one")
    assert await source.ids() == ["1"]
    assert await source.ids() == []
    hn.story(3, T - 10, "acme three")
    assert await source.ids() == ["3"]
    hn.story(2, T - 300, "acme two, indexed late")
    assert await source.ids() == ["2"]


async def test_an_edit_comes_again(hn: HackerNews, source: Asked) -> None:
    hn.comment(1, T - 60, "acme is bad")
    await source.poll()
    hn.comment(1, T - 60, "acme is not that bad")
    (mention,) = (await source.poll()).mentions
    assert (mention.external_id, mention.text) == ("1", "acme is not that bad")


async def test_the_first_look_takes_one_page_of_a_week(hn: HackerNews, source: Asked) -> None:
    hn.story(1, T - 8 * 86_400, "acme of old")
    for number in range(150):
        hn.story(100 + number, T - number - 1, "acme now")
    assert len(await source.all_ids()) == 100
    assert len(hn.asked) == 1


async def test_a_burst_is_read_to_its_end(hn: HackerNews, source: Asked) -> None:
    hn.story(1, T - 5000, "acme before")
    await source.poll()
    for number in range(950):
        hn.comment(10_000 + number, T - 4000 + number, "acme acme")
    found = await source.all_ids()
    assert sorted(found) == [str(10_000 + number) for number in range(950)]
    assert await source.ids() == []


async def test_a_time_ahead_of_ours_hides_nothing_that_follows(
    hn: HackerNews, source: Asked
) -> None:
    hn.story(1, T + 10**9, "acme from the future")
    (mention,) = (await source.poll()).mentions
    assert mention.posted_at is not None
    assert mention.posted_at.timestamp() == T + 300
    hn.story(2, T - 5, "acme now")
    assert await source.ids() == ["2"]


async def test_a_search_for_each_alternative_and_each_hit_once(
    hn: HackerNews, clock: ManualClock, fetch: Fetcher
) -> None:
    hn.story(1, T - 5, "acme and bolt")
    source = asked("hackernews", hn.url, clock, fetch, terms=watched("acme", "bolt", "acme"))
    assert await source.ids() == ["1"]
    assert [request.args["query"] for request in hn.asked] == ["acme", "bolt"]


async def test_a_wish_for_peace_is_a_wait_and_no_failure(hn: HackerNews, source: Asked) -> None:
    hn.story(1, T - 5, "acme")
    hn.faults = [busy("77")]
    batch = await source.poll()
    assert (batch.mentions, batch.wait) == ((), 77)
    assert "left alone for 77 s" in batch.note
    assert await source.ids() == ["1"]


async def test_after_a_break_the_other_search_is_asked_first(
    hn: HackerNews, clock: ManualClock, fetch: Fetcher
) -> None:
    source = asked("hackernews", hn.url, clock, fetch, terms=watched("acme", "bolt"))
    hn.faults = [busy("5")]
    await source.poll()
    await source.poll()
    assert [request.args["query"] for request in hn.asked] == ["acme", "bolt", "acme"]


async def test_one_search_that_fails_leaves_the_other(
    hn: HackerNews, clock: ManualClock, fetch: Fetcher
) -> None:
    hn.story(1, T - 5, "bolt")
    hn.faults = [as_json({"message": "no"}, status=500)]
    batch = await asked("hackernews", hn.url, clock, fetch, terms=watched("acme", "bolt")).poll()
    assert [one.external_id for one in batch.mentions] == ["1"]
    assert batch.note.startswith("acme: ")
    assert "500" in batch.note


async def test_all_failing_is_one_error(hn: HackerNews, source: Asked) -> None:
    hn.faults = [as_json({}, status=500)]
    with pytest.raises(FetchError, match="500"):
        await source.poll()


async def test_odd_hits_are_left_out_and_told(hn: HackerNews, source: Asked) -> None:
    odd = [{"objectID": 7}, None, "acme", {"objectID": "8", "created_at_i": 2**70, "title": "acme"}]
    hn.faults = [as_json({"hits": [*odd, {"objectID": "9", "title": "acme", "created_at_i": -1}]})]
    batch = await source.poll()
    assert {one.external_id: one.posted_at for one in batch.mentions} == {"8": None, "9": None}
    assert batch.note == "3 things in the answer make no sense"


async def test_without_words_nothing_is_asked(
    hn: HackerNews, clock: ManualClock, fetch: Fetcher
) -> None:
    batch = await asked("hackernews", hn.url, clock, fetch).poll()
    assert (batch.mentions, hn.asked) == ((), [])
    assert batch.note.startswith("nothing to ask for")
