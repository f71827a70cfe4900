"""Long rows: nothing is lost, nothing is wider than the screen, what follows is indented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisroom.tui.rows import Cell, Row, cell_len, gap, row
from crisisroom.tui.rows.hanging import hanging, hung, two_columns

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z", "M")), max_size=60)
CELLS = st.lists(st.tuples(WORDS, st.sampled_from(["text", "quiet", "bold"])), max_size=6)


@given(CELLS, st.integers(0, 8), st.integers(20, 100))
def test_nothing_is_lost_and_all_of_it_fits(
    parts: list[tuple[str, str]], indent: int, width: int
) -> None:
    line = row(gap(indent), *(Cell(f"{text} ", role) for text, role in parts))
    rows = hanging(line, width)
    assert "".join("".join(one.text.split()) for one in rows) == "".join(line.text.split())
    assert all(cell_len(one.text.rstrip()) <= width for one in rows)


def test_what_follows_begins_where_the_words_began() -> None:
    line = row(gap(3), Cell("Resolve INC-1?", "focus"), Cell("   its clocks stop now", "quiet"))
    assert [one.text.rstrip() for one in hanging(line, 24)] == [
        "   Resolve INC-1?   its",
        "   clocks stop now",
    ]
    roles = [cell.role for cell in hanging(line, 24)[1].cells if cell.text.strip()]
    assert set(roles) == {"quiet"}


def test_short_rows_stay_as_they_are() -> None:
    lines = [row(gap(3), Cell("short")), Row()]
    assert hung(lines, 80) == lines


@given(WORDS, WORDS, st.integers(30, 120), st.integers(0, 90), st.integers(0, 90))
def test_two_columns_fit_side_by_side(
    name: str, rest: str, width: int, names: int, rests: int
) -> None:
    longest = (max(names, cell_len(name)), max(rests, cell_len(rest)))
    rows = two_columns(Cell(" 1 "), Cell(name), Cell(rest, "quiet"), width, longest)
    assert all(cell_len(one.text.rstrip()) <= width for one in rows)
    shown = "".join("".join(one.text.split()) for one in rows)
    assert sorted(shown) == sorted("1" + name + rest)


def test_a_long_rest_hangs_under_its_column() -> None:
    rest = Cell("Data is out, and people have to protect themselves", "quiet")
    rows = two_columns(Cell(" 1 ", "quiet"), Cell("SEV1"), rest, 40, (4, 50))
    assert [one.text.rstrip() for one in rows] == [
        " 1 SEV1   Data is out, and people have",
        "          to protect themselves",
    ]


def test_long_names_take_what_the_rest_leaves() -> None:
    rows = two_columns(Cell(" 1 "), Cell("since when we know"), Cell("unknown"), 40, (18, 7))
    assert [one.text.rstrip() for one in rows] == [" 1 since when we know   unknown"]
