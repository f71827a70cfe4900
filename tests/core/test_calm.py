"""Calm: a crowd asleep is not calm."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.calm import calm
from crisisroom.core.playbook import Calm

BERLIN = ZoneInfo("Europe/Berlin")
RULE = Calm(quiet=7200, below=3)
NIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=BERLIN)  # Friday
MINUTE = timedelta(minutes=1)


def test_a_storm_is_not_calm_and_neither_is_the_night_after_it() -> None:
    posts = [NIGHT + n * MINUTE for n in range(60)]
    during = calm(posts, NIGHT, NIGHT + 30 * MINUTE, BERLIN, RULE)
    assert (during.calm, during.since) == (False, None)
    saturday = calm(posts, NIGHT, NIGHT + timedelta(hours=13), BERLIN, RULE)
    assert not saturday.calm, "Saturday noon is no working morning"
    assert saturday.until == datetime(2026, 11, 23, 12, 0, tzinfo=BERLIN)
    assert calm(posts, NIGHT, saturday.until, BERLIN, RULE).calm


def test_without_the_morning_two_quiet_hours_are_enough() -> None:
    posts = [NIGHT + n * MINUTE for n in range(10)]
    rule = Calm(quiet=7200, below=3, next_morning=False)
    known = calm(posts, NIGHT, NIGHT + timedelta(hours=2), BERLIN, rule)
    assert known.since == posts[-4] + timedelta(hours=1)
    assert known.until is not None
    assert not calm(posts, NIGHT, known.until - MINUTE, BERLIN, rule).calm
    assert calm(posts, NIGHT, known.until, BERLIN, rule).calm


def test_monday_s_complaints_begin_it_anew() -> None:
    posts = [NIGHT + n * MINUTE for n in range(60)]
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
    woken = [*posts, *(monday + n * MINUTE for n in range(5))]
    known = calm(woken, NIGHT, monday + timedelta(hours=3), BERLIN, RULE)
    assert not known.calm
    assert known.until == datetime(2026, 11, 24, 12, 0, tzinfo=BERLIN)


def test_nobody_at_all_is_quiet_from_the_start() -> None:
    rule = Calm(quiet=3600, next_morning=False)
    assert calm([], NIGHT, NIGHT + timedelta(hours=1), BERLIN, rule).calm


@given(st.lists(st.integers(0, 3000)), st.integers(1, 5), st.integers(0, 4000))
def test_since_it_is_quiet_no_hour_saw_too_many(minutes: list[int], below: int, now: int) -> None:
    posts = [NIGHT + n * MINUTE for n in minutes]
    at = NIGHT + now * MINUTE
    known = calm(posts, NIGHT, at, BERLIN, Calm(below=below))
    seen = sorted(post for post in posts if post <= at)
    if known.since is None:
        return
    for last in (post for post in seen if post >= known.since):
        hour = [post for post in seen if last - timedelta(hours=1) < post <= last]
        assert len(hour) <= below
