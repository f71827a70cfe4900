"""The clocks: UTC in whole milliseconds, scaled in drills, still in tests."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from crisisroom.clock import Clock, ManualClock, ScaledClock, ServerClock, SystemClock

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


class _Slow(SystemClock):
    """A machine whose clock is two minutes behind."""

    def now(self) -> datetime:
        return super().now() - timedelta(minutes=2)


def test_a_machine_that_is_slow_has_the_servers_time() -> None:
    clock = ServerClock(_Slow())
    clock.measured(SystemClock().now())
    assert abs(clock.now() - SystemClock().now()) < timedelta(seconds=10)


def test_an_answer_that_took_long_counts_less_than_a_quick_one() -> None:
    clock = ServerClock(_Slow())
    for late in (0, 5, 1):
        clock.measured(SystemClock().now() - timedelta(seconds=late))
    assert clock.off > timedelta(seconds=119)


@pytest.mark.parametrize("inner", [ManualClock(START), ScaledClock(START, 60)])
def test_a_drills_time_is_its_own(inner: Clock) -> None:
    clock = ServerClock(inner)
    clock.measured(START + timedelta(days=300))
    assert abs(clock.now() - inner.now()) < timedelta(minutes=10)
    assert clock.real(60) == inner.real(60)
