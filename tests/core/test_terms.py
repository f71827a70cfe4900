"""Terms, business days and times of the day, across changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.terms import add_term, at_local, is_business_day, moment_at, zone_of

BERLIN = ZoneInfo("Europe/Berlin")


def _berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        ("2026-11-20 10:00", "72h", "2026-11-23 10:00"),
        ("2026-11-20 10:00", "1bd", "2026-11-23 10:00"),
        ("2026-11-20 10:00", "4bd", "2026-11-26 10:00"),
        ("2026-11-21 10:00", "1bd", "2026-11-23 10:00"),
        ("2026-03-27 10:00", "1bd", "2026-03-30 10:00"),  # the clocks go forward in between
        ("2026-03-28 10:00", "24h", "2026-03-29 11:00"),
        ("2026-10-24 10:00", "24h", "2026-10-25 09:00"),
    ],
)
def test_a_term_ends(start: str, term: str, end: str) -> None:
    assert add_term(_berlin(start), term, BERLIN) == _berlin(end)


@given(st.integers(0, 6_000), st.integers(1, 60))
def test_business_days_are_counted_one_by_one(start: int, days: int) -> None:
    begun = datetime(2020, 1, 1, 9, tzinfo=UTC) + timedelta(days=start)
    end = add_term(begun, f"{days}bd", UTC)
    between = [begun.date() + timedelta(days=n) for n in range(1, (end - begun).days + 1)]
    assert sum(is_business_day(day) for day in between) == days
    assert is_business_day(end.date())
    assert end.time() == begun.time()


@pytest.mark.parametrize(
    ("text", "after", "moment"),
    [
        ("17:30", "2026-11-20 10:00", "2026-11-20 17:30"),
        ("07:30", "2026-11-20 23:00", "2026-11-21 07:30"),
        ("07:30", "2026-11-20 07:30", "2026-11-20 07:30"),
        ("2026-12-24 08:00", "2026-11-20 10:00", "2026-12-24 08:00"),
        ("02:30", "2026-03-29 00:00", "2026-03-29 03:30"),  # a time there is not that day
    ],
)
def test_a_moment_is_the_next_one(text: str, after: str, moment: str) -> None:
    assert moment_at(text, _berlin(after), BERLIN) == _berlin(moment).astimezone(UTC)


def test_an_hour_that_comes_twice_has_a_second_chance() -> None:
    summer, winter = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert moment_at("02:30", summer, BERLIN) == summer
    assert moment_at("02:30", summer + timedelta(minutes=1), BERLIN) == winter
    assert moment_at("02:30", winter + timedelta(minutes=1), BERLIN) == winter + timedelta(days=1)


def test_an_unknown_zone_is_no_reason_to_stop() -> None:
    assert zone_of("Nowhere/Atall") is UTC
    assert at_local(date(2026, 1, 1), time(8), UTC).hour == 8
