"""A client, and Mastodon as documented."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from mastodon_contract import Mastodon
from pytest_httpserver import HTTPServer

from crisisroom.fetch import Fetcher


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher


@pytest.fixture
def mastodon(httpserver: HTTPServer) -> Mastodon:
    return Mastodon(httpserver).start()
