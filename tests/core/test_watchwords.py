"""Watching for words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.watchwords import Watchwords


@pytest.mark.parametrize(
    ("keywords", "text", "expected"),
    [
        (["Ferrow"], "my FERROW kettle", True),
        (["Ferrow"], "ferrowed ground", False),
        (["Straße"], "auf der STRASSE", True),
        (["c++"], "I like c++, really", True),
        (["double charge"], "A Double Charge again", True),
        (["ａｃｍｅ"], "acme", True),
        (["a.b"], "axb", False),
    ],
)
def test_whole_words_whatever_their_case(keywords: list[str], text: str, expected: bool) -> None:
    assert Watchwords(keywords).hit(text) is expected


def test_no_keywords_let_everything_pass() -> None:
    assert Watchwords([]).hit("anything")
    assert Watchwords(["  "]).hit("anything")


def test_any_of_the_texts_is_enough() -> None:
    assert Watchwords(["ferrow"]).hit("a title", "about Ferrow")


@given(st.text(min_size=1).filter(lambda word: bool(word.strip())), st.text(max_size=20))
def test_a_keyword_never_acts_as_a_pattern(word: str, text: str) -> None:
    hit = Watchwords([word]).hit(text)
    assert hit is False or len(text) > 0
