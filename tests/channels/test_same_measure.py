"""What the composer counts, the channel counts: a text that fits on the one fits on the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.channels import lengths, make, splitting
from crisisroom.clock import ManualClock

CLOCK = ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
OPTIONS: dict[str, dict[str, Any]] = {
    "mastodon": {"server": "https://m.test"},
    "bluesky": {"handle": "acme.test"},
    "wordpress": {"server": "https://w.test", "handle": "acme"},
    "mail": {"smtp": "m.test", "handle": "acme@acme.test"},
    "matrix": {"server": "https://m.test", "to": "!room:acme.test"},
    "webhook": {"server": "https://w.test"},
    "slack": {"to": "C0123456789"},
    "x": {},
    "reddit": {"app": "a"},
    "stand-in": {},
}
SIGNS = [
    *("a", "word ", "é", "e\u0301", "日本。", "ไทย", "👩\u200d👩\u200d👧", "🇩🇪", "\u200d", "\\"),
    *('"', "\n\n", ". ", "\x07", "&", "<", ">", "*", "https://example.org/a?x=1 ", "example.com "),
    *("@pat@social.example ", "#tag "),
]  # fmt: skip


@pytest.mark.parametrize("kind", OPTIONS)
@given(
    pieces=st.lists(st.tuples(st.sampled_from(SIGNS), st.integers(1, 150)), max_size=6),
    factor=st.sampled_from((1, 1, 60)),
)
def test_both_count_the_same(kind: str, pieces: list[tuple[str, int]], factor: int) -> None:
    text = "".join(sign * many for sign, many in pieces) * factor
    channel = make(kind, kind, OPTIONS[kind], token="a:b", clock=CLOCK)
    assert lengths.counted(kind, text) == channel.measure(text)
    assert lengths.counted(kind, text, channel.limits) == channel.measure(text)
    most = channel.limits.posts
    if most > 1 and channel.measure(text).length < 3 * channel.limits.limit:
        written = splitting.posts(text, lambda one: lengths.counted(kind, one), most)
        assert written == splitting.posts(text, channel.measure, most)
