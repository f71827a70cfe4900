from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.condition import Condition, Truth, evaluate, number, subjects

KNOWN = {"fact.a": "yes", "fact.n": "1,200", "severity": "sev1", "task.t": "done"}
A_YES = Condition("is", subject="fact.a", values=("yes",))
A_NO = Condition("is", subject="fact.a", values=("no",))
B_YES = Condition("is", subject="fact.b", values=("yes",))  # nobody knows b
C_YES = Condition("is", subject="fact.c", values=("yes",))
B_SET = Condition("set", subject="fact.b")


def truth(condition: Condition) -> Truth:
    return evaluate(condition, KNOWN.get)


def both(*parts: Condition) -> Condition:
    return Condition("all", parts)


def either(*parts: Condition) -> Condition:
    return Condition("any", parts)


def negated(part: Condition) -> Condition:
    return Condition("not", (part,))


@pytest.mark.parametrize(
    ("condition", "holds", "waits"),
    [
        (A_YES, True, ()),
        (A_NO, False, ()),
        (B_YES, None, ("fact.b",)),
        (B_SET, False, ("fact.b",)),
        (Condition("set", subject="fact.a"), True, ()),
        (both(A_YES, B_YES), None, ("fact.b",)),
        (both(A_NO, B_YES), False, ()),
        (both(B_YES, C_YES), None, ("fact.b", "fact.c")),
        (either(A_YES, B_YES), True, ()),
        (either(A_NO, B_YES), None, ("fact.b",)),
        (either(A_NO, A_NO), False, ()),
        (negated(A_YES), False, ()),
        (negated(B_YES), None, ("fact.b",)),
        (negated(B_SET), True, ("fact.b",)),
        (negated(either(A_NO, negated(A_YES))), True, ()),
        (both(B_SET, A_YES), False, ("fact.b",)),
        (Condition("is", subject="fact.a", values=("no", " YES".strip())), True, ()),
        (Condition("at_least", subject="fact.n", values=("1200",)), True, ()),
        (Condition("at_most", subject="fact.n", values=("1199",)), False, ()),
        (Condition("at_least", subject="fact.a", values=("1",)), False, ()),
        (Condition("at_least", subject="fact.b", values=("1",)), None, ("fact.b",)),
        (Condition("is", subject="severity", values=("SEV1",)), True, ()),
    ],
)
def test_a_condition_is_true_false_or_unknown(
    condition: Condition, holds: bool | None, waits: tuple[str, ...]
) -> None:
    assert truth(condition) == Truth(holds, waits)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0), ("1,200", 1200.0), ("12 000", 12000.0), ("12\u00a0000", 12000.0),
        ("3.5", 3.5), ("-4", -4.0), (" 7 ", 7.0), ("1_000", 1000.0),
        ("about 12", None), ("", None), ("12%", None), ("nan", None), ("inf", None),
        ("1e999", None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, value: float | None) -> None:
    assert number(text) == value


def test_subjects_are_named_once_in_order() -> None:
    assert subjects(both(A_YES, either(B_SET, A_NO), negated(C_YES))) == (
        "fact.a",
        "fact.b",
        "fact.c",
    )
    assert subjects(None) == ()


TREES = st.recursive(
    st.sampled_from([A_YES, A_NO, B_YES, C_YES, B_SET]),
    lambda inner: (
        st.builds(negated, inner)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: both(*parts))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: either(*parts))
    ),
    max_leaves=8,
)
VALUES = st.sampled_from([None, "yes", "no"])


@given(TREES, VALUES, VALUES, VALUES)
def test_what_is_known_already_stays_so_when_more_is_known(
    tree: Condition, a: str | None, b: str | None, c: str | None
) -> None:
    """A look that settles more never turns a settled, final answer round."""
    before = evaluate(tree, {"fact.a": "yes"}.get)
    known = {"fact.a": "yes", "fact.b": b or "yes", "fact.c": c or "no"}
    after = evaluate(tree, known.get)
    if before.holds is not None and not before.waits_for:
        assert after.holds is before.holds
    assert after.holds is not None
    assert after.waits_for == ()


@given(TREES, VALUES, VALUES, VALUES)
def test_not_all_is_any_not(tree: Condition, a: str | None, b: str | None, c: str | None) -> None:
    look = {"fact.a": a, "fact.b": b, "fact.c": c}.get
    other = either(negated(tree), negated(B_YES))
    assert evaluate(negated(both(tree, B_YES)), look).holds is evaluate(other, look).holds
