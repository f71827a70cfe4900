"""Contract tests of what the Mastodon source streams and of the terms it searches for."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any

import pytest
from mastodon_contract import ME, TOKEN, Mastodon, status
from pytest_httpserver import HTTPServer
from werkzeug import Response

from crisisroom.clock import ManualClock
from crisisroom.core.watchquery import parse
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import Watched, make
from crisisroom.sources.mastodon import MastodonSource


@pytest.fixture
def mastodon(httpserver: HTTPServer) -> Mastodon:
    return Mastodon(httpserver).start()


def _source(mastodon: Mastodon, clock: ManualClock, **options: Any) -> MastodonSource:
    chosen = {"server": mastodon.url, "private": True, "notifications": True, **options}
    watched = tuple(Watched(say, parse(say)) for say in chosen.pop("terms", ()))
    source = make("mastodon", "fedi", chosen, clock=clock, token=TOKEN, watched=watched)
    assert isinstance(source, MastodonSource)
    return source


async def test_streaming(mastodon: Mastodon, clock: ManualClock, fetch: Fetcher) -> None:
    told = {"id": "9", "type": "mention", "status": status(9)}
    events = [
        ("notification", told),
        ("notification", {"id": "10", "type": "favourite", "status": status(2)}),
        ("update", status(11)),
        ("status.update", status(11, "<p>edited</p>")),
        ("update", status(12, account=ME)),
        ("delete", "11"),
        ("notification", "{"),
    ]
    body = ":)\n\n" + "".join(f"event: {n}\ndata: {json.dumps(d)}\n\n" for n, d in events)
    mastodon.answers["/api/v1/streaming/user"] = Response(body, content_type="text/event-stream")
    for home, expected in ((False, ["post 9"]), (True, ["post 9", "post 11", "edited"])):
        source = _source(mastodon, clock, streaming=True, home=home)
        async with aclosing(source.stream({}, fetch)) as stream:
            assert [mention.text async for mention in stream] == expected


@pytest.mark.parametrize(
    "where", ["wss://evil.example", "", "wss://localhost.evil.example", "wss://evillocalhost"]
)
async def test_the_token_goes_to_no_other_stream(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher, where: str
) -> None:
    mastodon.instance["configuration"]["urls"]["streaming"] = where
    for streaming in (False, True):
        source = _source(mastodon, clock, streaming=streaming)
        async with aclosing(source.stream({}, fetch)) as stream:
            assert [mention async for mention in stream] == []


def _events(*told: tuple[str, Any]) -> Response:
    body = ":)\n\n" + "".join(f"event: {n}\ndata: {json.dumps(d)}\n\n" for n, d in told)
    return Response(body, content_type="text/event-stream")


async def _streamed(source: MastodonSource, fetch: Fetcher) -> list[tuple[str, bool]]:
    async with aclosing(source.stream({}, fetch)) as stream:
        return sorted([(one.text, one.direct) async for one in stream])


async def test_hashtags_are_streamed_each_on_its_own(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.answers["/api/v1/streaming/hashtag"] = _events(("update", status(3, "#acme burns")))
    mastodon.answers["/api/v1/streaming/user"] = Response(status=403)
    source = _source(mastodon, clock, streaming=True, hashtags=["acme", "kettle"])
    assert await _streamed(source, fetch) == [("#acme burns", False)] * 2
    asked = [one.query_string for one in mastodon.asked if one.path.endswith("/hashtag")]
    assert sorted(asked) == [b"tag=acme", b"tag=kettle"]


async def test_all_that_is_public_is_looked_through_for_terms_and_tags(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.answers["/api/v1/streaming/user"] = _events()
    mastodon.answers["/api/v1/streaming/public"] = _events(
        ("update", status(3, "<p>my Ferrow kettle burns</p>")),
        ("update", status(4, "<p>ferrowing</p>")),
        ("update", status(5, "<p>look: #Kettle!</p>")),
        ("update", status(6, "<p>@acme ferrow, please</p>", mentions=[{"id": "1"}])),
        ("delete", "3"),
    )
    source = _source(
        mastodon, clock, streaming=True, search=True, terms=["ferrow"], hashtags=["kettle"]
    )
    assert await _streamed(source, fetch) == [
        ("@acme ferrow, please", True),
        ("look: #Kettle!", False),
        ("my Ferrow kettle burns", False),
    ]


async def test_an_edit_of_what_named_us_is_told(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.answers["/api/v1/streaming/user"] = _events(
        ("status.update", status(9, "<p>@acme now worse</p>", mentions=[{"id": "1"}])),
        ("status.update", status(8, "<p>nothing to do with us</p>")),
    )
    source = _source(mastodon, clock, streaming=True)
    assert await _streamed(source, fetch) == [("@acme now worse", True)]


async def test_one_stream_that_breaks_ends_them_all_to_begin_anew(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.answers["/api/v1/streaming/user"] = _events()
    mastodon.answers["/api/v1/streaming/hashtag"] = Response("busy", status=503)
    source = _source(mastodon, clock, streaming=True, hashtags=["acme"])
    with pytest.raises(FetchError, match="answers 503"):
        await _streamed(source, fetch)


# --- watched terms ------------------------------------------------------------------------------


async def test_terms_are_searched_and_looked_for_again(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.statuses = [
        status(1, "<p>the ferrow burns</p>"),
        status(2, "<p>ferrowing is no word</p>"),
        status(3, "<p>@acme ferrowing?</p>", mentions=[{"id": "1"}]),
    ]
    for tag in ("ferrow", "kettle"):
        mastodon.answers[f"/api/v1/timelines/tag/{tag}"] = Response("[]")
    source = _source(mastodon, clock, search=True, terms=["ferrow", "ferrow OR kettle"])
    batch = await source.poll({}, fetch)
    assert {one.text: one.direct for one in batch.mentions} == {
        "the ferrow burns": False,
        "@acme ferrowing?": True,
    }
    searched = [one.args["q"] for one in mastodon.asked if one.path == "/api/v2/search"]
    assert searched == ["ferrow", "kettle"]
    assert "/api/v1/timelines/tag/kettle" in mastodon.paths


async def test_a_server_without_search_still_has_the_tags(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.answers["/api/v2/search"] = Response(status=404)
    mastodon.statuses = [status(1, "<p>#ferrow burns</p>")]
    source = _source(mastodon, clock, search=True, terms=["ferrow"])
    batch = await source.poll({}, fetch)
    assert [one.text for one in batch.mentions] == ["#ferrow burns"]
    assert "search:ferrow: this server has none" in batch.note


async def test_words_of_its_own_are_searched_as_before(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.statuses = [status(1, "<p>acmeing along</p>")]
    batch = await _source(mastodon, clock, keywords=["acme"], terms=["ferrow"]).poll({}, fetch)
    assert [one.text for one in batch.mentions] == ["acmeing along"]
    assert "/api/v1/timelines/tag/ferrow" not in mastodon.paths


async def test_what_is_addressed_to_us_is_ours_wherever_it_stands(
    mastodon: Mastodon, clock: ManualClock, fetch: Fetcher
) -> None:
    mastodon.mention(1, "<p>@acme help</p>")
    mastodon.statuses = [status(1, "<p>@acme help</p>"), status(2, "<p>hello</p>")]
    mastodon.own = [status(5, account=ME, replies_count=1)]
    mastodon.threads = {"5": [status(7, "<p>an answer</p>")]}
    source = _source(mastodon, clock, home=True, replies=True)
    batch = await source.poll({}, fetch)
    assert {one.text: one.direct for one in batch.mentions} == {
        "@acme help": True,
        "hello": False,
        "an answer": True,
    }
