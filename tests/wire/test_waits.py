"""How long a server may make us wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.wire.waits import LONGEST, retry_after, spent_until

DATE = "Sat, 21 Nov 2026 03:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("-1", 0.0),
        ("99999999999", 900.0),
        ("9" * 400, 900.0),
        ("Sat, 21 Nov 2026 03:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 02:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 900.0),
        ("2026-11-21T03:01:00Z", 60.0),
        ("Sat, 21 Nov -9999", None),
        ("soon", None),
        ("٧", None),
        ("1e9", None),
        ("", None),
    ],
)
def test_retry_after(said: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": said, "date": DATE}) == seconds


def test_a_date_without_the_server_s_own_says_nothing() -> None:
    assert retry_after({"retry-after": "Sat, 21 Nov 2026 03:00:30 GMT"}) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-21T03:04:00.000Z"}, 240.0),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "2026-11-21T03:04:00.000Z"}, None),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "1795230060"}, 60.0),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "12"}, 12.0),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1795230060"}, 60.0),
        ({"ratelimit-remaining": "0"}, None),
        ({"ratelimit-remaining": "none", "ratelimit-reset": "12"}, None),
        ({}, None),
    ],
)
def test_a_spent_budget(headers: dict[str, str], seconds: float | None) -> None:
    assert spent_until({**headers, "date": DATE}) == seconds
    assert retry_after({**headers, "date": DATE}) == seconds


@given(
    st.dictionaries(
        st.sampled_from(["retry-after", "date", "x-ratelimit-remaining", "x-ratelimit-reset"]),
        st.one_of(st.text(), st.integers().map(str), st.datetimes().map(str), st.just(DATE)),
    )
)
def test_always_within_bounds(headers: dict[str, str]) -> None:
    wait = retry_after(headers)
    assert wait is None or 0 <= wait <= LONGEST
