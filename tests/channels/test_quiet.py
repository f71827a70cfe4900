"""The channels that reach nobody: by hand, and the stand-in of drills."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crisisroom.channels import (
    Channel,
    Outgoing,
    Receipt,
    Repeats,
    SendRefused,
    SendUnknown,
    make,
)
from crisisroom.channels.standin import StandInChannel
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher

CLOCK = ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
WORDS = Outgoing(key="k1", text="We know.", first_try_at=datetime(2026, 11, 22, tzinfo=UTC))
OTHER = msgspec.structs.replace(WORDS, key="k2", text="Again.")


async def test_by_hand_never_sends(fetch: Fetcher) -> None:
    channel = make("by-hand", "press", {"limit": 10}, clock=CLOCK)
    await channel.prepare(fetch)
    with pytest.raises(SendRefused, match="copy it, post it, then confirm"):
        await channel.send(WORDS, fetch)
    assert await channel.find(WORDS, fetch) is None
    assert channel.repeats == "never"
    assert channel.measure("x" * 11).left == -1
    assert make("by-hand", "press", {}, clock=CLOCK).measure("x" * 9999).fits


def _standin(**options: Any) -> StandInChannel:
    channel = make("stand-in", "drill", options, clock=CLOCK)
    assert isinstance(channel, StandInChannel)
    return channel


async def test_the_stand_in_takes_each_key_once(fetch: Fetcher) -> None:
    channel = _standin()
    assert await channel.find(WORDS, fetch) is None
    first = await channel.send(WORDS, fetch)
    assert await channel.send(WORDS, fetch) == first == Receipt("drill-1")
    assert await channel.send(OTHER, fetch) == Receipt("drill-2")
    assert await channel.find(WORDS, fetch) == first
    assert await channel.sent() == (WORDS, OTHER)
    assert channel.measure("https://a.example/" + "x" * 99).length == 23


async def test_many_hands_at_once(fetch: Fetcher, tmp_path: Path) -> None:
    channel = _standin(path=str(tmp_path / "sent.jsonl"))
    receipts = await asyncio.gather(*(channel.send(WORDS, fetch) for _ in range(20)))
    assert set(receipts) == {Receipt("drill-1")}
    assert len(await _standin(path=str(tmp_path / "sent.jsonl")).sent()) == 1


async def test_the_stand_in_remembers(fetch: Fetcher, tmp_path: Path) -> None:
    path = tmp_path / "sent.jsonl"
    first = await _standin(path=str(path)).send(WORDS, fetch)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open("ab") as file:
        file.write(b'{"words": {"key": "cut of')  # a crash in the middle of a line
    again = _standin(path=str(path))
    await again.prepare(fetch)
    assert await again.find(WORDS, fetch) == first
    await again.send(OTHER, fetch)
    assert await _standin(path=str(path)).sent() == (WORDS, OTHER)


def test_options() -> None:
    with pytest.raises(Refused, match="unknown field `server`"):
        make("stand-in", "drill", {"server": "https://a.example"}, clock=CLOCK)


class LosingAnswers:
    """A stand-in that takes the words and loses the answer: for tests of what follows."""

    kind = "stand-in"
    repeats: Repeats = "never"
    wait = 0.0

    def __init__(self, inner: StandInChannel) -> None:
        self.id = inner.id
        self._inner = inner
        self.measure = inner.measure
        self.prepare = inner.prepare
        self.find = inner.find
        self.retract = inner.retract
        self.limits = inner.limits

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Take the words and fail."""
        await self._inner.send(words, fetch)
        raise SendUnknown("no answer")


async def test_a_lost_answer_is_found_again(fetch: Fetcher) -> None:
    channel: Channel = LosingAnswers(_standin())
    with pytest.raises(SendUnknown):
        await channel.send(WORDS, fetch)
    assert await channel.find(WORDS, fetch) == Receipt("drill-1")
