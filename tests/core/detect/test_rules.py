"""The rules over counts: the exact tail, the two scales, the bar that rises, the scores."""

from __future__ import annotations

from math import comb, log10, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.detect.budget import Budget
from crisisroom.core.detect.cold import GUARD, Rate
from crisisroom.core.detect.counts import SPEAKS, Counts, Scored, scores
from crisisroom.core.detect.rule import Rule
from crisisroom.core.detect.tail import surprise
from crisisroom.core.detect.twoscale import TwoScale

DAY = 86_400
COUNTS = st.lists(st.integers(0, 400), min_size=1, max_size=400)


# --- the tail -----------------------------------------------------------------------------------


@given(count=st.integers(1, 60), mean=st.floats(0.01, 40), shape=st.integers(1, 12))
def test_the_tail_is_that_of_the_negative_binomial(count: int, mean: float, shape: int) -> None:
    success = mean / (mean + shape)
    below = sum(
        comb(at + shape - 1, at) * (1 - success) ** shape * success**at for at in range(count)
    )
    exact = 1 - below
    if exact > 1e-9:  # below, the plain sum has no digits left
        assert surprise(count, mean, float(shape)) == pytest.approx(-log10(exact), abs=1e-5)


def test_a_wide_rate_is_surprised_less() -> None:
    assert surprise(12, 2.0, 1.0) < surprise(12, 2.0, 8.0) < surprise(12, 2.0, 1e6)
    assert surprise(12, 2.0, 1e6) == pytest.approx(5.87, abs=0.02)  # as good as Poisson
    assert surprise(0, 2.0, 1.0) == 0.0
    assert surprise(100_000, 1.0, 1.0) > 10_000  # far out it stays a number


# --- the rate from nothing ----------------------------------------------------------------------


def test_nothing_known_is_one_an_hour_and_silence_lowers_it() -> None:
    rate = Rate()
    assert rate.expected(60) == pytest.approx(1.0)
    for _ in range(300):
        rate.pass_minute(0)
    assert 0.15 < rate.expected(60) < 0.25
    known = rate.expected(60)
    for _ in range(300):
        rate.pass_minute(-1)
    assert rate.expected(60) == known  # nobody listened: nothing learnt


def test_history_brings_its_own_time() -> None:
    rate = Rate()
    for day in range(1, 8):
        rate.late(day * 1440 + GUARD)
    assert rate.expected(1440) < 2.5  # seven in seven days, and the prior


# --- two scales ---------------------------------------------------------------------------------


@given(COUNTS)
def test_two_scales_are_those_of_the_definition(counts: list[int]) -> None:
    model = TwoScale()
    mean = variance = 0.0
    for at, count in enumerate(counts):
        short = sum(counts[max(0, at - 2) : at + 1])
        total = sum(counts[max(0, at - 47) : at + 1])
        found = model.scales(count, 0 if at == 0 else (at * 37) % 288)
        assert found[0].observed == short
        assert found[1].observed == total
        if at == 0:
            assert found[0].score == short / sqrt(1.0)
        model.train(count, (at * 37) % 288)
        first = 1 / (at + 2)
        if at == 0:
            variance += first * (short - mean) ** 2
            mean += first * short
            assert model.mean == mean
            assert model.usual(1)[1] == pytest.approx(sqrt(max(variance, mean, 1.0)), rel=0.7)


def test_the_time_of_day_is_learnt() -> None:
    model = TwoScale()
    for day in range(20):
        for slot in range(288):
            model.train(50 if 96 <= slot < 192 else 2, slot)
        assert day >= 0
    assert model.usual(140)[0] > 2 * model.usual(20)[0]


@given(COUNTS, st.integers(0, 400))
def test_its_state_is_its_dump(counts: list[int], more: int) -> None:
    one, other = TwoScale(), TwoScale()
    for at, count in enumerate(counts):
        one.train(count, at % 288)
    other.restore(one.dump())
    slot = len(counts) % 288
    assert one.scales(more, slot) == other.scales(more, slot)
    one.train(more, slot)
    other.train(more, slot)
    assert one.dump() == other.dump()


# --- the bar ------------------------------------------------------------------------------------


def test_each_warning_raises_the_bar_and_time_lowers_it() -> None:
    budget = Budget()
    assert budget.bar(0.35, 0.0) == 1.0
    budget.spoke(2.0, 0.0)
    budget.spoke(2.0, 0.0)
    assert budget.bar(0.35, 0.0) == pytest.approx(1.7)
    assert budget.bar(0.35, 28 * DAY) == pytest.approx(1.35)


def test_what_was_told_is_quiet_unless_it_grows() -> None:
    budget = Budget()
    budget.spoke(2.0, 0.0)
    assert not budget.speaks(5.9, 3600, DAY, 3.0)
    assert budget.speaks(6.1, 3600, DAY, 3.0)
    assert budget.speaks(1.1, DAY, DAY, 3.0)


# --- scores -------------------------------------------------------------------------------------


def _run(counts: list[int], bucket: int = 300, rule: Rule | None = None) -> list[Scored]:
    return list(
        scores(((at * bucket, count) for at, count in enumerate(counts)), rule or Rule(), bucket)
    )


def _week(bucket: int) -> list[int]:
    """Fourteen quiet days in rows of this length: 10 in five minutes by day, 2 by night."""
    per_day = DAY // bucket
    part = bucket / 300
    day = [round(part * (10 if per_day / 3 <= at < per_day else 2)) for at in range(per_day)]
    return day * 14


@given(COUNTS, st.integers(1, 399))
def test_a_score_is_by_this_row_and_earlier_ones(counts: list[int], cut: int) -> None:
    assert _run(counts)[:cut] == _run(counts[:cut])


@given(COUNTS)
def test_scores_are_from_0_to_1_and_warnings_are_those_from_a_half(counts: list[int]) -> None:
    for one in _run(counts):
        assert 0.0 <= one.score <= 1.0
        assert (one.score >= SPEAKS) == one.warns


@pytest.mark.parametrize("bucket", [60, 300, 900, 3600])
def test_a_spike_is_told_once_whatever_the_spacing(bucket: int) -> None:
    usual = _week(bucket)
    spike = usual[-1] * 12 + 20
    found = _run([*usual, *[spike] * max(2, 7200 // bucket)], bucket)
    learnt = 3 * DAY // bucket  # before, it does not know day from night
    warned = [at for at, one in enumerate(found) if one.warns and at >= learnt]
    assert warned[0] >= len(usual)  # the quiet days said nothing
    assert warned[0] <= len(usual) + max(1, 900 // bucket)
    assert sum(found[at].warns and not found[at].escalates for at in warned) == 1


def test_a_stronger_spike_has_no_lower_score() -> None:
    usual = _week(300)
    found = [_run([*usual, height])[-1].score for height in (20, 60, 150, 600, 6000)]
    assert found == sorted(found)
    assert found[0] < SPEAKS <= found[-1]


def test_the_quiet_holds_the_next_day_and_three_times_as_high_breaks_it() -> None:
    usual = _week(300)
    quiet = [*usual, *[150] * 3, *usual[:100]]
    again = _run([*quiet, *[150] * 3])
    assert not any(one.warns for one in again[-3:])
    assert all(one.score < 0.2 for one in again[-3:])
    worse = _run([*quiet, *[3000] * 3])
    assert any(one.escalates for one in worse[-3:])


def test_rows_further_apart_than_the_quiet_still_warn() -> None:
    series = Counts(Rule(quiet=60), DAY)
    for day in range(30):
        series.score(10, day * DAY)
    assert series.score(400, 30 * DAY).warns
