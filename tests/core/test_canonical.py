"""Canonical JSON: the bytes of RFC 8785, and nothing that has two forms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.canonical import canonical, digest, salted, text_hash

SAYABLE = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | SAYABLE,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(SAYABLE, below, max_size=4),
    max_leaves=20,
)


def test_the_rfc_s_order_is_by_utf_16() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    found = canonical(dict.fromkeys(names, 0)).decode()
    assert list(json.loads(found)) == ["\r", "1", "\x80", "ö", "€", "\U0001f600", "\ufb33"]


def test_the_rfc_s_string_escapes() -> None:
    said = canonical('€$\x0f\nA\'B"\\"/\x08\x0c\t\x7f\u2028').decode()
    assert said == '"€$\\u000f\\nA\'B\\"\\\\\\"/\\b\\f\\t\x7f\u2028"'


@given(VALUES)
def test_it_reads_back_and_has_one_form(value: Any) -> None:
    found = canonical(value)
    assert json.loads(found) == value
    assert canonical(json.loads(found)) == found
    assert b" " not in found.replace(b'" "', b"") or " " in str(value)


@given(st.dictionaries(SAYABLE, st.integers(0, 9), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_writing_makes_no_difference(value: dict[str, int], dice: Any) -> None:
    items = list(value.items())
    dice.shuffle(items)
    assert digest(dict(items)) == digest(value)


@pytest.mark.parametrize("value", [1.0, float("nan"), {1: "a"}, {None: 1}, b"x", {1, 2}, object()])
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="has no canonical JSON form"):
        canonical({"nested": [value]})


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"\udfff": 1}])
def test_what_json_does_not_keep_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"beyond|surrogates"):
        canonical(value)


def test_tuples_are_lists_and_the_ends_of_numbers_fit() -> None:
    assert canonical((2**53 - 1, -(2**53) + 1)) == b"[9007199254740991,-9007199254740991]"


def test_hashes_are_of_bytes() -> None:
    assert text_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert text_hash("é") != text_hash("e\u0301")
    assert salted("a", "b") == text_hash("a:b") != salted("b", "b")
