"""Times as they read on the screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.terms import zone_of
from crisisroom.tui.rows.times import brief_clock, clock, due, number

NOW = datetime(2026, 11, 22, 2, 35, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def test_today_is_a_clock_time_in_the_cases_zone() -> None:
    assert clock(NOW, NOW, BERLIN) == "03:35"
    assert brief_clock(NOW, NOW, BERLIN) == "03:35"


def test_other_days_are_named() -> None:
    assert clock(NOW - timedelta(days=2), NOW, BERLIN) == "Fri 03:35"
    assert clock(NOW - timedelta(days=20), NOW, BERLIN) == "2 Nov 03:35"
    assert brief_clock(NOW - timedelta(days=2), NOW, BERLIN) == "Fri"
    assert brief_clock(NOW - timedelta(days=20), NOW, BERLIN) == "2Nov"


@pytest.mark.parametrize(
    ("minutes", "state", "shown"),
    [
        (20, "ok", "03:55"),
        (5, "warn", "in 5m"),
        (0.5, "warn", "now"),
        (-0.5, "overdue", "late"),
        (-4, "overdue", "late 4m"),
        (-12, "overdue", "late12m"),
        (-215, "overdue", "late3h3"),
        (60 * 30, "ok", "Mon 09h"),
        (60 * 17, "ok", "20:35"),
    ],
)
def test_due(minutes: float, state: str, shown: str) -> None:
    assert due(NOW + timedelta(minutes=minutes), NOW, BERLIN, state) == shown


@pytest.mark.parametrize(("minutes", "shown"), [(-12, "23:58"), (15, "00:25"), (-719, "12:11")])
def test_midnight_between_takes_no_hour_away(minutes: int, shown: str) -> None:
    now = datetime(2026, 11, 21, 23, 10, tzinfo=UTC)
    assert brief_clock(now + timedelta(minutes=minutes), now, BERLIN) == shown
    if minutes > 0:
        late = now - timedelta(minutes=25)
        assert due(now, late, BERLIN, "ok") == "00:10"


def test_beyond_twelve_hours_another_day_is_named() -> None:
    now = datetime(2026, 11, 21, 23, 10, tzinfo=UTC)
    assert brief_clock(now - timedelta(hours=12), now, BERLIN) == "Sat"
    assert due(now + timedelta(days=1), now, BERLIN, "ok") == "Mon 00h"


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)), st.sampled_from(["ok", "warn"]))
def test_due_fits_its_seven_cells(delta: timedelta, state: str) -> None:
    assert len(due(NOW + delta, NOW, BERLIN, state)) <= 7
    assert len(brief_clock(NOW + delta, NOW, BERLIN)) <= 5


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, ""),
        (0, "0"),
        (999, "999"),
        (1000, "1.0k"),
        (2149, "2.1k"),
        (9949, "9.9k"),
        (9960, "10k"),
        (48_200, "48k"),
        (999_600, "1.0M"),
        (12_000_000, "12M"),
    ],
)
def test_numbers_take_four_cells(count: int | None, shown: str) -> None:
    assert number(count) == shown


@given(st.integers(0, 900_000_000))
def test_no_number_is_wider(count: int) -> None:
    assert len(number(count)) <= 4


def test_unknown_zone_is_utc() -> None:
    assert str(zone_of("Nowhere/Land")) == "UTC"
    assert str(zone_of("")) == "UTC"
