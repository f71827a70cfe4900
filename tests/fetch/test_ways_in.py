"""Nobody leads us into our own network, whatever form its addresses take."""

from __future__ import annotations

from typing import ClassVar

import pytest
from evil import EvilServer

from crisisroom.fetch import Bearer, Fetcher, FetchError, Resolve
from crisisroom.fetch import client as client_module
from crisisroom.fetch._http import httpx

PUBLIC = "93.184.216.34"

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
            await fetch.get(evil.url("/", "front.test"), private=True, auth=Bearer("canary-8472"))
    assert caught.value.code in NEVER, caught.value
    assert len(evil.seen) == 1


class Recorded(httpx.AsyncBaseTransport):
    """Answers every request itself and notes where it would have gone."""

    gone: ClassVar[list[str]] = []
    answers: ClassVar[list[tuple[int, dict[str, str]]]] = []

    def __init__(self, _context: object, *, kept: bool) -> None:
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
