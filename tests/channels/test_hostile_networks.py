"""A network that misbehaves: every answer is one of the three failures, soon, and never a post."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from evil import EvilServer, serving
from evil_catalogue import HOSTILE
from pytest_httpserver import HTTPServer
from werkzeug import Response

from crisisroom.channels import (
    Channel,
    Outgoing,
    Receipt,
    SendFailure,
    SendLater,
    SendRefused,
    SendUnknown,
    make,
)
from crisisroom.channels.reddit import RedditChannel
from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.fetch import Response as Answer

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)
IDS = {"x": "77", "reddit": "t3_abc"}
TOKENS = {"x": "canary-token", "reddit": "canary-secret:canary-refresh"}
KINDS = sorted(IDS)
HURRY = 1.5  # seconds, the deadline of one answer
Op = Callable[[Channel, str, Fetcher], Awaitable[Any]]


class Hasty(Fetcher):
    """A client that waits less long than usual."""

    async def get(self, url: str, **options: Any) -> Answer:
        return await super().get(url, **{**options, "deadline": HURRY})

    async def post(self, url: str, *, json: Any = None, form: Any = None, **o: Any) -> Answer:
        return await super().post(url, json=json, form=form, **{**o, "deadline": HURRY})

    async def delete(self, url: str, **options: Any) -> Answer:
        return await super().delete(url, **{**options, "deadline": HURRY})


async def resolve(host: str, _port: int) -> list[str]:
    """Answer for our test names; numbers stand for themselves, as the system has it."""
    return ["127.0.0.1" if host == "localhost" or host.endswith(".test") else host]


@pytest.fixture
async def evil() -> AsyncIterator[EvilServer]:
    async with serving() as server:
        yield server


@pytest.fixture
async def hasty() -> AsyncIterator[Fetcher]:
    async with Hasty(resolve=resolve) as fetcher:
        yield fetcher


def _words(kind: str) -> Outgoing:
    return Outgoing(key="k", text="We know.", first_try_at=NOW, in_reply_to=IDS[kind])


def _channel(kind: str, server: str, *, known: bool = True) -> Channel:
    options = {"server": server, "private": True, **({"app": "a"} if kind == "reddit" else {})}
    channel = make(kind, "acme", options, token=TOKENS[kind], clock=ManualClock(NOW))
    if isinstance(channel, RedditChannel) and known:  # it has logged in while all was well
        channel._me = "Acme"
        channel._session._token, channel._session._until = "canary-access", float("inf")
    return channel


async def send(channel: Channel, kind: str, fetch: Fetcher) -> Any:
    return await channel.send(_words(kind), fetch)


async def find(channel: Channel, kind: str, fetch: Fetcher) -> Any:
    return await channel.find(_words(kind), fetch)


async def retract(channel: Channel, kind: str, fetch: Fetcher) -> Any:
    return await channel.retract(Receipt(IDS[kind]), fetch)


async def _failures(
    kind: str, servers: Iterable[str], fetch: Fetcher, op: Op, *, known: bool = True
) -> list[tuple[str, SendFailure]]:
    """Return what each server's misbehaviour means; anything but a failure is one of this test."""

    few = asyncio.Semaphore(16)

    async def one(server: str) -> tuple[str, SendFailure]:
        with pytest.raises(SendFailure) as caught:
            async with few:
                await op(_channel(kind, server, known=known), kind, fetch)
        said = str(caught.value)
        assert 0 < len(said) < 500
        assert said.isprintable()
        assert "canary" not in said
        return server, caught.value

    return await asyncio.gather(*map(one, servers))


def _never_sent(failure: SendFailure) -> bool:
    """Tell whether a busy machine did not get as far as sending before the deadline."""
    cause = failure.__cause__
    return isinstance(failure, SendLater) and isinstance(cause, FetchError) and not cause.sent


def _evil(evil: EvilServer, *codes: str) -> list[str]:
    """Return the addresses; where a redirect drips, what is sent is refused at its first line."""
    known = {**HOSTILE, "/drip-redirect": "redirect"}
    return [evil.url(f"/as{path}") for path, code in known.items() if code in codes]


BROKEN = ("timeout", "protocol", "encoding", "too_large")


@pytest.mark.parametrize("kind", KINDS)
async def test_sent_and_no_whole_answer_is_unknown(
    kind: str, evil: EvilServer, hasty: Fetcher
) -> None:
    told = await _failures(kind, _evil(evil, *BROKEN), hasty, send)
    for where, failure in told:
        assert isinstance(failure, SendUnknown) or _never_sent(failure), where
    assert len(told) > 60


@pytest.mark.parametrize("kind", KINDS)
async def test_sent_and_led_elsewhere_is_refused(
    kind: str, evil: EvilServer, hasty: Fetcher
) -> None:
    told = await _failures(kind, _evil(evil, "redirect", "address"), hasty, send)
    for where, failure in told:
        assert isinstance(failure, SendRefused) or _never_sent(failure), where
    assert len(told) > 15


