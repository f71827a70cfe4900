"""Charts: bins lose nothing; the usual is that of the same time, and honest about history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.chart import (
    DAY,
    DAYS,
    SLOT,
    SPANS,
    Act,
    Bin,
    Chart,
    arrange,
    eighths,
    on_chart,
    reach_back,
    size_for,
)

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=90)
HOURS = timedelta(hours=4)


def drawn(counted: dict[datetime, int], span: timedelta = HOURS, **more: object) -> Chart:
    said: dict[str, object] = {"heard_since": LONG_AGO, "zone": UTC, **more}
    rows = [(start, many, many) for start, many in counted.items()]
    return arrange(rows, NOW, span, **said)  # type: ignore[arg-type]


@given(st.dictionaries(st.integers(0, 12 * 24 * 28), st.integers(1, 9), max_size=40))
@pytest.mark.parametrize("span", [span for span, _ in SPANS])
def test_no_mention_of_the_time_is_lost(span: timedelta, found: dict[int, int]) -> None:
    slots = {NOW - timedelta(minutes=2) - SLOT * ago: many for ago, many in found.items()}
    chart = drawn(slots, span)
    inside = sum(many for start, many in slots.items() if start >= chart.since)
    assert chart.mentions == chart.complaints == inside
    assert chart.since <= NOW - span + chart.size
    assert chart.bins[-1].start <= NOW < chart.bins[-1].start + chart.size


@pytest.mark.parametrize(("span", "size"), SPANS)
def test_bins_begin_where_days_begin(span: timedelta, size: timedelta) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    chart = drawn({}, span, zone=zone)
    assert (chart.size, len(chart.bins)) == (size, span // size)
    for one in chart.bins:
        local = one.start.astimezone(zone)
        inside = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        assert inside % size == timedelta()


def test_the_usual_is_the_same_time_on_the_days_before() -> None:
    start = NOW - timedelta(minutes=2)
    every_day = {start - day * DAY + SLOT * k: 3 for day in range(1, 8) for k in range(-8, 9)}
    last = drawn(every_day).bins[-1]
    assert last.low is not None
    assert last.high is not None
    assert (last.low + last.high) / 2 == pytest.approx(3)
    assert last.low <= 3 - 3**0.5 + 0.01
    assert drawn(every_day).days == DAYS


def test_a_day_that_nobody_listened_to_is_not_silence() -> None:
    start = NOW - timedelta(minutes=2)
    heard = NOW - 2 * DAY - timedelta(hours=1)
    chart = drawn({start - DAY: 3}, heard_since=heard)
    assert chart.days == 2
    for since in (NOW - timedelta(hours=2), None):
        young = drawn({}, heard_since=since)
        assert (young.days, young.usual) == (0, None)
        assert not any(one.above for one in young.bins)


def test_above_is_more_than_the_usual_in_whole_mentions() -> None:
    assert not Bin(NOW, 1, 0, 0.0, 0.4).above
    assert Bin(NOW, 2, 0, 0.0, 0.4).above
    assert not Bin(NOW, 99, 0).above


def test_a_bin_may_count_the_longer_time_that_ends_with_it() -> None:
    start = NOW - timedelta(minutes=2)
    slots = {start - SLOT * ago: 1 for ago in range(9)}
    assert drawn(slots).bins[-1].mentions == 1
    assert drawn(slots, over=timedelta(minutes=20)).bins[-1].mentions == 4
    assert drawn(slots, over=timedelta(minutes=2)).bins[-1].mentions == 1


def test_acts_stand_below_the_bin_they_fall_into() -> None:
    chart = drawn({})
    acts = [
        Act(NOW, "S", "sent"),
        Act(NOW - timedelta(hours=1), "D", "declared"),
        Act(NOW - DAY, "W", "before it"),
        Act(NOW + DAY, "R", "after it"),
    ]
    assert [(place, act.letter) for place, act in on_chart(chart, acts)] == [(35, "D"), (47, "S")]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60), st.integers(1, 12))
def test_heights_fit_and_what_is_not_nothing_shows(values: list[int], rows: int) -> None:
    heights = eighths(values, max(values), rows)
    assert all(0 <= one <= rows * 8 for one in heights)
    assert [one > 0 for one in heights] == [value > 0 for value in values]
    assert max(heights) == (rows * 8 if max(values) else 0)


@given(st.integers(5, 60 * 24 * 60))
def test_any_span_has_bins_that_a_screen_holds(minutes: int) -> None:
    span = timedelta(minutes=minutes)
    assert -(-span // size_for(span)) <= 120
    assert reach_back(span) > span + DAYS * DAY
