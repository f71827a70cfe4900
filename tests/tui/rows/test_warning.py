"""Early warnings in the status: the corner where no clock is near, else a place of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from core.night import Night
from msgspec.structs import replace
from tui.test_warned_news import NOW, ONE, TWO

from crisisroom.core.clocks import clocks
from crisisroom.tui.rows import cell_len
from crisisroom.tui.rows.status import status_rows
from crisisroom.tui.rows.warning import list_row
from crisisroom.tui.situation import Situation


def calm(minutes: float = 1, **more: object) -> Situation:
    return Situation(NOW + timedelta(minutes=minutes), "ada", warnings=(ONE,), **more)  # type: ignore[arg-type]


def lines(know: Situation, width: int) -> list[str]:
    right = 48 if width == 120 else 60
    return [row.text.rstrip() for row in status_rows(know, width, right=right)]


def during(night: Night, *, at: datetime | None = None) -> Situation:
    state = night.state
    warned = replace(ONE, at=at or night.now - timedelta(minutes=3))
    found = clocks(state, night.now)
    return Situation(night.now, "ada", incident=state, clocks=found, warnings=(warned,))


@pytest.mark.parametrize("width", [80, 120, 160])
def test_without_clocks_it_fills_the_corner(width: int) -> None:
    above, below = lines(calm(), width)
    assert below.startswith("  waits 1m   early warning C-1")
    assert below.endswith("9 in 20 min, usual 0.4")
    corner = status_rows(calm(), width)[1].cells[1]
    assert (corner.role, cell_len(corner.text)) == ("near", 10)
    assert ("1 waiting" in above) is (width >= 120)


def test_a_new_one_and_several_are_told_so() -> None:
    assert lines(calm(0), 80)[1].startswith("  new        early warning C-1")
    several = Situation(NOW, "ada", warnings=(TWO, ONE))
    assert "early warning C-1 +1" in lines(several, 80)[1]


def test_whoever_watches_it_has_taken_it() -> None:
    watched = Situation(NOW, "ada", warnings=(replace(ONE, state="watched"),))
    assert "warning" not in lines(watched, 120)[1]


def test_a_near_clock_keeps_the_corner() -> None:
    night = Night()
    night.look(16)
    for width in (80, 120):
        above, below = lines(during(night), width)
        assert "late" in below[:13] or "call" in below[:13] or "in " in below[:13]
        assert "warning 3m" in f"{above} {below}"


def test_where_no_clock_is_near_the_warning_takes_it_and_the_clocks_stay() -> None:
    night = Night()
    night.done("pause", 1)
    know = during(night)
    far = tuple(replace(one, state="ok") for one in know.clocks)
    know = Situation(know.now, "ada", incident=know.incident, clocks=far, warnings=know.warnings)
    below = lines(know, 80)[1]
    assert below.startswith("  waits 3m   warning C-1")
    assert "update 29m" in below


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_it_never_makes_the_lines_longer(width: int) -> None:
    night = Night()
    night.fact("data", "yes", 1)
    night.fact("aware", "2026-11-20T22:00:00.000Z", 1)
    for minute in (2, 16, 300):
        night.look(minute)
        know = during(night, at=night.now - timedelta(hours=31))
        assert all(cell_len(line) <= width for line in lines(know, width))


@pytest.mark.parametrize("width", [78, 118])
def test_a_line_of_the_list_fits(width: int) -> None:
    told = [
        ONE,
        replace(ONE, state="watched", decided_by="ada"),
        replace(ONE, state="dismissed", decided_by="ada", decision="our launch"),
        replace(ONE, state="declared", incident="INC-7"),
        replace(ONE, state="ended", reason="x" * 200),
    ]
    for one in told:
        line = list_row(one, calm(), width)
        assert cell_len(line.text) <= width
        assert line.at == "warning:C-1"
    assert "INC-7" in list_row(told[3], calm(), width).text
