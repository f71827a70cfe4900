"""Times as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.wire.dates import clamp, parse

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        ("2026-11-21T03:07:00Z", "2026-11-21 03:07:00"),
        ("2026-11-21T03:07:00+01:00", "2026-11-21 02:07:00"),
        ("2026-11-21T03:07:00.123Z", "2026-11-21 03:07:00.123000"),
        ("2026-11-21 03:07:00", "2026-11-21 03:07:00"),
        ("2026-11-21", "2026-11-21 00:00:00"),
        ("Sat, 21 Nov 2026 03:07:00 GMT", "2026-11-21 03:07:00"),
        ("Sat, 21 Nov 2026 03:07:00 +0100", "2026-11-21 02:07:00"),
        ("21 Nov 2026 03:07 EST", "2026-11-21 08:07:00"),
        ("Sat, 21 Nov 2026 03:07:00 -0000", "2026-11-21 03:07:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31 23:59:59"),
        ("Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31 23:59:59"),
    ],
)
def test_times(said: str, utc: str) -> None:
    moment = parse(said)
    assert moment is not None
    assert str(moment) == f"{utc}+00:00"


@pytest.mark.parametrize(
    "said",
    ["", " ", "yesterday", "2024", "3-4", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00",
     "Sat, 21 Nov 2026 03:07:00 -9999", "30 Feb 2026 00:00:00 GMT", "2026-02-30T00:00:00Z",
     "1700000000", "\0", "x" * 10_000, "Sat, 21 Nov 99999 03:07:00 GMT", "٢٠٢٦-١١-٢١"],
)  # fmt: skip
def test_no_times(said: str) -> None:
    assert parse(said) is None


@given(st.one_of(st.text(max_size=100), st.from_regex(r"\d{1,5}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d")))
def test_any_text_has_an_answer(text: str) -> None:
    moment = parse(text)
    assert moment is None or moment.utcoffset() == timedelta(0)


@given(st.datetimes(timezones=st.just(UTC)))
def test_clamping(moment: datetime) -> None:
    clamped = clamp(moment, NOW)
    assert NOW - timedelta(days=3653) <= clamped <= NOW + timedelta(minutes=5)
    assert clamp(clamped, NOW) == clamped
    if abs(moment - NOW) < timedelta(minutes=5):
        assert clamped == moment
