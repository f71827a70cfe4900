"""The parts a first message has to have, looked for by their usual words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.must_say import unsaid
from crisisroom.core.playbook import Part

EVERY: tuple[Part, ...] = ("empathy", "known", "unknown", "doing", "next_update", "where")
GOOD = (
    "We are sorry: this is frightening. Kettles of batch 7 overheat. We do not know yet why."
    " We have stopped the sale. We write again by 04:10, here: https://www.example.org/safety"
)


def missing(text: str, language: str = "en", where: str = "") -> list[Part]:
    return [part for part, _ in unsaid(text, EVERY, language, where)]


def test_a_whole_message_lacks_nothing() -> None:
    assert missing(GOOD) == []


def test_an_empty_one_lacks_what_can_be_looked_for() -> None:
    assert missing("Kettles.") == ["empathy", "unknown", "next_update", "where"]
    assert missing("Kettles.", "de") == ["next_update", "where"]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("empathy", "We understand how worrying this is."),
        ("empathy", "We apologise."),
        ("unknown", "We don’t yet know what caused it."),
        ("unknown", "It is not yet clear whether others are affected."),
        ("unknown", "We are still investigating the cause."),
        ("next_update", "Our next update comes within the hour."),
        ("next_update", "More by 2026-10-21 07:10."),
        ("where", "See www.example.org."),
        ("where", "All of it is on our status page."),
    ],
)
def test_usual_words_are_found(part: Part, text: str) -> None:
    assert part not in missing(text)


@pytest.mark.parametrize("text", ["Um 04.10 mehr.", "Nächste Meldung: 2026-10-21."])
def test_a_time_is_a_time_in_every_language(text: str) -> None:
    assert "next_update" not in missing(text, "de")


def test_the_plan_s_own_page_counts_whatever_it_is() -> None:
    assert "where" not in missing("Look at intranet/kettles.", where="intranet/kettles")


def test_only_what_has_to_be_said_is_looked_for() -> None:
    assert list(unsaid("Kettles.", ())) == []


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert set(missing(text)) <= set(EVERY)
