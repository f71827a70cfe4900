"""Scales and charts: where moments stand, which of them are written, what has no room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crisisroom.report.html import chart
from crisisroom.report.html.acts import marked
from crisisroom.report.html.blocks import Act, Band, Bands, Bar, Volume
from crisisroom.report.html.pieces import Tone
from crisisroom.report.html.scale import Scale, nice

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 22, 2, 12, tzinfo=UTC)
moments = st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
spans = st.timedeltas(timedelta(minutes=1), timedelta(days=900))


@given(moments, spans, st.integers(2, 12))
def test_ticks_are_few_and_in_order(since: datetime, long: timedelta, most: int) -> None:
    scale = Scale(since, since + long, 40, 900)
    places = [tick.x for tick in scale.ticks(BERLIN, most)]
    assert len(places) <= most + 1
    assert places == sorted(places)
    assert all(40 <= x <= 900 for x in places)


def test_ticks_are_full_hours_of_the_zone_across_a_change_of_the_clock() -> None:
    since = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # half past midnight, an hour before winter
    labels = [
        tick.label for tick in Scale(since, since + timedelta(hours=6), 0, 100).ticks(BERLIN, 9)
    ]
    assert labels == ["01:00", "02:00", "03:00", "04:00", "05:00"]


@given(st.floats(0, 1e9, allow_nan=False))
def test_an_axis_ends_at_a_round_number(most: float) -> None:
    top = nice(most)
    assert most <= top <= max(1, most * 2)
    assert top <= max(10, most * 1.34)
    assert f"{top}".rstrip("0") in {"1", "12", "15", "2", "25", "3", "4", "5", "6", "8"}


@given(st.lists(st.integers(0, 600), min_size=1, max_size=40))
def test_pins_never_cover_one_another(minutes: list[int]) -> None:
    acts = tuple(
        Act(START + timedelta(minutes=one), "x", number, "")
        for number, one in enumerate(sorted(minutes), 1)
    )
    scale = Scale(START, START + timedelta(minutes=600), 40, 906)
    placed = chart.pins(acts, scale)
    for row in range(3):
        places = [pin.x for pin in placed if pin.row == row]
        assert all(after - before >= 20 for before, after in pairwise(places))
    numbers = [number for pin in placed for number in range(pin.first, pin.last + 1)]
    assert numbers == [*range(1, len(acts) + 1)]


@given(st.lists(st.sampled_from(["", "ok", "warn", "late"]), max_size=200))
def test_of_too_many_acts_the_turns_and_the_ends_are_marked(tones: list[Tone]) -> None:
    every = [Act(START + timedelta(minutes=n), "x", n, tone) for n, tone in enumerate(tones)]
    shown = marked(every)
    assert len(shown) <= max(30, len(every) if len(every) <= 30 else 0)
    assert [*shown] == sorted(shown, key=lambda act: act.at)
    assert {one.seq for one in (*every[:1], *every[-1:])} <= {one.seq for one in shown}
    turns = {act.seq for act in every if act.tone in ("warn", "late")}
    assert len(turns) > 28 or turns <= {act.seq for act in shown}


@given(st.lists(st.tuples(st.integers(0, 5000), st.none() | st.integers(0, 900)), min_size=1))
def test_bars_stay_inside_the_drawing(counts: list[tuple[int, int | None]]) -> None:
    hour = timedelta(hours=1)
    bars = tuple(
        Bar(START + hour * at, START + hour * (at + 1), many, bad, 3.0)
        for at, (many, bad) in enumerate(counts)
    )
    drawn = chart.volume(Volume("x", bars, (), START, bars[-1].end), BERLIN, chart.NARROW)
    assert drawn.width == chart.NARROW
    assert 100 < drawn.height < 400
    assert "-" not in drawn.body.replace("text-anchor", "").replace("stroke-", "").split("<path")[0]


def test_what_has_no_room_in_a_band_is_still_said() -> None:
    band = Band(START, START + timedelta(minutes=2), "a person with a long name", "mine")
    bands = Bands("x", (("Lead", (band,)),), START, START + timedelta(hours=5))
    body = chart.bands(bands, BERLIN, chart.WIDE).body
    assert "<title>a person with a long name, 2m</title>" in body
    assert ">a person" not in body.replace("<title>a person", "")
