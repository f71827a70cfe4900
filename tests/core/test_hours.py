"""Hours of contacts: what is understood, what stays words, and when it opens next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.hours import DAYS, Hours, Opening, intervals, opening, read_hours

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")


def at(day: str, clock: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "open_at", "closed_at"),
    [
        ("Mo-Fr 08:00-18:00", ["mo 08:00", "fr 17:59"], ["mo 07:59", "fr 18:00", "sa 12:00"]),
        ("Mo-Fr 08:00-18:00; Sa 10:00-12:00", ["sa 10:00"], ["sa 12:00", "su 11:00"]),
        ("mo–fr 8:00–18:00, sa 10:00-12:00", ["sa 11:00", "mo 08:00"], ["su 10:00"]),
        ("Mo-Fr 08:00-12:00,14:00-18:00", ["tu 11:59", "tu 14:00"], ["tu 13:00"]),
        ("Mo,We,Fr 09:00-10:00", ["we 09:30"], ["tu 09:30"]),
        ("Mo-Fr 08:00-18:00; We off", ["tu 09:00", "th 09:00"], ["we 09:00"]),
        ("22:00-06:00", ["mo 23:00", "tu 05:59", "su 22:00", "mo 03:00"], ["mo 06:00"]),
        ("Fr 22:00-04:00", ["sa 03:59"], ["fr 03:59", "sa 22:00"]),
        ("Sa-Mo 10:00-11:00", ["sa 10:00", "su 10:00", "mo 10:00"], ["tu 10:00"]),
        ("08:00-24:00", ["mo 23:59"], ["tu 00:00"]),
        ("Fr 20:00-28:00", ["sa 03:59"], ["sa 04:00"]),
        ("24/7", ["mo 00:00", "su 23:59"], []),
        ("Mo-Su 00:00-24:00;", ["mo 00:00", "su 23:59"], []),
    ],
)
def test_hours_are_understood(text: str, open_at: list[str], closed_at: list[str]) -> None:
    hours = read_hours(text)
    assert hours is not None
    for told, expected in ((open_at, True), (closed_at, False)):
        for moment in told:
            day, clock = moment.split()
            date = f"2026-11-{16 + DAYS.index(day)}"  # a Monday and what follows
            assert opening(hours, at(date, clock), BERLIN).now is expected, (text, moment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "on call, day and night",
        "Mo-Fr 07:00-20:00, at other times the phone of the person on duty",
        "Mo-Fr",
        "Mo-Fr 08:00",
        "Xy 08:00-10:00",
        "Mo-Xy 08:00-10:00",
        "08:00-18:61",
        "24:00-25:00",
        "08:00-49:00",
        "Mo 08:00-10:00,Tu",
        "Mo 08:00-10:00,,",
        "-Mo 08:00-10:00",
        "Mo-Fr 08:00-18:00; PH off",
        "off 24/7",
        "٠٨:٠٠-١٨:٠٠",
    ],
)
def test_other_words_stay_words(text: str) -> None:
    assert read_hours(text) is None


def test_it_says_until_or_from_when() -> None:
    hours = read_hours("Mo-Fr 08:00-18:00")
    assert hours is not None
    friday, monday = at("2026-11-20", "17:00"), at("2026-11-23", "08:00")
    assert opening(hours, friday, BERLIN) == Opening(True, at("2026-11-20", "18:00"))
    assert opening(hours, at("2026-11-20", "18:00"), BERLIN) == Opening(False, monday)
    always = read_hours("24/7")
    never = read_hours("off")
    assert always is not None
    assert never is not None
    assert opening(always, friday, BERLIN) == Opening(True)
    assert opening(never, friday, BERLIN) == Opening(False)


def test_hours_hold_by_the_clock_on_the_wall_when_it_is_changed() -> None:
    hours = read_hours("02:30-03:30")
    assert hours is not None
    begin, end = datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert intervals(hours, begin, end, BERLIN) == []  # 02:30 and 03:30 are the same moment
    begin, end = datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)
    ((start, stop),) = intervals(hours, begin, end, BERLIN)
    assert stop - start == timedelta(hours=2)  # the hour from two to three comes twice


minutes = st.integers(0, 24 * 60 - 1)
spans = st.tuples(minutes, st.integers(1, 24 * 60)).map(lambda one: (one[0], sum(one)))
weeks = st.tuples(*[st.lists(spans, max_size=3).map(tuple)] * 7).map(Hours)
moments = st.integers(0, 60_000).map(lambda hours: at("2024-01-01", "00:00") + hours * HOUR)
zones = st.sampled_from(ZONES).map(ZoneInfo)


def written(hours: Hours) -> str:
    """Return hours as people write them."""

    def clock(minute: int) -> str:
        return f"{minute // 60:02}:{minute % 60:02}"

    groups = []
    for day, open_spans in zip(DAYS, hours.week, strict=True):
        shown = ",".join(f"{clock(start)}-{clock(end)}" for start, end in open_spans)
        groups.append(f"{day.title()} {shown or 'off'}")
    return "; ".join(groups)


@given(weeks)
def test_what_is_written_is_read_back(hours: Hours) -> None:
    assert read_hours(written(hours)) == hours


@given(st.text(max_size=60) | st.text("MoTuWeFr 0123456789:-,;/of", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    hours = read_hours(text)
    assert hours is None or len(hours.week) == 7


@given(weeks, moments, st.integers(0, 400), zones)
def test_open_times_stand_apart_and_agree_with_the_moment(
    hours: Hours, since: datetime, span: int, zone: ZoneInfo
) -> None:
    until = since + timedelta(hours=span)
    found = intervals(hours, since, until, zone)
    assert all(since <= start < end <= until for start, end in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))
    for start, end in found:
        assert opening(hours, start, zone).now
        assert end == until or not opening(hours, end, zone).now


@given(weeks, moments, zones)
def test_a_calm_day_goes_by_the_clock_on_the_wall(
    hours: Hours, moment: datetime, zone: ZoneInfo
) -> None:
    local = moment.astimezone(zone)
    near = {(local + timedelta(days=days)).utcoffset() for days in (-3, -2, -1, 0, 1, 2)}
    if len(near) > 1:
        return  # around a change of the clocks the wall alone does not decide
    minute = local.hour * 60 + local.minute
    open_now = any(
        start <= minute + 1440 * back < end
        for back in (0, 1)
        for start, end in hours.week[(local.weekday() - back) % 7]
    )
    assert opening(hours, moment, zone).now is open_now


@given(weeks, moments, zones)
def test_the_next_change_is_one(hours: Hours, moment: datetime, zone: ZoneInfo) -> None:
    found = opening(hours, moment, zone)
    if found.changes_at is not None:
        assert found.changes_at > moment
        assert opening(hours, found.changes_at, zone).now is not found.now
