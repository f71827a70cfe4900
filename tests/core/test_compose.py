from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.approved import Rendered, cover, fragments, verdict
from crisisroom.core.compose import Draft, insert, prefill, ready
from crisisroom.core.playbook import Answer, Fact, KeyMessage, Playbook
from crisisroom.core.suggest import Suggestion

HANDLE = "@pat@social.example"
PLAYBOOK = Playbook(
    schema=1,
    id="double-charge",
    title="Double charge",
    version=1,
    facts=(Fact("refund_by", "refund by", may_fill=True),),
    key_messages=(
        KeyMessage("apology", "apology", "We are sorry. You were charged twice."),
        KeyMessage("refund", "refund", "The second payment goes back by {{fact.refund_by}}."),
    ),
    faq=(Answer("card", "Is my card safe?", "No card data was involved."),),
    sign_off="{{me}}, for Ferrow",
    reply_approval="public-words",
)
APPROVED = frozenset(fragment.sha256 for fragment in fragments(PLAYBOOK, ()))
VALUES = {"me": "Ada", "handle": HANDLE, "fact.refund_by": "Friday"}


def suggested(**scores: float) -> tuple[Suggestion, ...]:
    kinds = {"card": "faq"}
    return tuple(
        Suggestion(id_, "faq" if id_ in kinds else "key_message", score, "")
        for id_, score in scores.items()
    )


def draft(
    suggestions: tuple[Suggestion, ...],
    *,
    values: Mapping[str, str] = VALUES,
    approved: frozenset[str] = APPROVED,
    limit: int | None = None,
) -> Draft:
    words = ready(PLAYBOOK, approved, values, {"refund_by"})
    return prefill(words, values.get("handle", ""), suggestions, limit=limit)


def test_a_draft_greets_says_what_fits_and_signs() -> None:
    made = draft(suggested(apology=0.7, card=0.1, refund=0.6))
    assert made.text == (
        f"Hello {HANDLE},\nWe are sorry. You were charged twice."
        " The second payment goes back by Friday.\n\nAda, for Ferrow"
    )
    assert made.used == ("apology", "refund")
    assert made.text[: made.cursor].endswith("Friday.")


def test_a_second_message_has_to_fit_well() -> None:
    assert draft(suggested(apology=0.7, refund=0.4)).used == ("apology",)
    assert draft(suggested(apology=0.2)).used == ()
    assert draft(suggested(apology=0.9, card=0.8, refund=0.7)).used == ("apology", "card")


def test_what_nobody_approved_is_not_in_a_draft() -> None:
    lapsed = APPROVED - {fragments(PLAYBOOK, ())[2].sha256}
    assert draft(suggested(apology=0.9, refund=0.6), approved=lapsed).used == ("refund",)
    assert draft(suggested(apology=0.9), approved=frozenset()).text == HANDLE


def test_what_is_too_long_is_left_out() -> None:
    made = draft(suggested(apology=0.9, card=0.8), limit=80)
    assert made.used == ("card",)
    assert len(made.text) <= 80


def test_a_display_name_greets_nobody() -> None:
    made = draft(suggested(card=0.9), values={"me": "Ada", "handle": "Pat Example"})
    assert made.text == "No card data was involved.\n\nAda, for Ferrow"


def test_open_facts_stay_visible_blanks() -> None:
    made = draft(suggested(refund=0.9), values={"me": "Ada", "handle": "pat"})
    assert made.text.startswith("Hello pat,\nThe second payment goes back by ‹refund by›.")


@given(
    st.dictionaries(st.sampled_from(["apology", "refund", "card"]), st.floats(0, 1)),
    st.sampled_from([HANDLE, "pat", "Pat Example", "", "@pat"]),
)
def test_a_draft_never_needs_approval(scores: dict[str, float], handle: str) -> None:
    values = {**VALUES, "handle": handle}
    made = draft(suggested(**scores), values=values)
    check = verdict(made.text, PLAYBOOK, APPROVED, values, {"refund_by"})
    assert check.free == ()
    assert set(made.used) <= set(check.used)


@pytest.mark.parametrize(
    ("text", "at", "result"),
    [
        ("", 0, "Yes."),
        ("a b", 1, "a Yes. b"),
        ("ab", 1, "a Yes. b"),
        ("ab", 2, "ab Yes."),
        ("a\nb", 2, "a\nYes. b"),
    ],
)
def test_words_are_put_in_with_white_space_around(text: str, at: int, result: str) -> None:
    made, cursor = insert(text, "Yes.\n", at)
    assert made == result
    assert made[:cursor].endswith("Yes.")


@given(st.text(max_size=30), st.integers(0, 30))
def test_inserted_words_are_recognised(text: str, at: int) -> None:
    made, _ = insert(text, "We are sorry.", min(at, len(text)))
    assert "x" in [use.id for use in cover(made, (Rendered("x", "We are sorry."),)).used]
