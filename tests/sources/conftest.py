"""A clock that stands still and a client for servers on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sources.good_feeds import NOW

from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher
