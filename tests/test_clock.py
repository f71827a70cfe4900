"""The clocks: UTC in whole milliseconds, scaled in drills, still in tests."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from crisisroom.clock import ManualClock, ScaledClock, SystemClock

START = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)


def test_the_machine_s_clock_is_utc_in_milliseconds() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=60)
    assert SystemClock().monotonic() <= time.monotonic()


async def test_a_drill_s_clock_runs_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([100.0, 100.0, 110.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    clock = ScaledClock(START, 6.0)
    assert clock.now() == START
    assert clock.now() == START + timedelta(seconds=60)
    monkeypatch.undo()
    await clock.sleep(0.01)


async def test_a_test_s_clock_moves_only_when_told() -> None:
    clock = ManualClock(START)
    clock.advance(90)
    await clock.sleep(30)
    await clock.sleep(-5)
    assert clock.now() == START + timedelta(seconds=120)
    assert clock.monotonic() == 120.0
