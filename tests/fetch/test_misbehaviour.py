"""Whatever a server does, one error class comes out, soon and in little memory."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import pytest
from evil import EvilServer
from evil_catalogue import HOSTILE

from crisisroom.fetch import Fetcher, FetchError


def test_there_are_many_kinds() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("path", HOSTILE)
async def test_is_one_error(evil: EvilServer, fetch: Fetcher, path: str) -> None:
    deadline = 0.4 if HOSTILE[path] == "timeout" else 20.0
    with pytest.raises(FetchError) as caught:
        await fetch.get(evil.url(path), private=True, deadline=deadline)
    assert caught.value.code == HOSTILE[path], caught.value
    message = str(caught.value)
    assert len(message) < 300
    assert all(sign.isprintable() for sign in message)


async def test_memory_and_the_next_fetch(evil: EvilServer, fetch: Fetcher) -> None:
    before = _resident()
    for path in ("/bomb", "/endless", "/endless-gzip", "/error-bomb", "/header-flood"):
        with pytest.raises(FetchError):
            await fetch.get(evil.url(path), private=True)
        answer = await fetch.get(evil.url("/ok"), private=True)
        assert answer.body == b"hello"
    gc.collect()
    assert _resident() - before < 64 << 20


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def test_unpacking_lets_others_run(evil: EvilServer, fetch: Fetcher) -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    running = asyncio.create_task(other())
    with pytest.raises(FetchError, match="once unpacked"):
        await fetch.get(evil.url("/bomb"), private=True)
    running.cancel()
    assert turns > 10  # once for each mebibyte at least


async def test_a_bad_status_carries_the_answer(evil: EvilServer, fetch: Fetcher) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch.get(evil.url("/status-404"), private=True)
    assert caught.value.status == 404
    assert caught.value.response is not None
    assert caught.value.response.body == b"gone"
    with pytest.raises(FetchError) as caught:
        await fetch.get(evil.url("/status-429"), private=True)
    assert (caught.value.status, caught.value.retry_after) == (429, 900.0)
    with pytest.raises(FetchError) as caught:
        await fetch.get(evil.url("/error-bomb"), private=True)
    assert (caught.value.status, caught.value.retry_after) == (503, 7.0)


async def test_nobody_there(fetch: Fetcher, unused_tcp_port: int) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch.get(f"http://evil.test:{unused_tcp_port}/", private=True)
    assert (caught.value.code, caught.value.sent) == ("refused", False)


@pytest.mark.parametrize(("path", "sent"), [("/silence", True), ("/hang-up", True)])
async def test_knows_that_it_had_sent(
    evil: EvilServer, fetch: Fetcher, path: str, sent: bool
) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch.post(evil.url(path), json={"a": 1}, private=True, deadline=0.3)
    assert caught.value.sent is sent
    assert len(evil.seen) == 1  # a POST is never repeated
