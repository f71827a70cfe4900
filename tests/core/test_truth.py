"""Which facts words stand on, and what a moved fact does to them."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from crisisroom.core.incident import FactState
from crisisroom.core.truth import stands_on

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def fact(id_: str, value: str, **more: str) -> FactState:
    """Return a known fact."""
    known = FactState(id=id_, label=id_.title(), state="known", value=value, at=NOW)
    return msgspec.structs.replace(known, **more)


@pytest.mark.parametrize(
    ("value", "text", "stands"),
    [
        ("the X1 kettle", "Please unplug the x1 kettle.", True),
        ("the X1 kettle", "Please unplug the X1 kettles.", False),
        ("1,200", "It is about 1,200 people.", True),
        ("40", "We write again in 40 minutes.", False),  # a short number may be any
        ("4012", "Batch 4012 is affected.", True),
        ("4012", "Call 40123.", False),
        ("a", "a kettle", False),
        ("what? (yes)", "They asked what? (yes) we said", True),
    ],
)
def test_a_value_counts_as_whole_words(value: str, text: str, stands: bool) -> None:
    found = stands_on([text], [fact("f", value)], (), UTC)
    assert found == ({"f": value} if stands else {})


def test_a_short_number_counts_with_its_unit() -> None:
    forty = fact("f", "40", unit="kettles", type="number")
    assert stands_on(["It is 40 kettles."], [forty], (), UTC) == {"f": "40"}
    assert stands_on(["It is 40 minutes."], [forty], (), UTC) == {}


def test_what_is_named_counts_without_its_value() -> None:
    sure = fact("injury", "no", type="yes-no")
    assert stands_on(["Nobody is hurt."], [sure], (), UTC) == {}
    assert stands_on(["Nobody is hurt."], [sure], ("injury",), UTC) == {"injury": "no"}


def test_what_nobody_knows_carries_nothing() -> None:
    open_ = fact("f", "the X1 kettle", state="checking")
    assert stands_on(["the X1 kettle"], [open_], ("f",), UTC) == {}
