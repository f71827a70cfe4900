"""Secrets stay with the origin they belong to, and nobody leads us into our own network."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from typing import Any, ClassVar

import pytest
from evil import EvilServer, serving
from sources.network import watched

from crisisroom.fetch import Basic, Bearer, Fetcher, FetchError, Resolve
from crisisroom.fetch import client as client_module
from crisisroom.fetch._http import httpx
from crisisroom.sources import make

SECRET = "canary-8472"
BASIC = b64encode(f"brand:{SECRET}".encode()).decode()
PUBLIC = "93.184.216.34"

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


# --- into our own network -----------------------------------------------------------------------

NUMBERS = [
    "127.0.0.1", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "2130706433",
    "017700000001", "0x7F.1", "127.000.000.001", "0", "0.0.0.0", "10.0.0.1", "10.1", "167772161",
    "172.16.0.1", "192.168.0.1", "3232235521", "0xc0a80001", "169.254.169.254", "2852039166",
    "0xa9fea9fe", "0251.0376.0251.0376", "100.64.0.1", "198.18.0.1", "192.0.0.192", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "4294967295",
]  # fmt: skip
SIXES = [
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]",
    "[2001:db8::1]", "[100::1]", "[fec0::1]", "[::ffff:0:127.0.0.1]",
]  # fmt: skip
DISGUISED = [
    "public.test@127.0.0.1", "public.test:80@127.0.0.1", "127.0.0.1#@public.test",
    "127.0.0.1?@public.test", "127.0.0.1\\@public.test", "127。0。0。1", "１２７.０.０.１",
    "①②⑦.⓪.⓪.①", "127.0.0.1.", "[::1%25lo]", "127.0.0.1%00.public.test", "localhost",
    "LOCALHOST.", "localhost.localdomain", "127.0.0.1%2f@public.test",
]  # fmt: skip
WAYS_IN = [*NUMBERS, *SIXES, *DISGUISED]
NEVER = frozenset({"address", "dns", "redirect"})


def test_there_are_sixty_ways_in() -> None:
    assert len(set(WAYS_IN)) == len(WAYS_IN) >= 60


def _at(host: str, port: int) -> str:
    """Return the address of a way in; what looks like more than a host keeps its own form."""
    odd = any(sign in host for sign in "#?\\")
    return f"http://{host}/ok" if odd else f"http://{host}:{port}/ok"


@pytest.mark.parametrize("host", WAYS_IN)
async def test_no_way_in(evil: EvilServer, host: str) -> None:
    """The system itself says what these numbers mean; no address of ours is ever connected to."""
    async with Fetcher() as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch.get(_at(host, evil.port))
    assert caught.value.code in NEVER, caught.value
    assert evil.connections == 0
    assert not caught.value.sent


@pytest.mark.parametrize("host", WAYS_IN)
async def test_no_way_in_by_a_redirect(
    evil: EvilServer, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """A public server leads us there; it may itself be private, as somebody allowed."""
    async with Fetcher() as fetch:
        start = fetch._resolve

        async def resolve(name: str, port: int) -> list[str]:
            return ["127.0.0.1"] if name == "front.test" else await start(name, port)

        fetch._resolve = resolve
        evil.leads_to = _at(host, evil.port)
        with pytest.raises(FetchError) as caught:
            await fetch.get(evil.url("/", "front.test"), private=True, auth=Bearer(SECRET))
    assert caught.value.code in NEVER, caught.value
    assert len(evil.seen) == 1


class Recorded(httpx.AsyncBaseTransport):
    """Answers every request itself and notes where it would have gone."""

    gone: ClassVar[list[str]] = []
    answers: ClassVar[list[tuple[int, dict[str, str]]]] = []

    def __init__(self, _context: object) -> None:
        pass

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.gone.append(f"{request.url.host} as {request.headers['Host']}")
        status, headers = self.answers.pop(0)
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(b"ok"))


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> type[Recorded]:
    monkeypatch.setattr(client_module, "Transport", Recorded)
    monkeypatch.setattr(Recorded, "gone", [])
    monkeypatch.setattr(Recorded, "answers", [])
    return Recorded


def _changing(*answers: list[str]) -> Resolve:
    """Return a name server that says something else each time."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> list[str]:
        return left.pop(0)

    return resolve


async def test_an_answer_that_changes_is_judged_anew(recorded: type[Recorded]) -> None:
    recorded.answers += [(200, {}), (200, {})]
    async with Fetcher(resolve=_changing([PUBLIC], ["127.0.0.1"])) as fetch:
        assert (await fetch.get("http://rebinding.test/")).body == b"ok"
        with pytest.raises(FetchError, match="private address"):
            await fetch.get("http://rebinding.test/")
    assert recorded.gone == [f"{PUBLIC} as rebinding.test"]


async def test_a_redirect_to_itself_is_judged_anew(recorded: type[Recorded]) -> None:
    recorded.answers += [(302, {"Location": "/again"}), (200, {})]
    async with Fetcher(resolve=_changing([PUBLIC], ["10.0.0.1"])) as fetch:
        with pytest.raises(FetchError, match="private address"):
            await fetch.get("http://rebinding.test/")
    assert recorded.gone == [f"{PUBLIC} as rebinding.test"]


async def test_what_was_checked_is_what_is_connected_to(recorded: type[Recorded]) -> None:
    """The name is never resolved a second time on the way to the socket."""
    recorded.answers += [(200, {})]
    async with Fetcher(resolve=_changing([PUBLIC])) as fetch:
        await fetch.get("http://rebinding.test/")
    assert recorded.gone == [f"{PUBLIC} as rebinding.test"]


@pytest.mark.parametrize(
    "mixed",
    [
        [PUBLIC, "127.0.0.1"],
        ["::1", PUBLIC],
        [PUBLIC, "::ffff:10.0.0.1"],
        [PUBLIC] * 5 + ["169.254.169.254"],
        ["64:ff9b::a9fe:a9fe", PUBLIC],
    ],
)
async def test_one_bad_answer_spoils_them_all(recorded: type[Recorded], mixed: list[str]) -> None:
    async with Fetcher(resolve=_changing(mixed)) as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch.get("http://mixed.test/")
    assert caught.value.code == "address"
    assert recorded.gone == []