@pytest.mark.parametrize("kind", KINDS)
async def test_a_bad_status_means_what_the_table_says(
    kind: str, evil: EvilServer, hasty: Fetcher
) -> None:
    told = dict(await _failures(kind, _evil(evil, "status"), hasty, send))
    for where, failure in told.items():
        code = where.rpartition("-")[2]
        if _never_sent(failure):
            continue
        if code == "429":
            assert isinstance(failure, SendLater), where
        elif code.isdigit() and code[0] == "4" and not (kind == "reddit" and code == "401"):
            assert isinstance(failure, SendRefused), where
        elif code.isdigit() and code[0] in "57":
            assert isinstance(failure, SendUnknown), where
    assert len(told) > 15


@pytest.mark.parametrize("kind", KINDS)
async def test_a_look_finds_nothing_out(kind: str, evil: EvilServer, hasty: Fetcher) -> None:
    everything = _evil(evil, *BROKEN, "redirect", "address", "status")
    told = await _failures(kind, everything, hasty, find)
    assert all(isinstance(failure, SendUnknown) for _, failure in told)


@pytest.mark.parametrize("kind", KINDS)
async def test_taking_back_can_be_tried_again(kind: str, evil: EvilServer, hasty: Fetcher) -> None:
    told = await _failures(kind, _evil(evil, *BROKEN, "redirect"), hasty, retract)
    assert not any(isinstance(failure, SendUnknown) for _, failure in told)


async def test_a_login_that_breaks_leaves_nothing_in_doubt(
    evil: EvilServer, hasty: Fetcher
) -> None:
    everything = _evil(evil, *BROKEN, "redirect", "address", "status")
    told = await _failures("reddit", everything, hasty, send, known=False)
    assert not any(isinstance(failure, SendUnknown) for _, failure in told)


LONG = '"' + "x" * 3_000_000 + '"'
WRONG: dict[str, str | bytes] = {
    "empty": "",
    "words": "Service unavailable",
    "page": "<!DOCTYPE html><html></html>",
    "number": "7",
    "text": '"hello"',
    "list": "[1, 2]",
    "null": "null",
    "nan": "NaN",
    "object": "{}",
    "cut-off": '{"data": {"id": "12',
    "not-utf-8": b'{"data": {"id": "\xff\xfe"}}',
    "utf-16": '{"data": {"id": "1"}}'.encode("utf-16"),
    "zeros": b"\0" * 1000,
    "deep": "[" * 200_000,
    "deep-object": '{"data":' * 100_000,
    "two": '{"data": {"id": "1"}} {"data": {"id": "1"}}',
    "long": f'{{"data": {LONG}}}',
    "data-null": '{"data": null, "json": null}',
    "data-odd": '{"kind": "Listing", "data": {"children": {}}, "meta": {}}',
    "data-list": '{"data": [], "json": []}',
    "id-number": '{"data": {"id": 7}, "json": {"data": {"name": 7}}}',
    "id-list": '{"data": {"id": ["7"]}, "json": {"data": {"things": [7]}}}',
    "id-odd": '{"data": {"id": "7/../8"}, "json": {"data": {"name": "t1_../x"}}}',
    "id-escape": '{"data": {"id": "7\\u001b[31m"}, "json": {"data": {"name": "t1_\\u0000"}}}',
    "id-long": f'{{"data": {{"id": {LONG}}}, "json": {{"data": {{"name": {LONG}}}}}}}',
    "surrogate": '{"data": {"id": "\\ud83d"}, "json": {"data": {"name": "\\ud83d"}}}',
    "errors": '{"errors": [{"detail": 7}], "json": {"errors": 7}}',
    "errors-odd": '{"errors": [], "json": {"errors": [], "ratelimit": 1e999}}',
    "same-twice": '{"data": {"id": "1"}, "data": {"id": 2}, "json": 1, "json": {}}',
    "huge-number": '{"data": 1e999, "json": 99999999999999999999999999}',
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [200, 201, 202])
async def test_taken_but_unreadable_is_unknown(
    kind: str, status: int, httpserver: HTTPServer, hasty: Fetcher
) -> None:
    for name, body in WRONG.items():
        _all(httpserver, Response(body, status=status, content_type="application/json"))
        (_, failure), *_ = await _failures(kind, [httpserver.url_for("").rstrip("/")], hasty, send)
        assert isinstance(failure, SendUnknown) or _never_sent(failure), name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("op", [find, retract])
async def test_an_unreadable_look(
    kind: str, op: Op, httpserver: HTTPServer, hasty: Fetcher
) -> None:
    for name, body in WRONG.items():
        _all(httpserver, Response(body, content_type="application/json"))
        (_, failure), *_ = await _failures(kind, [httpserver.url_for("").rstrip("/")], hasty, op)
        assert isinstance(failure, SendUnknown if op is find else SendLater), name


def _all(server: HTTPServer, answer: Response) -> None:
    server.clear()
    server.expect_request(re.compile(".*")).respond_with_handler(lambda _: answer)
