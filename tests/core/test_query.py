"""What to look for, and numbers in ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.query import Query, numbered


@pytest.mark.parametrize(
    ("id_", "number"),
    [
        ("INC-7", 7), ("inc-7", 7), ("7", 7), (" INC-7 ", 7), ("INC-007", 7), ("INC-", None),
        ("", None), ("INC-x", None), ("INC--7", None), ("INC-٧", None), ("M-7", None),
        ("9" * 16, None), ("9" * 5000, None), ("7.0", None), ("INC-7\n", 7),
    ],
)  # fmt: skip
def test_numbers_in_ids(id_: str, number: int | None) -> None:
    assert numbered(id_, "INC-") == number


@given(st.text(max_size=40))
def test_any_text_is_an_id_or_is_not(text: str) -> None:
    number = numbered(text, "M-")
    assert number is None or 0 <= number < 10**15


@given(st.text(max_size=300))
def test_terms_are_letters_and_digits(text: str) -> None:
    terms = Query(text=text).terms()
    assert len(terms) <= 12
    assert all(term in text and '"' not in term and not term.isspace() for term in terms)
