"""The cells of a screen: text lies where a terminal puts it, and a wide glyph is whole or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from term.drawn import Piece, pieces, put, texts
from term.emulated import Emulated, differences, repainted, sound

from crisisroom.term.glyphs import glyphs
from crisisroom.term.grid import JOINED, Grid
from crisisroom.term.style import PLAIN, styled, transition

RED = styled(PLAIN, "31")
WIDTH, HEIGHT = 14, 3


@given(st.lists(pieces(WIDTH, HEIGHT)), st.integers(0, 20), st.integers(0, 5))
def test_a_wide_glyph_is_whole_or_none(drawn: list[Piece], width: int, height: int) -> None:
    grid = put(Grid(WIDTH, HEIGHT), drawn)
    assert sound(grid)
    assert sound(grid.resized(width, height))


@given(st.lists(pieces(WIDTH, HEIGHT)))
def test_text_lies_where_a_terminal_puts_it(drawn: list[Piece]) -> None:
    terminal = Emulated(WIDTH, HEIGHT)
    fits = [one for one in drawn if one[0] + sum(w for _, w in glyphs(one[2])) <= WIDTH]
    for x, y, text, style in fits:
        terminal.feed(f"\x1b[{y + 1};{x + 1}H{transition(None, style)}{text}")
    shown = repainted(put(Grid(WIDTH, HEIGHT), fits))
    assert not differences(shown.cells(), terminal.cells())


@given(st.integers(0, WIDTH + 2), texts())
def test_put_returns_the_column_behind_the_text(x: int, text: str) -> None:
    end = Grid(WIDTH, 1).put(x, 0, text, PLAIN)
    assert end == min(WIDTH, x + sum(width for _, width in glyphs(text)))


def test_what_does_not_fit_is_dropped() -> None:
    grid = Grid(4, 1)
    grid.put(2, 0, "abcd", PLAIN)
    assert grid.text() == ["  ab"]
    grid.put(1, 0, "x\u65e5\u672c", PLAIN)
    assert grid.text() == [" x\u65e5"]
    grid.put(3, 0, "\u672c", PLAIN)
    assert grid.text() == [" x  "]


def test_half_a_glyph_becomes_a_blank_in_its_own_style() -> None:
    grid = Grid(4, 1)
    grid.put(0, 0, "\u65e5\u672c", RED)
    grid.put(1, 0, "ab", PLAIN)
    assert grid.text() == [" ab "]
    assert grid.rows[0][0][1] is RED
    assert grid.rows[0][3][1] is RED


def test_marks_join_the_glyph_before_them_and_are_not_without_end() -> None:
    grid = Grid(4, 1)
    grid.put(0, 0, "\u65e5e", PLAIN)
    grid.put(3, 0, "\u0301x", PLAIN)
    assert grid.text() == ["\u65e5e\u0301x"]
    for _ in range(100):
        grid.put(2, 0, "\u0301", PLAIN)
    assert grid.rows[0][1][0] == ""
    assert len(grid.rows[0][0][0]) == JOINED


def test_a_mark_before_everything_is_nothing() -> None:
    grid = Grid(2, 1)
    grid.put(0, 0, "\u0301a", PLAIN)
    assert grid.text() == ["a "]


@given(st.integers(-3, 9), st.integers(-2, 5), st.integers(0, 20))
def test_erasing_blanks_the_rest_of_a_row(x: int, y: int, end: int) -> None:
    grid = Grid(6, 2)
    for row in range(2):
        grid.put(0, row, "\u65e5\u672c\u8a9e", RED)
    grid.erase(max(x, 0), y, 6, PLAIN)
    assert sound(grid)
    if 0 <= y < 2 and 0 <= x < 6:
        assert grid.text()[y][-(6 - x) :] == " " * (6 - x)
    elif not 0 <= y < 2:
        assert grid.text() == ["\u65e5\u672c\u8a9e"] * 2


@pytest.mark.parametrize(
    ("top", "bottom", "rows", "text"),
    [
        (0, 4, 1, "bcd "),
        (0, 4, -1, " abc"),
        (1, 3, 1, "ac d"),
        (1, 4, -2, "a  b"),
        (0, 4, 4, "    "),
        (1, 3, -2, "a  d"),
    ],
)
def test_scrolling_moves_rows_and_brings_blank_ones(
    top: int, bottom: int, rows: int, text: str
) -> None:
    grid = Grid(1, 4)
    for y, letter in enumerate("abcd"):
        grid.put(0, y, letter, RED)
    grid.scroll(top, bottom, rows)
    assert "".join(grid.text()) == text
    assert sound(grid)
