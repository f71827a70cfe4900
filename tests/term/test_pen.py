"""The pen: wherever it goes, by whatever way, it arrives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from term.emulated import Emulated

from crisisroom.term.facts import Facts
from crisisroom.term.pen import Pen
from crisisroom.term.style import PLAIN, linked, styled

WIDTH, HEIGHT = 140, 120
RED = styled(PLAIN, "31")
places = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1))
near = st.tuples(st.integers(0, 6), st.integers(0, 6))


@given(st.lists(places | near, min_size=1), st.booleans())
def test_it_arrives(ways: list[tuple[int, int]], simple: bool) -> None:
    pen = Pen(WIDTH, HEIGHT, Facts(ends_attributes=not simple))
    terminal = Emulated(WIDTH, HEIGHT)
    for x, y in ways:
        pen.move(x, y)
        told = pen.taken()
        terminal.feed(told)
        assert (terminal.screen.cursor.x, terminal.screen.cursor.y) == (x, y)
        assert not (simple and told.endswith("G")), "a VT100 knows no columns"
        assert len(told) <= len(f"\x1b[{y + 1};{x + 1}H")


@given(st.lists(st.tuples(near, st.text("ab", max_size=8), st.booleans()), max_size=12))
def test_it_knows_where_it_stands(steps: list[tuple[tuple[int, int], str, bool]]) -> None:
    pen, terminal = Pen(8, 8, Facts()), Emulated(8, 8)
    for (x, y), text, lost in steps:
        pen.move(x, y)
        pen.write(text, len(text))
        terminal.feed(pen.taken())
        if pen.x is not None:
            assert (pen.x, pen.y) == (terminal.screen.cursor.x, terminal.screen.cursor.y)
        if lost:
            pen.lose_place()


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ((5, 5), (5, 5), ""),
        ((5, 5), (0, 6), "\r\n"),
        ((5, 5), (0, 5), "\r"),
        ((5, 5), (4, 5), "\b"),
        ((5, 5), (6, 5), "\x1b[C"),
        ((5, 5), (9, 5), "\x1b[5G"[:0] + "\x1b[4C"),
        ((50, 5), (9, 5), "\x1b[10G"),
        ((5, 5), (5, 6), "\x1b[B"),
        ((5, 5), (5, 3), "\x1b[2A"),
        ((5, 5), (0, 0), "\x1b[H"),
        ((5, 5), (9, 9), "\x1b[10;10H"),
    ],
)
def test_the_shortest_way(start: tuple[int, int], end: tuple[int, int], told: str) -> None:
    pen = Pen(WIDTH, HEIGHT, Facts())
    pen.move(*start)
    pen.taken()
    pen.move(*end)
    assert pen.taken() == told


def test_behind_the_last_column_it_stands_nowhere() -> None:
    pen = Pen(4, 4, Facts())
    pen.move(2, 1)
    pen.write("ab", 2)
    assert (pen.x, pen.y) == (None, 1)


def test_a_fork_writes_apart_until_it_is_joined() -> None:
    pen = Pen(9, 9, Facts())
    pen.move(1, 1)
    one, other = pen.fork(), pen.fork()
    one.wear(RED)
    one.write("x", 1)
    other.move(5, 5)
    assert len(pen) == len("\x1b[2;2H")
    pen.join(one)
    assert pen.taken() == "\x1b[2;2H\x1b[0;31mx"
    assert (pen.x, pen.y, pen.style) == (2, 1, RED)
    assert pen.taken() == ""


def test_who_forgets_says_all_anew() -> None:
    pen = Pen(9, 9, Facts())
    pen.move(1, 1)
    pen.wear(PLAIN)
    pen.taken()
    pen.forget()
    pen.move(1, 1)
    pen.wear(PLAIN)
    assert pen.taken() == "\x1b[2;2H\x1b[m"


def test_its_style_ends_with_its_link() -> None:
    pen = Pen(9, 9, Facts())
    assert pen.ending() == "\x1b[m"
    pen.wear(linked(RED, ";https://x.test"))
    assert pen.ending() == "\x1b]8;;\x1b\\\x1b[m"


@pytest.mark.parametrize("rows", [1, 2, -1, -3])
@pytest.mark.parametrize(("top", "bottom"), [(0, 6), (1, 5), (0, 3), (3, 6)])
@pytest.mark.parametrize("height", [6, 9])
def test_it_scrolls_what_it_was_asked_to(top: int, bottom: int, rows: int, height: int) -> None:
    """A terminal with more rows than are painted scrolls only those."""
    terminal = Emulated(3, height)
    for y in range(height):
        terminal.feed(f"\x1b[{y + 1};1H\x1b[31m{y}\x1b[44m")
    before = terminal.cells()
    pen = Pen(3, height, Facts())
    pen.scroll(top, bottom, rows)
    terminal.feed(pen.taken())
    blank = Emulated(3, 1).cells() * abs(rows)
    inside = before[top:bottom]
    moved = inside[rows:] + blank if rows > 0 else blank + inside[:rows]
    moved = moved[-(bottom - top) :] if rows > 0 else moved[: bottom - top]
    assert terminal.cells() == before[:top] + moved + before[bottom:]
    assert terminal.screen.margins is None
