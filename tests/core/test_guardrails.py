from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.guardrails import check, find
from crisisroom.core.playbook import Guardrails

PHRASES = ("guarantee", "their fault", "can't", "straße", "保証", "100%", "schön")
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\ufe0f"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We GUARANTEE it.", "GUARANTEE"),
        ("_guarantee_", "guarantee"),
        ("g\u200bua\u00adrantee!", "g\u200bua\u00adrantee"),
        ("ｇｕａｒａｎｔｅｅ", "ｇｕａｒａｎｔｅｅ"),
        ("it is their \n\u00a0 fault", "their \n\u00a0 fault"),
        ("we can’t", "can’t"),
        ("STRASSE", "STRASSE"),
        ("を保証します", "保証"),
        ("sure, 100%", "100%"),
        ("scho\u0308n", "scho\u0308n"),
    ],
)
def test_a_phrase_is_found_however_it_is_spelt(text: str, found: str) -> None:
    assert [text[hit.start : hit.end] for hit in find(text, PHRASES)] == [found]


@pytest.mark.parametrize(
    "text", ["guaranteed", "preguarantee", "their faults", "scan't", "2100%", "schöns", "x"]
)
def test_inflected_and_longer_words_are_other_words(text: str) -> None:
    assert find(text, PHRASES) == ()


def test_a_letter_with_a_mark_is_another_letter() -> None:
    assert find("x q\u0323", ("q",)) == ()


def test_hits_tell_what_they_are_in_order_of_place() -> None:
    rules = Guardrails(forbid=("never", ""), warn=("soon", "never"))
    hits = check("Soon, or never", rules)
    assert [(hit.phrase, hit.kind, hit.start) for hit in hits] == [
        ("soon", "warn", 0),
        ("never", "forbid", 9),
        ("never", "warn", 9),
    ]


@given(st.text(max_size=40), st.text(max_size=40), st.data())
def test_invisible_characters_hide_nothing(left: str, right: str, data: st.DataObject) -> None:
    spelt = "".join(
        data.draw(
            st.sampled_from([char, char.upper(), char + data.draw(st.sampled_from(INVISIBLE))])
        )
        for char in "guarantee"
    )
    text = f"{left} {spelt} {right}"
    assert any(len(left) < hit.start + 1 < hit.end for hit in find(text, ("guarantee",)))


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=4))
def test_hits_lie_inside_the_text(text: str, phrases: list[str]) -> None:
    for hit in find(text, phrases):
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.phrase in phrases


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs"]), max_size=30))
def test_a_text_with_words_contains_itself(text: str) -> None:
    assert bool(find(text, (text,))) == bool(text.strip())
