"""The rota: everybody in turn, every minute somebody's, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.rota import Rotation, Shift, Swap, holding, shifts

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = 7 * 86400
wall = datetime.fromisoformat
ROTA = Rotation(("ada", "bo", "cy"), wall("2026-10-05 09:00"), WEEK)


def local(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def on_duty(rotation: Rotation, at: datetime, zone: ZoneInfo) -> Shift | None:
    """Return the shift at a moment, whole."""
    far = timedelta(days=32)
    return holding(shifts(rotation, at - far, at + far, zone), at)


def holder(rotation: Rotation, text: str) -> str:
    shift = on_duty(rotation, local(text), BERLIN)
    return shift.person if shift else ""


def test_people_take_turns_at_the_local_hour() -> None:
    assert holder(ROTA, "2026-10-05 08:59") == ""
    assert holder(ROTA, "2026-10-05 09:00") == "ada"
    assert holder(ROTA, "2026-10-12 08:59") == "ada"
    assert holder(ROTA, "2026-10-12 09:00") == "bo"
    assert holder(ROTA, "2026-10-26 08:59") == "cy"  # the clocks went back the day before
    assert holder(ROTA, "2026-10-26 09:00") == "ada"
    assert holder(ROTA, "2027-01-01 00:00") == "ada"


def test_a_shift_says_from_when_until_when() -> None:
    shift = on_duty(ROTA, local("2026-10-25 12:00"), BERLIN)
    assert shift == Shift("cy", local("2026-10-19 09:00"), local("2026-10-26 09:00"))
    assert shift.end - shift.start == timedelta(days=7, hours=1)


def test_a_swap_takes_its_time_out_of_a_turn() -> None:
    swap = Swap("dee", wall("2026-10-10"), wall("2026-10-12 18:00"))
    rota = Rotation(ROTA.people, ROTA.start, WEEK, (swap,))
    found = shifts(rota, local("2026-10-05 09:00"), local("2026-10-19 09:00"), BERLIN)
    assert found == (
        Shift("ada", local("2026-10-05 09:00"), local("2026-10-10 00:00")),
        Shift("dee", local("2026-10-10 00:00"), local("2026-10-12 18:00"), swap=True),
        Shift("bo", local("2026-10-12 18:00"), local("2026-10-19 09:00")),
    )


def test_a_swap_can_cover_what_nobody_has() -> None:
    swap = Swap("dee", wall("2026-09-01"), wall("2026-09-02"))
    assert holder(Rotation((), ROTA.start, WEEK, (swap,)), "2026-09-01 12:00") == "dee"
    assert holder(Rotation((), ROTA.start, WEEK, (swap,)), "2026-10-06 12:00") == ""


names = st.sampled_from(["ada", "bo", "cy", "dee"])
walls = st.integers(0, 2_000_000).map(
    lambda minutes: wall("2024-01-01") + timedelta(minutes=minutes)
)
zones = st.sampled_from(
    ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Beirut", "UTC"]
).map(ZoneInfo)
swaps = st.builds(
    lambda person, start, hours: Swap(person, start, start + timedelta(hours=hours)),
    names,
    walls,
    st.integers(1, 400),
)
rotations = st.builds(
    Rotation,
    st.lists(names, min_size=1, max_size=5).map(tuple),
    walls,
    st.sampled_from([3600, 8 * 3600, 12 * 3600, 86400, WEEK, 2 * WEEK, 5400]),
    st.lists(swaps, max_size=3).map(tuple),
)
moments = walls.map(lambda moment: moment.replace(tzinfo=UTC) + timedelta(days=100))


@given(rotations, moments, st.integers(1, 21 * 24), zones)
def test_no_gap_and_no_overlap(rota: Rotation, since: datetime, hours: int, zone: ZoneInfo) -> None:
    until = since + timedelta(hours=hours)
    found = shifts(rota, since, until, zone)
    assert all(since <= one.start < one.end <= until for one in found)
    begun = rota.start.replace(tzinfo=zone).astimezone(UTC)
    own = [one for one in found if one.start >= begun]
    assert all(before.end == after.start for before, after in pairwise(own))
    if begun <= since:
        assert (found[0].start, found[-1].end) == (since, until)


@given(rotations, moments, zones)
def test_a_moment_and_a_list_say_the_same(rota: Rotation, moment: datetime, zone: ZoneInfo) -> None:
    shift = on_duty(rota, moment, zone)
    listed = shifts(rota, moment, moment + timedelta(seconds=1), zone)
    assert (shift.person if shift else "") == (listed[0].person if listed else "")


@given(rotations, st.integers(0, 300), zones)
def test_everybody_has_the_turn_that_the_calendar_says(
    rota: Rotation, number: int, zone: ZoneInfo
) -> None:
    if rota.every % 86400 or rota.swaps:
        return
    middle = rota.start + timedelta(seconds=number * rota.every + rota.every // 2)
    shift = on_duty(rota, middle.replace(tzinfo=zone).astimezone(UTC), zone)
    assert shift is not None
    assert shift.person == rota.people[number % len(rota.people)]
