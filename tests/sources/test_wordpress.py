"""A blog's comments against a STAND-IN of its REST interface (developer.wordpress.org/rest-api).

A real WordPress is asked in `real/test_wordpress_comments.py`; here are pages and odd answers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sources.good_feeds import NOW
from standins.base import StandIn, as_json, busy
from werkzeug import Request, Response

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import Source, make


class Blog(StandIn):
    """A blog with comments; `rest` says whether its REST interface is on."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.comments: list[dict[str, Any]] = []
        self.rest = True
        self.route("/", self._answer)

    def add(self, number: int, minutes: float, **more: Any) -> None:
        """Somebody commented so many minutes ago."""
        at = (NOW - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S")
        text = {"rendered": f"<p>c{number} &amp; more</p>"}
        self.comments.append({"id": number, "date_gmt": at, "content": text, **more})

    def _answer(self, request: Request) -> Response:
        if request.args.get("feed"):
            return Response("<rss version='2.0'><channel/></rss>", content_type="text/xml")
        if not self.rest:
            return Response("<html>not found</html>", status=404)
        if request.args["rest_route"].endswith("/users/me"):
            return as_json({"id": 1, "name": "Acme"})
        found = sorted(self.comments, key=lambda one: one["date_gmt"], reverse=True)
        start = (int(request.args["page"]) - 1) * 100
        if start and start >= len(found):
            return as_json({"code": "rest_comment_invalid_page_number"}, status=400)
        return as_json(found[start : start + 100])


@pytest.fixture
def blog(httpserver: HTTPServer) -> Blog:
    return Blog(httpserver)


def _source(blog: Blog, clock: ManualClock, token: str = "") -> Source:
    options = {"url": blog.url, "private": True, "handle": "acme"}
    return make("wordpress", "blog", options, clock=clock, token=token)


async def _all(source: Source, cursor: dict[str, Any], fetch: Fetcher) -> tuple[list[str], Any]:
    ids: list[str] = []
    more = True
    while more:
        batch = await source.poll(cursor, fetch)
        ids += [one.external_id for one in batch.mentions]
        cursor, more = batch.cursor, batch.more
    return ids, cursor


@pytest.mark.parametrize("many", [1, 99, 100, 101, 200, 950])
async def test_pages_whatever_their_number(
    blog: Blog, clock: ManualClock, fetch: Fetcher, many: int
) -> None:
    source = _source(blog, clock)
    blog.add(1, 60 * 24)
    _, cursor = await _all(source, {}, fetch)
    for number in range(2, many + 2):
        blog.add(number, 30 + (many - number) / 60)
    ids, cursor = await _all(source, cursor, fetch)
    assert sorted(ids, key=int) == [str(number) for number in range(2, many + 2)]
    assert (await _all(source, cursor, fetch))[0] == []


async def test_odd_comments_harm_no_other(blog: Blog, clock: ManualClock, fetch: Fetcher) -> None:
    blog.add(1, 5, type="pingback")
    blog.add(2, 4, author_name="<b>Pat</b>", link="javascript:alert(1)", parent=1)
    blog.add(3, 3, content=7)
    blog.add(4, 2, content={"raw": "no rendered"})
    blog.add(5, -9999)
    batch = await _source(blog, clock).poll({}, fetch)
    pat = next(one for one in batch.mentions if one.external_id == "2")
    assert (pat.author.name, pat.url, pat.reply_to, pat.text) == ("Pat", "", "1", "c2 & more")
    assert {one.external_id for one in batch.mentions} == {"2", "4", "5"}
    assert all(
        one.posted_at and one.posted_at <= NOW + timedelta(minutes=5) for one in batch.mentions
    )
    assert batch.note == "1 things in the answer make no sense"


async def test_with_a_password_all_are_asked_for_and_ours_left_out(
    blog: Blog, clock: ManualClock, fetch: Fetcher
) -> None:
    blog.add(1, 5, author=1)
    blog.add(2, 4)
    ids, cursor = await _all(_source(blog, clock, "pw"), {}, fetch)
    assert ids == ["2"]
    assert blog.params()["status"] == "all"
    assert blog.asked[-1].headers["Authorization"].startswith("Basic ")
    asked = len(blog.asked)
    await _all(_source(blog, clock, "pw"), cursor, fetch)
    assert len(blog.asked) == asked + 1  # who we are is known


async def test_whoever_may_not_see_what_waits_sees_the_rest(
    blog: Blog, clock: ManualClock, fetch: Fetcher
) -> None:
    blog.add(2, 4)
    source = _source(blog, clock, "pw")
    _, cursor = await _all(source, {}, fetch)
    blog.add(3, 3)
    blog.faults.append(as_json({"code": "rest_forbidden_param"}, status=401))
    batch = await source.poll(cursor, fetch)
    assert [one.external_id for one in batch.mentions] == ["3"]
    assert batch.note == "comments that wait for moderation: not shown to this account"


async def test_a_busy_blog_is_left_alone(blog: Blog, clock: ManualClock, fetch: Fetcher) -> None:
    blog.faults.append(busy("77"))
    batch = await _source(blog, clock).poll({}, fetch)
    assert (batch.mentions, batch.wait) == ((), 77.0)


async def test_a_broken_blog_is_an_error(blog: Blog, clock: ManualClock, fetch: Fetcher) -> None:
    blog.faults.append(Response("fatal error", status=500))
    with pytest.raises(FetchError, match="500"):
        await _source(blog, clock).poll({}, fetch)


def test_a_password_never_goes_in_clear(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="https only"):
        make(
            "wordpress", "b", {"url": "http://blog.example", "handle": "a"}, clock=clock, token="p"
        )
