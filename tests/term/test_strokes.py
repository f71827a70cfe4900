"""Strokes: the pen's work in pieces that can change their order and still paint the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from term.drawn import grids
from term.emulated import Emulated, differences, repainted

from crisisroom.term.difference import difference
from crisisroom.term.facts import Facts
from crisisroom.term.grid import Grid
from crisisroom.term.pen import Pen
from crisisroom.term.strokes import WIPED, by_style, strokes
from crisisroom.term.style import PLAIN, Style, styled

RED, BLUE = styled(PLAIN, "31"), styled(PLAIN, "44")
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
HINDI = "\u0937\u093f"  # a letter, and a sign to which some terminals give a cell


@given(grids(20, 5), st.booleans(), st.sampled_from([None, PLAIN, RED]))
def test_strokes_paint_the_grid_in_either_order(
    grid: Grid, grouped: bool, first: Style | None
) -> None:
    rows = [list(strokes(row, 0, y, Facts())) for y, row in enumerate(grid.rows)]
    every = by_style(rows, first) if grouped else [one for row in rows for one in row]
    assert sorted(map(id, every)) == sorted(id(one) for row in rows for one in row)
    pen, terminal = Pen(20, 5, Facts()), Emulated(20, 5)
    for stroke in every:
        stroke.draw(pen)
    terminal.feed(pen.taken())
    assert not differences(terminal.cells(), repainted(grid).cells())


def drawn(text: str) -> str:
    grid, pen = Grid(30, 1), Pen(30, 1, Facts())
    grid.put(0, 0, text, PLAIN)
    for stroke in strokes(grid.rows[0][: len(text)], 0, 0, Facts()):
        stroke.draw(pen)
    return pen.taken()


def test_styles_are_told_once_each_and_the_one_worn_first() -> None:
    grid = Grid(4, 3)
    for y in range(3):
        grid.put(0, y, "ab", RED)
        grid.put(2, y, "cd", BLUE)
    rows = [list(strokes(row, 0, y, Facts())) for y, row in enumerate(grid.rows)]
    assert [one.style for one in by_style(rows, BLUE)] == [BLUE] * 3 + [RED] * 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"a{FAMILY}b c", f"a  \b\b{FAMILY}\x1b[4Gb c"),
        # a letter takes its word and the next along, up to where columns may be
        (f"a{HINDI}b c   d", f"a       \x1b[2G{HINDI}b c\x1b[9Gd"),
        (f"{HINDI}{HINDI} c", f"    \r{HINDI}{HINDI} c"),
    ],
)
def test_behind_what_is_disputed_the_next_place_is_said(text: str, told: str) -> None:
    assert told in drawn(text)


def test_a_row_with_a_letter_that_is_disputed_is_written_from_there() -> None:
    shown, wanted, pen = Grid(30, 1), Grid(30, 1), Pen(30, 1, Facts())
    shown.put(0, 0, f"one {HINDI} two three", PLAIN)
    wanted.put(0, 0, f"one {HINDI} two other", PLAIN)
    difference(shown, wanted, Facts(), pen)
    assert f"{HINDI} two other" in pen.taken()


def test_many_blanks_amid_a_row_are_wiped() -> None:
    blanks = " " * WIPED
    told = f"a\x1b[{WIPED}X\x1b[{WIPED + 2}Gb\x1b[{WIPED}X"
    assert drawn(f"a{blanks}b{blanks}").endswith(told)
    assert drawn(f"a{blanks[1:]}b").endswith(f"a{blanks[1:]}b")
