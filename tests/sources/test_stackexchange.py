"""Stack Exchange, against a stand-in made from its documentation."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer
from sources.network import Asked, T, asked, watched
from standins.stackexchange import StackExchange

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import make


@pytest.fixture
def se(httpserver: HTTPServer) -> StackExchange:
    return StackExchange(httpserver)


@pytest.fixture
def source(se: StackExchange, clock: ManualClock, fetch: Fetcher) -> Asked:
    terms = watched("acme")
    return asked("stackexchange", se.url, clock, fetch, terms=terms, site="stackoverflow")


async def test_a_question_in_full(se: StackExchange, source: Asked) -> None:
    se.question(5, T - 60, "Acme &quot;500&quot; on login", "<p>Since <b>today</b></p><p>Help</p>")
    batch = await source.poll()
    (mention,) = batch.mentions
    assert mention.text == 'Acme "500" on login\n\nSince today\n\nHelp'
    assert (mention.external_id, mention.kind, mention.direct) == ("5", "post", False)
    assert mention.url == "https://stackoverflow.com/questions/5/x"
    assert (mention.author.name, mention.author.reach) == ("Pat & Co", None)
    assert mention.posted_at is not None
    assert mention.posted_at.timestamp() == T - 60
    params = se.params()
    assert (params["site"], params["filter"], params["sort"]) == (
        "stackoverflow", "withbody", "creation",
    )  # fmt: skip
    assert "key" not in params


async def test_each_once_and_a_burst_to_its_end(
    se: StackExchange, clock: ManualClock, fetch: Fetcher
) -> None:
    terms = watched("acme")
    source = asked(
        "stackexchange", se.url, clock, fetch, terms=terms, site="x", token="k", handle="me"
    )
    se.question(1, T - 5000, "acme before")
    assert await source.ids() == ["1"]
    for number in range(350):
        se.question(1000 + number, T - 4000 + number, "acme now")
    found = await source.ids()
    assert sorted(found) == [str(1000 + number) for number in range(350)]
    assert await source.ids() == []
    assert se.params()["key"] == "k"


async def test_the_day_lasts(se: StackExchange, source: Asked) -> None:
    assert (await source.poll()).wait == 86_400 / 300
    se.quota = 1
    assert (await source.poll()).wait == 3600


async def test_backoff_is_obeyed_and_no_list_starves(
    se: StackExchange, clock: ManualClock, fetch: Fetcher
) -> None:
    se.backoff = 700
    terms = watched("acme")
    source = asked(
        "stackexchange", se.url, clock, fetch, terms=terms, site="x", tagged=("acme-sdk",)
    )
    assert (await source.poll()).wait == 700
    assert (await source.poll()).wait == 700
    paths = [request.path for request in se.asked]
    assert paths == ["/2.3/questions", "/2.3/search/advanced"]


async def test_our_own_tag_makes_it_ours(
    se: StackExchange, clock: ManualClock, fetch: Fetcher
) -> None:
    se.question(5, T - 60, "Login fails", tags=["acme-sdk"])
    source = asked("stackexchange", se.url, clock, fetch, site="x", tagged=("acme-sdk",))
    (mention,) = (await source.poll()).mentions
    assert mention.direct


async def test_being_throttled_is_a_wait(se: StackExchange, source: Asked) -> None:
    words = "too many requests from this IP, more requests available in 3210 seconds"
    se.faults = [se.refusal(502, "throttle_violation", words)]
    batch = await source.poll()
    assert batch.wait == 3600
    assert words in batch.note


async def test_a_wrong_site_is_said_in_the_apis_words(se: StackExchange, source: Asked) -> None:
    words = "No site found for name `stackoverflw`\x1b[31m"
    se.faults = [se.refusal(400, "bad_parameter", words)]
    with pytest.raises(FetchError, match="bad_parameter No site found") as caught:
        await source.poll()
    assert "\x1b" not in str(caught.value)


def test_a_key_goes_over_https_only(clock: ManualClock) -> None:
    options = {"site": "x", "server": "http://mirror.test"}
    with pytest.raises(Refused, match="https only"):
        make("stackexchange", "se", options, clock=clock, token="k")
