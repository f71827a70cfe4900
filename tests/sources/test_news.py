"""GDELT's news search, against a stand-in made from its documentation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from sources.network import Asked, T, asked, watched
from standins.gdelt import HURRIED, TOO_SHORT, Gdelt
from werkzeug import Response

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import make
from crisisroom.sources.news import mended


@pytest.fixture
def gdelt(httpserver: HTTPServer) -> Gdelt:
    return Gdelt(httpserver)


@pytest.fixture
def source(gdelt: Gdelt, clock: ManualClock, fetch: Fetcher) -> Asked:
    return asked("news", gdelt.url, clock, fetch, terms=watched("acme"))


async def test_an_article_in_full(gdelt: Gdelt, source: Asked) -> None:
    gdelt.article(T - 900, "1", "Acme ruft zurück")
    batch = await source.poll()
    (article,) = batch.mentions
    assert (article.text, article.kind, article.lang) == ("Acme ruft zurück", "article", "de")
    assert article.external_id == article.url == "https://news.test/1"
    assert article.author.handle == "news.test"
    assert article.posted_at is not None
    assert article.posted_at.timestamp() == T - 900
    assert batch.wait == 900
    assert (gdelt.params()["mode"], gdelt.params()["format"]) == ("artlist", "json")


async def test_each_once_and_late_ones_too(gdelt: Gdelt, source: Asked) -> None:
    gdelt.article(T - 900, "1", "acme")
    assert await source.ids() == ["https://news.test/1"]
    gdelt.article(T - 2700, "2", "acme, seen earlier and listed later")
    assert await source.ids() == ["https://news.test/2"]
    assert await source.ids() == []


async def test_searches_take_turns_at_a_distance(
    gdelt: Gdelt, clock: ManualClock, fetch: Fetcher
) -> None:
    source = asked("news", gdelt.url, clock, fetch, terms=watched("acme", "bolt", "cord"))
    waits = [(await source.poll()).wait for _ in range(4)]
    assert waits == [300] * 4
    words = [request.args["query"] for request in gdelt.asked]
    assert words[0] == words[3]
    assert len(set(words)) == 3


async def test_country_and_languages_are_asked_for(
    gdelt: Gdelt, clock: ManualClock, fetch: Fetcher
) -> None:
    terms = watched("acme", languages=("de",))
    await asked("news", gdelt.url, clock, fetch, terms=terms, country="de").poll()
    assert gdelt.params()["query"].endswith("sourcelang:german sourcecountry:GM")


async def test_a_burst_is_read_to_its_end(gdelt: Gdelt, source: Asked) -> None:
    gdelt.article(T - 80_000, "0", "acme")
    found = await source.ids()
    for number in range(600):
        gdelt.article(T - 70_000 + number * 60, f"n{number}", "acme")
    waits = []
    for _ in range(4):
        batch = await source.poll()
        found += [one.external_id for one in batch.mentions]
        waits.append(batch.wait)
    assert len(found) == len(set(found)) == 601
    assert waits == [8, 8, 900, 900]


async def test_a_plain_refusal_is_told_in_its_words(gdelt: Gdelt, source: Asked) -> None:
    gdelt.say(TOO_SHORT)
    with pytest.raises(FetchError, match=r"says: Your query was too short or too long\."):
        await source.poll()


async def test_a_plain_wish_for_peace_is_a_wait(gdelt: Gdelt, source: Asked) -> None:
    gdelt.say(HURRIED)
    gdelt.faults.append(Response(HURRIED, status=429))
    for _ in range(2):
        batch = await source.poll()
        assert batch.mentions == ()
        assert batch.wait == 60


async def test_nothing_found_is_nothing(gdelt: Gdelt, source: Asked) -> None:
    gdelt.say("")
    batch = await source.poll()
    assert (batch.mentions, batch.note) == ((), "")


async def test_backslashes_that_begin_nothing_are_read(gdelt: Gdelt, source: Asked) -> None:
    title = r"acme \\ \"ok\" \u00e9 \d\x \u12"
    body = f'{{"articles": [{{"url": "https://n.test/1", "title": "{title}\x01"}}]}}'
    gdelt.say(body)
    (article,) = (await source.poll()).mentions
    assert article.text == 'acme \\ "ok" é \\d\\x \\u12 '


@given(st.binary(max_size=200))
def test_mending_is_done_once(body: bytes) -> None:
    assert mended(mended(body)) == mended(body)


async def test_an_article_whose_link_leads_nowhere_is_left_out(gdelt: Gdelt, source: Asked) -> None:
    gdelt.say('{"articles": [{"url": "javascript:alert(1)", "title": "acme"}]}')
    assert await source.ids() == []


def test_an_unknown_country_is_refused(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="knows no country 'zz'") as caught:
        make("news", "n", {"country": "zz"}, clock=clock)
    assert "leave country out" in caught.value.hint
