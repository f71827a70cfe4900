"""Cells and rows: exact widths, whatever the words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crisisroom.text import clean_line
from crisisroom.tui.rows import Cell, Row, chopped, clip, fit, row, spread, wrap

WORDS = st.text(max_size=60).map(clean_line)


@given(WORDS, st.integers(0, 80))
def test_fit_is_exactly_as_wide_as_asked(words: str, width: int) -> None:
    assert cell_len(fit(words, width)) == width
    assert cell_len(fit(words, width, right=True)) == width


@given(WORDS, st.integers(1, 80))
def test_clip_never_pads_and_never_exceeds(words: str, width: int) -> None:
    clipped = clip(words, width)
    assert cell_len(clipped) <= width
    if cell_len(words) <= width:
        assert clipped == words


def test_clipped_words_end_in_the_sign() -> None:
    assert fit("double charge", 7) == "double…"


@given(st.text(max_size=300).map(clean_line), st.integers(4, 60))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(words: str, width: int) -> None:
    lines = wrap(words, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.split())


def test_wrap_keeps_line_ends() -> None:
    assert wrap("one two\n\nthree", 20) == ["one two", "", "three"]


@given(st.text(min_size=1, max_size=50), st.integers(2, 10))
def test_chopped_pieces_make_the_word(word: str, width: int) -> None:
    assert "".join(chopped(word, width)) == word


def test_spread_sets_cells_at_their_columns() -> None:
    made = Row(spread([(10, Cell("right")), (2, Cell("left"))]))
    assert made.text == "  left    right"


def test_spread_clips_what_would_overlap() -> None:
    made = Row(spread([(0, Cell("a long title")), (6, Cell("next"))]))
    assert made.text == "a lon…next"


def test_row_leaves_empty_cells_out() -> None:
    assert row(Cell("a"), Cell(""), Cell("b")).cells == (Cell("a"), Cell("b"))


def test_cursor_does_not_copy_a_row_for_nothing() -> None:
    plain = row(Cell("a"))
    assert plain.under(False) is plain
    assert plain.under(True).cursor
