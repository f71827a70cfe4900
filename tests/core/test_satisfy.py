from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.condition import Condition, evaluate
from crisisroom.core.satisfy import Solver, Value

DOMAINS: dict[str, tuple[Value, ...]] = {
    "fact.a": (None, "yes", "no"),
    "fact.b": (None, "x", "y", "z"),
    "severity": ("sev1", "sev2"),
}


def can_hold(condition: Condition, domain: Callable[[str], tuple[Value, ...] | None]) -> bool:
    return Solver(domain).can_hold(condition)


LEAVES = st.one_of(
    st.sampled_from([Condition("set", subject=name) for name in DOMAINS]),
    *(
        st.lists(st.sampled_from([one for one in values if one]), min_size=1, max_size=2).map(
            lambda some, name=name: Condition("is", subject=name, values=tuple(some))  # type: ignore[misc]
        )
        for name, values in DOMAINS.items()
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        inner.map(lambda part: Condition("not", (part,)))
        | st.lists(inner, min_size=1, max_size=4).map(lambda some: Condition("all", tuple(some)))
        | st.lists(inner, min_size=1, max_size=4).map(lambda some: Condition("any", tuple(some)))
    ),
    max_leaves=10,
)


@settings(max_examples=400)
@given(TREES)
def test_it_says_what_trying_every_value_says(tree: Condition) -> None:
    every = product(*DOMAINS.values())
    tried = any(
        evaluate(tree, dict(zip(DOMAINS, values, strict=True)).get).holds is True
        for values in every
    )
    assert can_hold(tree, DOMAINS.get) is tried


def compared(op: str, value: str) -> Condition:
    return Condition(op, subject="fact.n", values=(value,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "possible"),
    [
        ((compared("at_least", "5"), compared("at_most", "5")), True),
        ((compared("at_least", "6"), compared("at_most", "5")), False),
        ((compared("at_least", "5"), Condition("not", (compared("at_least", "6"),))), True),
        ((compared("is", "5"), compared("at_least", "6")), False),
        ((compared("is", "smoke"), compared("is", "Smoke")), True),
        ((compared("is", "smoke"), compared("is", "fire")), False),
        ((Condition("not", (compared("is", "smoke"),)), compared("at_least", "1")), True),
        ((Condition("not", (compared("at_most", "1"),)), compared("at_most", "1")), False),
    ],
)
def test_numbers_and_any_text(parts: tuple[Condition, ...], possible: bool) -> None:
    assert can_hold(Condition("all", parts), lambda _: None) is possible


def test_a_tangle_ends_and_counts_as_possible() -> None:
    either = Condition("any", tuple(compared("is", str(n)) for n in range(100)))
    tangle = Condition("all", (either,) * 100)
    solver = Solver(lambda _: None)
    assert all(solver.can_hold(tangle) for _ in range(100))
    assert solver.tired
    assert solver.can_hold(Condition("any"))
