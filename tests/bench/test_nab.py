"""The benchmark's scorer: what silence, perfection and a late detection are worth."""

from __future__ import annotations

import pytest
from bench.nab import PROFILES, at_threshold, best_threshold, left_out, points, worths

WINDOWS = [(2000, 2100), (3000, 3100)]


def _scores(*rows: int) -> list[float]:
    return [0.9 if row in rows else 0.1 for row in range(5000)]


@pytest.mark.parametrize("profile", PROFILES)
def test_silence_is_0_and_the_first_row_of_each_window_is_100(profile: str) -> None:
    found = points("a", _scores(2000, 3000), WINDOWS)
    assert at_threshold(found, 2, profile, 1.1) == 0
    assert at_threshold(found, 2, profile, 0.5) == pytest.approx(100)
    threshold, score = best_threshold(found, 2, profile)
    assert (threshold, score) == pytest.approx((0.9, 100))


def test_later_is_worth_less_and_a_false_alarm_costs() -> None:
    middle = at_threshold(points("a", _scores(2050, 3050), WINDOWS), 2, "standard", 0.5)
    assert 85 < middle < 95
    false = at_threshold(points("a", _scores(2000, 3000, 4500), WINDOWS), 2, "standard", 0.5)
    assert false == pytest.approx(100 - 0.11 / 2 / 2 * 100)
    low = at_threshold(points("a", _scores(2000, 3000, 4500), WINDOWS), 2, "reward_low_FP", 0.5)
    assert low == pytest.approx(100 - 0.22 / 2 / 2 * 100)


def test_the_first_rows_are_not_scored() -> None:
    found = worths(5000, WINDOWS)
    assert found[749] is None
    assert found[750] == (-1.0, -1)
    assert found[2101] is not None
    assert -0.1 < found[2101][0] < 0.0  # right after a window it costs next to nothing


def test_a_threshold_chosen_elsewhere() -> None:
    files = {name: (points(name, _scores(2000, 3000), WINDOWS), 2) for name in ("a", "b")}
    assert left_out(files, "standard") == pytest.approx(100)
