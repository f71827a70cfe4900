"""What is written between two screens makes the one the other, on a terminal of others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from term.drawn import changed, grids
from term.emulated import Emulated, differences, repainted

from crisisroom.term.difference import difference
from crisisroom.term.facts import Facts
from crisisroom.term.grid import Grid
from crisisroom.term.pen import Pen
from crisisroom.term.style import PLAIN, styled

WIDTH, HEIGHT = 30, 8
KINDS = (
    Facts(),
    Facts(fills=False),
    Facts(fills=False, ends_attributes=False),
    Facts(fills=False, ends_attributes=False, scrolls=False),
)
BLUE = styled(PLAIN, "44")
pairs = grids(WIDTH, HEIGHT).flatmap(lambda one: st.tuples(st.just(one), changed(one)))


def copied(grid: Grid) -> Grid:
    return grid.resized(grid.width, grid.height)


def written(shown: Grid, wanted: Grid, facts: Facts = KINDS[0]) -> str:
    pen = Pen(wanted.width, wanted.height, facts)
    difference(copied(shown), wanted, facts, pen)
    return pen.taken()


@given(pairs, st.sampled_from(KINDS))
def test_the_terminal_shows_what_is_wanted(drawn: tuple[Grid, Grid], facts: Facts) -> None:
    shown, wanted = drawn
    before, pen = copied(shown), Pen(WIDTH, HEIGHT, facts)
    terminal = Emulated(WIDTH, HEIGHT, fills=facts.fills)
    difference(Grid(WIDTH, HEIGHT), before, facts, pen)
    terminal.feed(pen.taken())
    difference(shown, wanted, facts, pen)
    terminal.feed(pen.taken())
    right = repainted(wanted)
    assert not differences(terminal.seen(), right.seen())
    if facts.fills:
        assert not differences(terminal.cells(), right.cells())
    assert shown.rows == wanted.rows, "what is shown is known"
    assert before.rows == drawn[0].rows or before.rows != wanted.rows


@given(grids(WIDTH, HEIGHT), st.sampled_from(KINDS))
def test_nothing_is_written_where_nothing_changed(grid: Grid, facts: Facts) -> None:
    assert written(grid, copied(grid), facts) == ""


@given(pairs)
def test_the_wanted_screen_is_left_alone(drawn: tuple[Grid, Grid]) -> None:
    shown, wanted = drawn
    kept = copied(wanted)
    pen = Pen(WIDTH, HEIGHT, Facts())
    difference(shown, wanted, Facts(), pen)
    assert wanted.rows == kept.rows
    shown.put(0, 0, "XYZ", PLAIN)
    assert wanted.rows == kept.rows, "the two share no row"


def test_a_terminal_that_does_not_fill_is_told_no_blanks_in_colour() -> None:
    plain, blue = Grid(WIDTH, HEIGHT), Grid(WIDTH, HEIGHT, BLUE.cells[" "])
    assert "\x1b[K" in written(plain, blue, Facts())
    assert "\x1b[K" not in written(plain, blue, Facts(fills=False))
    assert "\x1b[K" in written(blue, plain, Facts(fills=False))


def page(*rows: str) -> Grid:
    grid = Grid(60, len(rows))
    for y, row in enumerate(rows):
        grid.put(0, y, row, PLAIN)
    return grid


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "x", "\x1b[H\x1b[mx"),
        ("abc", "abd", "\x1b[;3H\x1b[md"),
        ("abc def", "xbc dex", "\x1b[H\x1b[mxbc dex"),  # near: writing on is shorter than going
        ("a long line of words here", "", "\x1b[H\x1b[m\x1b[K"),
        ("a long line of words here", "short", "\x1b[H\x1b[mshort\x1b[K"),
        ("one", "one\u65e5", "\x1b[;4H\x1b[m\u65e5"),
        ("\u65e5\u672c", "\u65e5\u8a9e", "\x1b[;3H\x1b[m\u8a9e"),
    ],
)
def test_what_is_written(before: str, after: str, told: str) -> None:
    assert written(page(before), page(after)) == told


def test_rows_that_moved_are_not_written_again() -> None:
    rows = [f"a row of some words, the {number}th of them" for number in range(20)]
    told = written(page(*rows), page(*rows[1:], "the last"))
    assert len(told) < 40
    assert "the 7th" not in told
    told = written(page(*rows), page("the first", *rows[:-1]))
    assert "\x1bM" in told
    assert len(told) < 40


def test_no_regions_where_a_terminal_has_none() -> None:
    rows = [f"a row of some words, the {number}th of them" for number in range(20)]
    told = written(page(*rows), page(*rows[1:], "the last"), KINDS[3])
    assert "r" not in told.replace("row", "").replace("words", "") or "\x1b[r" not in told
    assert "\x1bM" not in told


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def test_behind_a_disputed_glyph_the_next_place_is_said() -> None:
    told = written(page("1"), page(f"1{FAMILY} told"))
    assert f"  \b\b{FAMILY}\x1b[4G told" in told


def test_the_letters_of_a_flag_are_written_together() -> None:
    assert "\U0001f1e9\U0001f1ea\x1b[" in written(page(""), page("\U0001f1e9\U0001f1ea x"))


def test_a_disputed_glyph_that_goes_takes_what_it_spilt_with_it() -> None:
    told = written(page(f"{FAMILY} same words"), page("ab same words"))
    assert "same words" in told
