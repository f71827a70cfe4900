"""Figures across incidents: what is usual, what is worst, and nothing made of too few."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from report.builders import START, night

from crisisroom.report.figures.catalogue import FIGURES
from crisisroom.report.metrics import Metric, MetricState, metrics
from crisisroom.report.stats import Across, Case, across


def case(number: int, *figures: Metric, day: int = 0) -> Case:
    return Case(
        id=f"INC-{number}",
        uid=f"u{number}",
        title="x",
        declared_at=START + timedelta(days=day),
        drill=False,
        metrics=figures,
    )


def took(seconds: int | None, state: MetricState = "recorded") -> Metric:
    label = FIGURES["time_to_declare"].label
    return Metric(id="time_to_declare", label=label, state=state, seconds=seconds)


def share(met: int, of: int, name: str = "tasks_on_time") -> Metric:
    unit = FIGURES[name].unit
    return Metric(id=name, label=name, state="recorded", unit=unit, met=met, of=of)


def only(cases: list[Case], earlier: list[Case] | None = None) -> Across:
    [found] = across(cases, earlier or [])
    return found


def test_percentiles_are_values_that_happened() -> None:
    found = only([case(number, took(60 * number)) for number in range(1, 11)])
    assert (found.n, found.median, found.p90) == (10, 300, 540)
    assert found.worst is not None
    assert (found.worst.incident, found.worst.value) == ("INC-10", 600)
    assert (found.note, found.trend) == ("", None)


def test_of_a_few_it_says_so() -> None:
    two = only([case(1, took(60)), case(2, took(600))])
    assert (two.n, two.median, two.p90) == (2, None, None)
    assert two.note == "2 incidents: no percentiles"
    assert two.worst is not None
    assert two.worst.incident == "INC-2"
    assert only([case(1, took(60))]).note == "1 incident: no percentiles"
    none = only([case(1, took(None, "not applicable"))])
    assert (none.n, none.worst, none.note) == (0, None, "no incident has it")


def test_what_was_not_recorded_is_no_zero() -> None:
    found = only(
        [
            *(case(number, took(600)) for number in range(3)),
            case(4, took(None, "not applicable")),
            case(5, took(None, "pending")),
            case(6, took(None, "invalid")),
        ]
    )
    assert (found.n, found.median) == (3, 600)
    assert (found.not_applicable, found.pending, found.invalid) == (1, 1, 1)


def test_an_incident_counts_once_however_often_it_came() -> None:
    assert only([case(1, took(60)), case(1, took(60)), case(2, took(90))]).n == 2


def test_a_share_is_in_percent_and_the_worst_is_the_least() -> None:
    found = only([case(1, share(1, 3)), case(2, share(2, 3)), case(3, share(3, 3))])
    assert (found.unit, found.median, found.p90) == ("share", 67, 33)
    assert found.worst is not None
    assert (found.worst.incident, found.worst.value) == ("INC-1", 33)
    assert (found.met, found.of) == (6, 9)


def test_a_count_is_itself() -> None:
    loud = [case(n, share(posts, 900, "peak_hour")) for n, posts in enumerate((40, 400, 90))]
    found = only(loud)
    assert (found.unit, found.median, found.worst and found.worst.value) == ("count", 90, 400)


def test_the_trend_is_against_the_span_before() -> None:
    slow = [case(number, took(600)) for number in range(3)]
    fast = [case(number, took(60)) for number in range(10, 13)]
    assert only(fast, slow).trend == "better"
    assert only(slow, fast).trend == "worse"
    assert only(slow, slow).trend == "same"
    assert (only(fast, slow).before, only(fast, slow).before_n) == (600, 3)
    assert only(fast, slow[:2]).trend is None, "two are no measure"
    more = [case(number, share(1, 2)) for number in range(3)]
    less = [case(number, share(1, 4)) for number in range(3)]
    assert only(more, less).trend == "better"


def test_the_figures_of_real_incidents_in_their_order() -> None:
    whole = metrics(night().record)
    found = across([case(1, *whole), case(2, *whole)])
    assert [one.id for one in found] == [*FIGURES]
    assert {one.n for one in found} == {0, 2}


VALUES = st.lists(st.integers(0, 10**6), max_size=40)


@given(VALUES)
def test_the_middle_lies_between_the_ends(values: list[int]) -> None:
    cases = [case(number, took(value)) for number, value in enumerate(values)]
    if not cases:
        assert across(cases) == ()
        return
    found = only(cases)
    assert found.n == len(values)
    assert found.worst is not None
    assert found.worst.value == max(values)
    if len(values) >= 3:
        assert found.median in values
        assert found.p90 in values
        assert found.median <= found.p90 <= found.worst.value
        assert sum(value <= found.p90 for value in values) * 10 >= len(values) * 9
