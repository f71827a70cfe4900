"""Words of strangers' posts, as they are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.grouping.words import MOST_TERMS, terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Batteries are burning", ["battery", "burn"]),
        ("the and of", ["the", "and", "of"]),
        ("look: https://example.org/refund?x=1 smoke", ["look", "smok"]),
        ("bit.ly/3abc smoke", ["smok"]),
        ("@shop @kim Any smoke?", ["smok"]),
        ("RT @kim: smoke", ["smok"]),
        ("@kim said @shop smokes", ["said", "shop", "smok"]),
        ("#KettleFire #KETTLE", ["kettl", "fir", "kettl"]),
        ("don't customer's", ["customer"]),
        ("電池が燃えた", ["電池", "池が", "が燃", "燃え", "えた"]),
        ("iPhone電池", ["iphon", "電池"]),
        ("हिन्दी समाचार", ["हिन्दी", "समाचार"]),
        ("แบต", ["แบ", "บต"]),
        ("Пожар на заводе", ["пожар", "на", "заводе"]),
        ("🔥🔥 👍", ["🔥", "🔥", "👍"]),
        ("", []),
        (" \n", []),
    ],
)
def test_terms(text: str, found: list[str]) -> None:
    assert terms(text) == found


def test_idle_german_words_go_only_where_the_text_is_german() -> None:
    assert terms("war die Batterie nicht in der Küche") == ["batteri", "küch"]
    assert terms("civilians die in war") == ["civilian", "die", "war"]


@given(st.text(max_size=300))
def test_any_text_has_words_of_letters_or_signs(text: str) -> None:
    found = terms(text)
    assert len(found) <= MOST_TERMS
    assert all(term and not term.isspace() for term in found)
    assert terms(text) == found


@given(st.lists(st.sampled_from(["kettle", "smoke", "refund", "batch"]), min_size=1, max_size=8))
def test_case_and_addresses_change_nothing(said: list[str]) -> None:
    text = " ".join(said)
    assert terms(text.upper()) == terms(text) == terms(f"@someone {text} https://a.example/b")
