"""The misbehaving server and a client whose names are our own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import evil_catalogue
import pytest
from evil import EvilServer, serving

from crisisroom.fetch import Fetcher

__all__ = ["evil_catalogue"]  # imported for the paths it registers
NAMES = {"evil.test": "127.0.0.1", "other.test": "127.0.0.1", "intranet.test": "127.0.0.1"}


async def resolve(host: str, _port: int) -> list[str]:
    """Answer for our test names; numbers stand for themselves, as the system has it."""
    numbers = {"2130706433": "127.0.0.1", "0x7f.1": "127.0.0.1"}
    return [NAMES.get(host) or numbers.get(host) or host]


@pytest.fixture
async def evil() -> AsyncIterator[EvilServer]:
    async with serving() as server:
        yield server


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher(resolve=resolve) as fetcher:
        yield fetcher
