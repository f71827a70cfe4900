"""Prometheus' text format: whatever the labels hold, a strict reader takes it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.prometheus_text import parse

from crisisroom.report.prometheus import Family, Sample, text_of

VALUES = st.one_of(st.integers(-(10**12), 10**12), st.floats(allow_nan=False, width=32))


@given(st.dictionaries(st.text(max_size=30), VALUES, max_size=5), st.text(min_size=1, max_size=60))
def test_any_label_and_help_is_read_back(values: dict[str, float], told: str) -> None:
    samples = tuple(Sample(value, {"source": name}) for name, value in values.items())
    text = text_of([Family("crisisroom_x", "gauge", told, samples)])
    if not samples:
        assert text == ""
        return
    found = parse(text)
    assert len(found) == len(values)
    assert sorted(found.values()) == pytest.approx(sorted(map(float, values.values())))


def test_numbers_as_prometheus_writes_them() -> None:
    samples = [Sample(value, {"n": str(n)}) for n, value in enumerate((1.0, 0.5, math.inf, 1e300))]
    lines = text_of([Family("a", "gauge", "x", tuple(samples))]).splitlines()[2:]
    assert [line.split()[-1] for line in lines] == ["1", "0.5", "+Inf", str(int(1e300))]


@pytest.mark.parametrize("name", ["", "1a", "a b", "a-b", "é"])
def test_a_name_that_is_none_is_our_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="name of a metric"):
        text_of([Family(name, "gauge", "x", (Sample(1),))])
    with pytest.raises(ValueError, match="name of a label"):
        text_of([Family("a", "gauge", "x", (Sample(1, {name: "x"}),))])
