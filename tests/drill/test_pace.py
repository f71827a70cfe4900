"""The clock of a headless drill: it moves when it is told, and never faster than asked."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crisisroom.drill.pace import SteppedClock

START = datetime(2026, 11, 22, tzinfo=UTC)


async def test_a_day_takes_no_time() -> None:
    clock = SteppedClock(START)
    before = clock.monotonic()
    await clock.sleep(86_400)
    assert clock.now() == START + timedelta(days=1)
    assert clock.monotonic() - before < 60  # what leases go by does not scale


async def test_it_waits_as_long_as_its_speed_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    clock = SteppedClock(START, 600)
    begun = clock._begun
    monkeypatch.setattr(clock, "monotonic", lambda: begun + 0.5)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    await clock.sleep(600)
    await clock.sleep(600)
    await clock.sleep(-5)
    assert slept == [0.5, 1.5, 1.5]
    assert clock.now() == START + timedelta(seconds=1200)
    assert clock.real(600) == 1.0
