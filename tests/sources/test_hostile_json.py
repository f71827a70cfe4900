"""What public APIs should never say: every one is read safely or is one error with its reason."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sources.network import asked, watched
from standins.base import StandIn
from werkzeug import Response

from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher, FetchError

# kind -> path of its questions, options, and an answer of it with @ where a thing stands
KINDS: dict[str, tuple[str, dict[str, Any], str]] = {
    "hackernews": ("/api", {}, '{"hits": @}'),
    "stackexchange": ("/2.3", {"site": "x"}, '{"items": @, "quota_max": 300}'),
    "discourse": ("/posts.json", {"url": ""}, '{"latest_posts": @}'),
    "youtube": ("/youtube", {"channel": "UC1", "token": "k"}, '{"items": @}'),
    "appstore": ("/us", {"app": "1"}, '{"feed": {"entry": @}}'),
    "news": ("/api", {}, '{"articles": @}'),
}
_LONG = '"' + "x" * (7 << 20) + '"'

# no answer of this API at all: one error
WRONG: dict[str, str | bytes] = {
    "words": "Service unavailable",
    "page": "<!DOCTYPE html><html></html>",
    "number": "7",
    "text": '"hello"',
    "list": "[1, 2]",
    "null": "null",
    "nan": "NaN",
    "cut-off": '{"hits": [{"objectID": "1", "tit',
    "not-utf-8": b'{"hits": [], "items": "\xff\xfe", "latest_posts": "\xff"',
    "utf-16": '{"hits": []}'.encode("utf-16"),
    "zeros": b"\0" * 1000,
    "deep": "[" * 200_000,
    "deep-object": '{"feed":' * 100_000,
    "two-documents": '{"hits": []} {"hits": []}',
    "comments": '/* hi */ {"hits": []}',
    "long-text": _LONG,
    "long-number": "1" * 1_000_000,
}

# an answer whose things are odd: those that make no sense are left out
ODD: dict[str, str] = {
    "nulls": "[null, null]",
    "numbers": "[1, -1, 1e400, 0.1]",
    "lists": "[[], [[]], [[[]]]]",
    "empty-objects": "[{}, {}]",
    "all-null": '[{"objectID": null, "question_id": null, "id": null, "snippet": null, '
    '"url": null}]',
    "wrong-types": '[{"objectID": {}, "question_id": "x", "id": [1], "snippet": 7, "url": 9}]',
    "huge-numbers": '[{"question_id": 1e999, "id": 99999999999999999999999999, "objectID": "1", '
    '"created_at_i": 99999999999999999999, "parent_id": -1e308}]',
    "deep-thing": "[" + "[" * 500 + "]" * 500 + "]",
    "deep-field": '[{"objectID": "1", "x": ' + "[" * 5000 + "]" * 5000 + "}]",
    "same-key-twice": '[{"objectID": "1", "objectID": 2, "id": 1, "id": "x"}]',
    "long-text": f'[{{"objectID": {_LONG}, "id": {{"label": "1"}}, "url": "https://a.test"}}]',
    "half-a-surrogate": '[{"objectID": "1", "title": "\\ud83d", "url": "https://a.test/\\ud83d"}]',
    "controls": '[{"objectID": "1", "title": "\\u001b[31m\\u0000\\u202e", "url": "https://a/"}]',
    "many": "[" + '{"objectID": "1"},' * 100_000 + "{}]",
    "not-a-list": "{}",
    "a-text": '"x"',
}


@pytest.fixture
def server(httpserver: HTTPServer) -> StandIn:
    return StandIn(httpserver)


async def _poll(kind: str, body: str | bytes, server: StandIn, clock: ManualClock) -> Any:
    path, options, _ = KINDS[kind]
    chosen = {"url": server.url} if "url" in options else {}
    server.route(f"^{path}", lambda _: Response(body, content_type="application/json"))
    server.route(".*", lambda _: Response(status=404))
    async with Fetcher() as fetch:
        source = asked(kind, server.url, clock, fetch, terms=watched("acme"), **options | chosen)
        batch = await source.poll()
        again = await source.poll()
        assert {one.external_id for one in again.mentions} <= {""}, "each once"
        return batch


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", WRONG)
async def test_no_answer_at_all_is_one_error(
    kind: str, name: str, server: StandIn, clock: ManualClock
) -> None:
    with pytest.raises(FetchError) as caught:
        await _poll(kind, WRONG[name], server, clock)
    assert 0 < len(str(caught.value)) < 400
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ODD)
async def test_odd_things_are_left_out(
    kind: str, name: str, server: StandIn, clock: ManualClock
) -> None:
    body = KINDS[kind][2].replace("@", ODD[name])
    told = await asyncio.gather(_poll(kind, body, server, clock), return_exceptions=True)
    batch: Any = told[0]
    if isinstance(batch, BaseException):
        assert isinstance(batch, FetchError)
        assert 0 < len(str(batch)) < 400
        return
    for mention in batch.mentions:
        assert len(mention.external_id) <= 500
        assert mention.posted_at is None or abs((mention.posted_at - clock.now()).days) < 3700


def test_the_corpus_is_large_enough() -> None:
    assert len(KINDS) * (len(WRONG) + len(ODD)) >= 150
