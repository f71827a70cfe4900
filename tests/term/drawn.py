"""What hypothesis draws for the terminal: styles, glyphs, grids, frames and noise."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from crisisroom.term.grid import Grid
from crisisroom.term.style import PLAIN, Style, styled

_COLOURS = ("{}1", "{}4", "{}7", "{}8;5;{n}", "{}8;2;{n};2;250")
_BRIGHT = {"3": "9", "4": "10"}
ATTRIBUTES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 21, 51, 52, 53)
SHOWN = (1, 3, 4, 5, 7, 9)  # those that pyte knows
NARROW = "abcxyz019.-│─éß→█"
WIDE = "日本語한글漢字カナ"
MARKED = ("e\u0301", "a\u0308\u0323", "日\u0301", "ก\u0e34")


def _colour(which: str, form: int, number: int) -> str:
    if form == len(_COLOURS):
        return f"{_BRIGHT[which]}{number % 8}"
    return _COLOURS[form].format(which, n=number)


def colours(which: str) -> SearchStrategy[str]:
    """Draw the parameters of a colour: `which` is 3 for letters, 4 for the background."""
    made = st.builds(_colour, st.just(which), st.integers(0, len(_COLOURS)), st.integers(0, 255))
    return st.just("") | made


def parameters(attributes: tuple[int, ...] = ATTRIBUTES) -> SearchStrategy[str]:
    """Draw what an SGR sequence may hold after a reset."""
    signs = st.lists(st.sampled_from([str(one) for one in attributes]), max_size=3)
    parts = st.tuples(signs, colours("3"), colours("4"))
    return parts.map(lambda part: ";".join(one for one in (*part[0], *part[1:]) if one))


def styles(attributes: tuple[int, ...] = ATTRIBUTES) -> SearchStrategy[Style]:
    """Draw styles as the application's writing makes them."""
    made = parameters(attributes)
    return st.just(PLAIN) | made.map(lambda one: styled(PLAIN, f"0;{one}" if one else "0"))


def texts(most: int = 20) -> SearchStrategy[str]:
    """Draw a piece of a row: blanks, letters, wide and marked glyphs."""
    blanks = st.integers(1, most).map(" ".__mul__)
    words = st.lists(st.sampled_from([*NARROW, *WIDE, *MARKED, " "]), max_size=most // 2)
    return blanks | words.map("".join) | st.text("abc ", max_size=most)


Piece = tuple[int, int, str, Style]


def pieces(width: int, height: int) -> SearchStrategy[Piece]:
    """Draw where a piece of text is put, and in which style."""
    few = st.shared(st.lists(styles(SHOWN), min_size=1, max_size=4), key="palette")
    style = few.flatmap(st.sampled_from)
    return st.tuples(st.integers(0, width - 1), st.integers(0, height - 1), texts(), style)


def put(grid: Grid, drawn: list[Piece]) -> Grid:
    """Put pieces into a grid."""
    for x, y, text, style in drawn:
        grid.put(x, y, text, style)
    return grid


@st.composite
def grids(draw: st.DrawFn, width: int, height: int) -> Grid:
    """Draw a screen."""
    ground = draw(styles(SHOWN))
    grid = Grid(width, height, ground.cells[" "])
    return put(grid, draw(st.lists(pieces(width, height), max_size=8)))


@st.composite
def changed(draw: st.DrawFn, before: Grid) -> Grid:
    """Draw what a screen may be after another: some of it moved, some written, or all of it new."""
    width, height = before.width, before.height
    if draw(st.integers(0, 5)) == 0:
        return draw(grids(width, height))
    after = before.resized(width, height)
    if draw(st.booleans()):
        top = draw(st.integers(0, height - 1))
        bottom = draw(st.integers(top + 1, height))
        most = bottom - top
        after.scroll(top, bottom, draw(st.integers(-most, most).filter(bool)))
    return put(after, draw(st.lists(pieces(width, height), max_size=5)))


NOISE = st.lists(
    st.sampled_from(
        [*"\x00\x07\x08\t\n\r\x0e\x1b\x7f\x9b[]PX^_\\;:?<>=0123456789mHJKhlr ABc(", "\x1b[", "日"]
    )
    | st.characters(),
    max_size=60,
).map("".join)
