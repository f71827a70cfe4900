"""Times to come as people type them."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.errors import Usage
from crisisroom.core.later import later, seconds_of

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)  # 03:07 in Berlin


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("+2h", "2026-11-22T04:07:00+00:00"),
        ("+1h30m", "2026-11-22T03:37:00+00:00"),
        ("+PT15M", "2026-11-22T02:22:00+00:00"),
        ("17:30", "2026-11-22T16:30:00+00:00"),
        ("03:06", "2026-11-23T02:06:00+00:00"),
        ("2026-11-23 09:00", "2026-11-23T08:00:00+00:00"),
        ("2026-11-23T09:00", "2026-11-23T08:00:00+00:00"),
        ("2026-11-23T09:00:00+01:00", "2026-11-23T08:00:00+00:00"),
        ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00+00:00"),
        ("2026-07-01 09:00", "2026-07-01T07:00:00+00:00"),
    ],
)
def test_times_are_understood(text: str, meant: str) -> None:
    assert later(text, NOW, "Europe/Berlin") == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "+", "+2", "-2h", "25:00", "9:00", "2026-11-23", "2026-13-01 09:00", "+99999d"],
)
def test_other_words_are_no_time(text: str) -> None:
    with pytest.raises(Usage, match="is no time") as refused:
        later(text, datetime(9990, 1, 1, tzinfo=UTC), "UTC")
    assert "+2h" in refused.value.hint


def test_spans() -> None:
    assert seconds_of("1h30m") == 5400
    with pytest.raises(Usage):
        seconds_of("1.5h")


@given(st.text(max_size=30) | st.text("0123456789:-+TZ hmds.", max_size=25))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with contextlib.suppress(Usage):
        assert later(text, NOW, "Europe/Berlin").tzinfo is not None
