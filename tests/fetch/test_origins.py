"""Secrets stay with the origin they belong to."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from evil import EvilServer, serving
from sources.network import watched

from crisisroom.fetch import Basic, Bearer, Fetcher, FetchError
from crisisroom.fetch import client as client_module
from crisisroom.sources import make

SECRET = "canary-8472"
BASIC = b64encode(f"brand:{SECRET}".encode()).decode()

# what carries the secret -> the options of a call
CARRIERS: dict[str, dict[str, Any]] = {
    "bearer": {"auth": Bearer(SECRET)},
    "basic": {"auth": Basic("brand", SECRET)},
    "authorization": {"headers": {"Authorization": f"Token {SECRET}"}},
    "api-key": {"headers": {"X-Api-Key": SECRET}},
    "odd-case": {"headers": {"x-API-key": SECRET, "aUTHORIZATION": SECRET}},
    "cookie": {"headers": {"Cookie": f"session={SECRET}"}},
    "proxy": {"headers": {"Proxy-Authorization": f"Basic {BASIC}"}},
    "api-username": {"headers": {"Api-Username": SECRET, "Api-Key": SECRET}},
    "referer": {"headers": {"Referer": f"https://brand.test/?key={SECRET}"}},
    "all": {"auth": Bearer(SECRET), "headers": {"X-Api-Key": SECRET, "Cookie": SECRET}},
}


@pytest.fixture
async def other() -> AsyncIterator[EvilServer]:
    """A server of somebody else."""
    async with serving() as server:
        yield server


@pytest.fixture
async def anywhere(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Fetcher]:
    """A client to whom loopback is as good as any address, so that redirects get through."""

    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr(client_module, "why_not", lambda *_, **__: "")
    async with Fetcher(resolve=resolve) as fetcher:
        yield fetcher


def _heard(server: EvilServer) -> str:
    """Return all that a server was told."""
    return "\n".join(f"{x.path} {x.headers} {x.body!r}" for x in server.seen)


def _leads(evil: EvilServer, to: str, *, query: str = "") -> str:
    return evil.url(f"/leads?{to}{query}")


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(
    "where",
    [
        lambda evil, other: other.url("/ok", "evil.test"),  # another port
        lambda evil, other: other.url("/ok", "other.test"),
        lambda evil, other: other.url("/ok", "sub.evil.test"),
        lambda evil, other: other.url("/ok", "evil.test.other.test"),
        lambda evil, other: other.url("/ok", "evil.test."),
        lambda evil, other: other.url("/ok", "EVIL.test").replace("http:", "HTTP:"),
        lambda evil, other: other.url("/chain/3/ok", "other.test"),
    ],
)
async def test_another_origin_hears_no_secret(
    evil: EvilServer,
    other: EvilServer,
    anywhere: Fetcher,
    carrier: str,
    where: Callable[[EvilServer, EvilServer], str],
) -> None:
    url = _leads(evil, where(evil, other))
    answer = await anywhere.get(url, private=True, **CARRIERS[carrier])
    assert answer.body == b"hello"
    assert SECRET in _heard(evil) or BASIC in _heard(evil)
    assert other.seen
    assert SECRET not in _heard(other)
    assert BASIC not in _heard(other)
    kept = {"accept", "accept-encoding", "host", "user-agent"}
    assert all(set(x.headers) <= kept for x in other.seen)


async def test_back_home_it_is_not_handed_out_again(
    evil: EvilServer, other: EvilServer, anywhere: Fetcher
) -> None:
    """Who leads us away and back may have chosen the path: it gets nothing."""
    away = other.url(f"/leads?{evil.url('/ok')}", "other.test")
    await anywhere.get(_leads(evil, away), private=True, **CARRIERS["all"])
    assert SECRET in str(evil.seen[0].headers)
    assert SECRET not in str(evil.seen[1].headers)
    assert SECRET not in _heard(other)


async def test_a_secret_in_the_query_is_not_told_as_where_we_come_from(
    evil: EvilServer, other: EvilServer, anywhere: Fetcher
) -> None:
    url = _leads(evil, other.url("/ok", "other.test"), query=f"&access_token={SECRET}")
    with pytest.raises(FetchError) as caught:
        await anywhere.get(url.replace("/ok&", "/status-404?x=&"), private=True)
    assert SECRET not in str(caught.value)
    assert all("referer" not in x.headers for x in other.seen)


async def test_a_post_goes_nowhere_else(
    evil: EvilServer, other: EvilServer, anywhere: Fetcher
) -> None:
    url = _leads(evil, other.url("/ok", "other.test"))
    with pytest.raises(FetchError) as caught:
        await anywhere.post(url, json={"password": SECRET}, auth=Bearer(SECRET), private=True)
    assert caught.value.code == "redirect"
    assert other.seen == []
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("call", ["stream", "lines"])
async def test_streams_keep_secrets_too(
    evil: EvilServer, other: EvilServer, anywhere: Fetcher, call: str
) -> None:
    url = _leads(evil, other.url("/events", "other.test"))
    async for _ in getattr(anywhere, call)(url, private=True, **CARRIERS["all"]):
        pass
    assert SECRET in _heard(evil)
    assert other.seen
    assert SECRET not in _heard(other)


# type of source -> its options, where a secret goes with each question
WITH_TOKEN: dict[str, dict[str, Any]] = {
    "mastodon": {"hashtags": ("ferrow",)},
    "x": {},
    "stackexchange": {"site": "stackoverflow"},
    "youtube": {"channel": "UC" + "a" * 22},
    "bluesky": {"handle": "brand.test", "notifications": True},
}


@pytest.mark.parametrize("kind", WITH_TOKEN)
async def test_a_source_s_token_stays_at_its_server(
    evil: EvilServer,
    other: EvilServer,
    anywhere: Fetcher,
    clock: Any,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    """The server of an account sends every question of ours on to a stranger."""
    caplog.set_level(logging.DEBUG)
    evil.leads_to = other.url("/ok", "other.test")
    options = {**WITH_TOKEN[kind], "server": evil.url(""), "private": True}
    source = make(kind, "s", options, clock=clock, token=SECRET, watched=watched("ferrow"))
    with pytest.raises(FetchError) as caught:
        await source.poll({}, anywhere)
    assert SECRET in _heard(evil)
    assert SECRET not in _heard(other)
    assert SECRET not in str(caught.value)
    assert SECRET not in caplog.text
