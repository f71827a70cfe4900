"""Differences are read in order, and lose nothing."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.textdiff import Piece, diff, marked


def test_a_changed_word_is_seen_as_one() -> None:
    assert diff("It is 40 kettles.", "It is 70 kettles.") == (
        Piece("same", "It is "),
        Piece("gone", "40"),
        Piece("new", "70"),
        Piece("same", " kettles."),
    )


def test_changes_around_one_short_word_are_one_change() -> None:
    pieces = diff("We look into it now.", "They asked into this now.")
    assert [piece.kind for piece in pieces].count("gone") <= 2
    assert marked(diff("a b", "a c")) == "a [-b-]{+c+}"


def test_the_same_text_has_no_difference() -> None:
    assert diff("Same.", "Same.") == (Piece("same", "Same."),)
    assert diff("", "") == ()


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_is_lost(before: str, after: str) -> None:
    pieces = diff(before, after)
    assert "".join(one.text for one in pieces if one.kind != "new") == before
    assert "".join(one.text for one in pieces if one.kind != "gone") == after
    kinds = [one.kind for one in pieces]
    assert all(a != b for a, b in pairwise(kinds))
