"""A Discourse forum, against a stand-in made from its documentation and source."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer
from sources.network import Asked, T, asked, watched
from standins.discourse import Discourse

from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher, FetchError


@pytest.fixture
def forum(httpserver: HTTPServer) -> Discourse:
    return Discourse(httpserver)


@pytest.fixture
def source(forum: Discourse, clock: ManualClock, fetch: Fetcher) -> Asked:
    return asked("discourse", "", clock, fetch, terms=watched("acme"), url=forum.url)


async def test_a_topic_and_an_answer_in_full(forum: Discourse, source: Asked) -> None:
    forum.post(7, T - 60, "<p>It says <b>error</b></p>", topic_id=3)
    forum.post(
        9, T - 30, "<p>Same</p>", topic_id=3, post_number=4, reply_to_post_number=2, name=None
    )
    topic, answer = (await source.poll()).mentions
    assert topic.text == "No app\n\nIt says error"
    assert (topic.external_id, topic.kind, topic.reply_to) == ("3/1", "post", "")
    assert topic.url == f"{forum.url}/t/no-app/3/1"
    assert (answer.text, answer.kind) == ("Same", "comment")
    assert (answer.external_id, answer.reply_to) == ("3/4", "3/2")
    assert (answer.author.handle, answer.author.name) == ("pat", "pat")


async def test_an_answer_to_nobody_belongs_to_the_topic(forum: Discourse, source: Asked) -> None:
    forum.post(9, T - 30, "<p>Same</p>", topic_id=3, post_number=4)
    (answer,) = (await source.poll()).mentions
    assert answer.reply_to == "3/1"


async def test_the_first_look_is_short_and_what_follows_is_whole(
    forum: Discourse, source: Asked
) -> None:
    for number in range(1, 201):
        forum.post(number, T - 1000 + number, "x")
    assert len(await source.all_ids()) == 50
    for number in range(201, 800):
        forum.post(number, T - 1000 + number, "x")
    assert len(await source.all_ids()) == 599
    assert await source.ids() == []


async def test_a_gap_of_posts_nobody_may_see_does_not_end_the_reading(
    forum: Discourse, source: Asked
) -> None:
    forum.post(10, T - 500, "known")
    await source.poll()
    forum.post(20, T - 400, "before the gap")
    forum.post(160, T - 100, "after the gap")
    assert sorted(await source.all_ids()) == ["160/1", "20/1"]


async def test_an_edit_comes_again(forum: Discourse, source: Asked) -> None:
    forum.post(7, T - 60, "bad")
    await source.poll()
    forum.post(7, T - 60, "not that bad")
    assert await source.ids() == ["7/1"]


async def test_closed_posts_leave_the_search(forum: Discourse, source: Asked) -> None:
    forum.shut = {"posts"}
    forum.post(7, T - 60, "acme fails", topic_id=3)
    forum.post(8, T - 60, "others fail", topic_title="Bolt")
    batch = await source.poll()
    assert [one.text for one in batch.mentions] == ["No app\n\nacme fails"]
    assert batch.mentions[0].external_id == "3/1"
    assert batch.note == "only its search is open: the beginning of each post"
    await source.poll()
    assert [one.path for one in forum.asked] == ["/posts.json", "/search.json", "/search.json"]


async def test_closed_search_leaves_the_feed_under_the_same_ids(
    forum: Discourse, source: Asked, clock: ManualClock
) -> None:
    forum.post(7, T - 60, "acme fails", topic_id=3)
    assert await source.ids() == ["3/1"]
    forum.shut = {"posts", "search"}
    forum.post(8, T - 50, "and again", topic_id=4)
    batch = await source.poll()
    assert "4/1" in [one.external_id for one in batch.mentions]
    assert batch.note == "only its feed is open"
    forum.shut = set()
    clock.advance(86_401)
    await source.poll()
    assert forum.asked[-1].path == "/posts.json"


async def test_a_forum_that_is_closed_says_so(forum: Discourse, source: Asked) -> None:
    forum.shut = {"posts", "search", "feed"}
    with pytest.raises(FetchError, match="403"):
        await source.poll()


async def test_a_hostile_slug_stays_out_of_the_address(forum: Discourse, source: Asked) -> None:
    forum.post(7, T - 60, "x", topic_slug="../../evil?x=#")
    (mention,) = (await source.poll()).mentions
    assert mention.url == f"{forum.url}/t/-/7/1"
