from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.placeholders import (
    FIXED,
    Blank,
    blanks_in,
    fill,
    is_name,
    label_of,
    names,
    refill,
    usable,
)

NAMES = st.sampled_from([*sorted(FIXED), "fact.refund_by", "fact.what"])
MARKS = "{}‹›"
PLAIN = st.text(st.characters(exclude_characters=MARKS), max_size=20)
NASTY = st.text(st.sampled_from("{}‹› abfact.what\n"), max_size=30)
VALUES = st.dictionaries(NAMES, st.one_of(PLAIN, NASTY), max_size=6)
TEMPLATES = st.lists(st.one_of(PLAIN, NAMES.map(lambda name: f"{{{{{name}}}}}")), max_size=8)


def test_a_value_fills_its_placeholder() -> None:
    filled = fill("Back by {{ fact.refund_by }}, {{handle}}.", {"fact.refund_by": "Friday"})
    assert filled.text == "Back by Friday, ‹handle›."
    assert filled.blanks == (Blank("handle", "handle", 16, 24),)


def test_a_blank_is_called_by_its_label() -> None:
    assert fill("{{fact.refund_by}}", {}).text == "‹refund by›"
    labels = {"fact.refund_by": "paid back by"}
    assert fill("{{fact.refund_by}}", {}, labels).text == "‹paid back by›"


def test_a_label_cannot_carry_marks() -> None:
    assert label_of("fact.x", {"fact.x": "a › {{b}}"}) == "a b"
    assert label_of("fact.x", {"fact.x": "‹›"}) == "blank"


def test_unknown_names_stay_blank_even_with_a_value() -> None:
    assert fill("{{secret}}", {"secret": "x"}).text == "‹secret›"
    assert not is_name("secret")
    assert is_name("fact.refund-by")


def test_names_come_once_and_in_order() -> None:
    assert names("{{b}} {{a}} {{b}} {{ fact.x }} {c}") == ("b", "a", "fact.x")


def test_format_fields_and_attributes_are_plain_words() -> None:
    template = "{handle} {0.__class__} {x:>300000000} %s ${me}"
    assert fill(template, {"handle": "pat"}).text == template


@pytest.mark.parametrize("value", ["", "  ", "{{me}}", "a‹b", "›", "{", "}"])
def test_values_that_say_nothing_or_carry_marks_do_not_fill(value: str) -> None:
    assert not usable(value)
    assert fill("{{me}}", {"me": value}).text == "‹me›"


def test_values_are_not_expanded_again() -> None:
    assert fill("{{me}}{{brand}}", {"me": "{{brand}}", "brand": "Ferrow"}).text == "‹me›Ferrow"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("by ‹refund by›.", ["refund by"]),
        ("by {{fact.refund_by}}.", ["refund by"]),
        ("by {{ oh my }}.", ["oh my"]),
        ("by ‹refund by.", ["blank"]),
        ("by refund by›.", ["blank"]),
        ("a {{ b", ["blank"]),
        ("a }} b", ["blank"]),
        ("<b> 1 < 2", []),
        ("Settings › Privacy", []),
    ],
)
def test_open_blanks_are_found_in_any_text(text: str, labels: list[str]) -> None:
    assert [blank.label for blank in blanks_in(text)] == labels


def test_a_blank_is_filled_later_by_its_label() -> None:
    text = "Back by ‹refund by›, {{me}} ‹amount›"
    assert refill(text, {"refund by": "Friday", "amount": "{{x}}"}) == (
        "Back by Friday, {{me}} ‹amount›"
    )


@given(TEMPLATES, VALUES)
def test_no_value_fakes_or_hides_a_blank(parts: list[str], values: dict[str, str]) -> None:
    filled = fill("".join(parts), values)
    found = [(blank.start, blank.end) for blank in blanks_in(filled.text)]
    assert found == [(blank.start, blank.end) for blank in filled.blanks]


@given(NASTY, VALUES)
def test_a_filled_text_with_blanks_always_shows_one(template: str, values: dict[str, str]) -> None:
    filled = fill(template, values)
    assert bool(blanks_in(filled.text)) or not filled.blanks
    for blank in filled.blanks:
        assert filled.text[blank.start : blank.end] == f"‹{blank.label}›"


@given(TEMPLATES, st.dictionaries(NAMES, PLAIN, max_size=6))
def test_without_blanks_nothing_but_values_changed(
    parts: list[str], values: dict[str, str]
) -> None:
    told = {f"{{{{{name}}}}}": value for name, value in values.items() if usable(value)}
    filled = fill("".join(parts), values)
    if not filled.blanks:
        assert filled.text == "".join(told.get(part, part) for part in parts)


@given(TEMPLATES)
def test_filling_later_gives_the_same_as_filling_at_once(parts: list[str]) -> None:
    values = {name: f"value of {name}" for name in (*FIXED, "fact.refund_by", "fact.what")}
    later = refill(
        fill("".join(parts), {}).text, {label_of(name): value for name, value in values.items()}
    )
    assert later == fill("".join(parts), values).text
