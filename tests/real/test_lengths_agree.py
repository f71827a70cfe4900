"""Our counts and those of servers: 200 texts in ten scripts, each at its limit and one beyond.

Bluesky's own server counts graphemes and bytes, and is asked for both. The fake of Mastodon counts
code points, more coarsely than Mastodon itself: it shows that what we let through is taken where
both ways agree, not how Mastodon counts. snac has no limit that it keeps.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from length_texts import texts, words

from crisisroom.bluesky.writing import record, tid
from crisisroom.channels.lengths import bluesky as counted
from crisisroom.channels.lengths import graphemes
from crisisroom.channels.lengths import mastodon as counted_mastodon
from crisisroom.clock import SystemClock
from real.servers.bluesky import Bluesky, Person
from real.servers.mastodon_mock import MastodonMock

CLOCK = SystemClock()
TEXTS = texts()
MOST = 300
BYTES = 3000
FIGURES = 500


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as open_client:
        yield open_client


def test_there_are_two_hundred_in_ten_scripts() -> None:
    assert len({text for _, text in TEXTS}) == 200
    assert len({script for script, _ in TEXTS}) == 10


async def _takes(client: httpx.AsyncClient, who: Person, text: str) -> str:
    """Put the text at one key; return what is wrong with it, empty where nothing is."""
    now = CLOCK.now()
    body = {
        "repo": who.did, "collection": "app.bsky.feed.post", "rkey": tid(text, now),
        "record": record(text, now, "", None, {}),
    }  # fmt: skip
    answer = await client.post(
        f"{who.server}/xrpc/com.atproto.repo.putRecord", json=body,
        headers={"Authorization": f"Bearer {who.token}"},
    )  # fmt: skip
    return "" if answer.is_success else str(answer.json()["message"])


def _padded(text: str, size: int) -> str:
    """Return the text at this many graphemes by our count; a line's end joins with nothing."""
    return f"{text}\n" + "x" * (size - graphemes(text) - 1)


async def test_bluesky_takes_300_and_refuses_301(
    bluesky: Bluesky, client: httpx.AsyncClient
) -> None:
    wrong = []
    for number, (script, text) in enumerate(TEXTS):
        if not number % 100:
            who = await asyncio.to_thread(bluesky.person, f"counts{number}.test")
        fits, over = _padded(text, MOST), _padded(text, MOST + 1)
        assert counted(fits).fits
        assert not counted(over).fits
        if why := await _takes(client, who, fits):
            wrong.append((script, text, "refused at 300", why))
        if "grapheme" not in await _takes(client, who, over):
            wrong.append((script, text, "taken at 301", ""))
    assert wrong == []


async def test_bluesky_takes_3000_bytes_and_refuses_one_more(
    bluesky: Bluesky, client: httpx.AsyncClient
) -> None:
    who = await asyncio.to_thread(bluesky.person, "bytes.test")
    family = "👩\u200d👩\u200d👧\u200d👦"
    text = family * (BYTES // len(family.encode()))
    fits = text + "x" * (BYTES - len(text.encode()))
    assert counted(fits).fits
    assert counted(f"{fits}x").left == -1
    assert await _takes(client, who, fits) == ""
    assert "grapheme" not in (why := await _takes(client, who, f"{fits}x"))
    assert why != ""


async def test_the_fake_of_mastodon_agrees_where_it_counts_the_same(
    mastodon_mock: MastodonMock, client: httpx.AsyncClient
) -> None:
    url = f"{mastodon_mock.url}/api/v1/statuses"
    bearer = {"Authorization": f"Bearer {mastodon_mock.brand.token}"}
    plain = [one for one in words() if len(one) == counted_mastodon(one).length]
    assert len(plain) >= 25
    for word in plain:
        fits = f"{word}\n" + "x" * (FIGURES - len(word) - 1)
        assert counted_mastodon(fits).fits
        assert not counted_mastodon(f"{fits}x").fits
        codes = []
        for one in (fits, f"{fits}x"):
            answer = await client.post(url, json={"status": one}, headers=bearer)
            codes.append(answer.status_code)
        assert codes == [200, 422]
