"""Rows that only moved are found, whatever stands beside them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from term.drawn import changed, grids

from crisisroom.term.grid import Grid
from crisisroom.term.scrolling import Scroll, scrolls
from crisisroom.term.style import PLAIN


def page(rows: list[str]) -> Grid:
    grid = Grid(max(map(len, rows)), len(rows))
    for y, row in enumerate(rows):
        grid.put(0, y, row, PLAIN)
    return grid


def found(before: list[str], after: list[str]) -> list[Scroll]:
    shown, wanted = page(before), page(after)
    different = [y for y, row in enumerate(wanted.rows) if row != shown.rows[y]]
    return list(scrolls(shown, wanted, different))


NUMBERS = [f"row {number}" for number in range(10)]


def test_a_list_that_moved_up_or_down() -> None:
    assert found(NUMBERS, [*NUMBERS[2:], "new 1", "new 2"])[0] == Scroll(0, 10, 2)
    assert found(NUMBERS, ["new 1", *NUMBERS[:-1]])[0] == Scroll(0, 10, -1)


def test_a_part_of_the_screen() -> None:
    after = [*NUMBERS[:3], *NUMBERS[4:8], "new", *NUMBERS[8:]]
    assert found(NUMBERS, after)[0] == Scroll(3, 8, 1)


def test_beside_what_stood_still() -> None:
    words = ["one", "two", "six", "ten", "red", "blue", "pink", "gold", "grey", "teal"]
    before = [f"{9 - number} | {word}" for number, word in enumerate(words)]
    after = [f"{9 - number} | {word}" for number, word in enumerate([*words[1:], "last"])]
    assert found(before, after)[0] == Scroll(0, 10, 1)


def test_blank_rows_came_from_nowhere() -> None:
    assert found(["     "] * 6, ["abcde"] * 3 + ["     "] * 3) == []


def test_two_rows_are_too_few() -> None:
    assert found(["a1", "b2", "c3"], ["b2", "c3", "d4"]) == []


@given(grids(12, 6).flatmap(lambda one: st.tuples(st.just(one), changed(one))))
def test_every_scroll_found_is_inside_the_screen(drawn: tuple[Grid, Grid]) -> None:
    shown, wanted = drawn
    different = [y for y, row in enumerate(wanted.rows) if row != shown.rows[y]]
    for scroll in scrolls(shown, wanted, different):
        assert 0 <= scroll.top < scroll.bottom <= 6
        assert 0 < abs(scroll.rows) < scroll.bottom - scroll.top
