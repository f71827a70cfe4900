"""Charts as cells: rows of one width, what rises stands out, numbers where only ASCII shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.chart import Act, Bin, Chart, size_for
from crisisroom.tui.rows import cell_len
from crisisroom.tui.rows.chart import (
    GUTTER,
    Pen,
    act_row,
    axis,
    bar,
    columns,
    legend,
    shares,
    usual_words,
    widened,
)

START = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)
BERLIN = ZoneInfo("Europe/Berlin")


def chart(*counts: int, high: float | None = 1.5, size: timedelta = FIVE) -> Chart:
    low = None if high is None else 0.0
    bins = (Bin(START + size * at, n, n // 2, low, high) for at, n in enumerate(counts))
    return Chart(tuple(bins), size, 0 if high is None else 7)


@given(
    st.lists(st.integers(0, 99), min_size=1, max_size=60), st.booleans(), st.sampled_from([1, 2])
)
def test_every_row_is_as_wide_as_its_bins(counts: list[int], tinted: bool, cell: int) -> None:
    pen = Pen(UTC, tinted=tinted, height=3)
    for rows in (columns(chart(*counts), pen), shares(chart(*counts), pen)):
        assert len(rows) == 3
        for line in widened(rows, cell):
            assert cell_len(line.text) == GUTTER + cell * len(counts)


def test_what_rises_out_of_the_usual_is_filled_otherwise() -> None:
    *_, bottom = columns(chart(0, 1, 9), Pen(UTC))
    assert [cell.role for cell in bottom.cells[2:]] == ["band", "bar-band", "rise"]
    assert bottom.text.startswith("   usual ")
    assert columns(chart(9), Pen(UTC))[0].text.startswith("       9 ")


def test_without_history_there_is_no_floor_and_nothing_stands_out() -> None:
    rows = columns(chart(0, 9, high=None), Pen(UTC))
    assert {cell.role for row in rows for cell in row.cells} <= {"quiet", "text", "bar"}
    assert "usual" not in rows[-1].text
    assert usual_words(None) == "what is usual is not known yet"


@pytest.mark.parametrize(
    ("usual", "words"),
    [((0.0, 1.8), "usual 0 to 2"), ((3.2, 3.9), "usual 3 to 4"), ((0.0, 0.0), "usual 0")],
)
def test_what_is_usual_is_told_in_whole_mentions(usual: tuple[float, float], words: str) -> None:
    assert usual_words(usual) == words


def test_in_ascii_the_numbers_stand_there() -> None:
    rows = columns(chart(*range(14)), Pen(UTC, ascii_only=True))
    assert len(rows) == 2
    assert all(row.text.isascii() for row in rows)
    assert rows[1].text.split() == ["00:00", "12!", "13!"]
    assert shares(chart(4, 0), Pen(UTC, ascii_only=True))[0].text.split() == ["2/4", "-"]
    assert "".join(cell.text for cell in bar(0.01, 10, Pen(UTC, ascii_only=True))).strip() == "#"


def test_the_axis_names_hours_and_days_of_the_zone() -> None:
    hours = axis(chart(*[0] * 48), Pen(BERLIN)).text
    assert [hours.index(word) - GUTTER for word in ("00:00", "01:00", "02:00")] == [0, 12, 24]
    week = axis(chart(*[0] * 56, size=size_for(timedelta(days=7))), Pen(BERLIN)).text.split()
    assert week[:4] == ["22", "Nov", "23", "Nov"]


def test_acts_and_their_legend() -> None:
    placed = [(1, Act(START, "W", "early warning C-1")), (3, Act(START, "D", "INC-1 declared"))]
    assert act_row(placed, Pen(UTC)).text == " " * GUTTER + " W D"
    told = [line.text.split() for line in legend(placed, ["03:07", "03:10"], 1)]
    assert told == [["D", "03:10", "INC-1", "declared"], ["and", "1", "before", "them"]]


@given(st.floats(0, 1), st.integers(1, 40))
def test_bars_fill_their_columns(share: float, width: int) -> None:
    cells = bar(share, width, Pen(UTC))
    assert cell_len("".join(cell.text for cell in cells)) == width
    assert bool(cells[0].text.strip()) is (share > 0)
