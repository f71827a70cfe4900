"""Lengths as the networks count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from length_texts import texts

from crisisroom.channels.lengths import (
    Measure,
    bluesky,
    counted,
    graphemes,
    mastodon,
    plain,
    short_mentions,
)

FAMILY = "👩\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("e\u0301", 1),
        (FAMILY, 1),
        ("🇩🇪🇫🇷", 2),
        ("नमक", 3),
        ("a\r\nb", 3),
        ("👍🏽", 1),
        ("한국", 2),
    ],
)
def test_graphemes(text: str, length: int) -> None:
    assert graphemes(text) == length
    assert plain(text) == Measure(length, 0)
    assert bluesky(text) == Measure(length, 300)
    assert mastodon(text).length == length


LONG = "https://a.example/" + "x" * 200


@pytest.mark.parametrize(
    ("text", "length"),
    [
        (LONG, 23),
        ("http://a.io", 23),
        (f"see {LONG}.", 4 + 23 + 1),
        (f"({LONG})", 25),
        (f"{LONG} {LONG}", 47),
        (f"{LONG}\n\n{LONG}", 48),
        ("https://a.example/(x)", 23),
        ("https://a.example/x!?", 25),
        ("https://localhost/x", 19),
        ("https://", 8),
        ("a.example/x", 11),
        ("https://ä.example/ü", 23),
        ("@pat@fans.test", 4),
        ("@pat@fans.test thanks", 11),
        ("@pat", 4),
        ("@pat_1.x@fans-1.test!", 9),
        ("mail pat@fans.test", 18),
        ("x@pat@fans.test", 15),
        ("/@pat@fans.test", 15),
        ("@pat@fans.test@more", 9),
        ("https://fans.test/@pat@fans.test", 23),
        ("@pat@", 5),
    ],
)
def test_mastodon_counts(text: str, length: int) -> None:
    assert mastodon(text).length == length


def test_limits() -> None:
    assert mastodon("x" * 500).fits
    assert not mastodon("x" * 501).fits
    assert mastodon("x" * 501).left == -1
    assert mastodon(LONG, limit=20, url_length=20).fits
    assert plain("x" * 10_000).fits
    assert not bluesky("x" * 301).fits


@given(st.text())
def test_any_text_has_a_length(text: str) -> None:
    assert 0 <= graphemes(text) <= len(text)
    if len(text.encode("utf-8", "surrogatepass")) <= 3000:
        assert bluesky(text).length == plain(text).length
    assert mastodon(text).length >= 0


@given(st.lists(st.sampled_from(["word", LONG, "@pat@fans.test", FAMILY]), max_size=20))
def test_parts_add_up(parts: list[str]) -> None:
    lengths = {"word": 4, LONG: 23, "@pat@fans.test": 4, FAMILY: 1}
    expected = sum(lengths[part] for part in parts) + max(0, len(parts) - 1)
    assert mastodon(" ".join(parts)).length == expected


@given(st.text(alphabet="@a.-_ é/=", max_size=60))
def test_shortening_mentions_is_done_once(text: str) -> None:
    short = short_mentions(text)
    assert len(short) <= len(text)
    assert text.count(" ") == short.count(" ")


def test_hostile_text_is_counted_soon() -> None:
    for text in ("@" * 50_000, "@a" * 50_000, "@a." * 50_000, "https://" * 50_000, "a.-" * 50_000):
        assert mastodon(text).length > 0


@pytest.mark.parametrize(
    ("text", "left"),
    [("x" * 300, 0), ("x" * 301, -1), (FAMILY * 166, 134), (FAMILY * 167, -6), ("é" * 300, 0)],
)
def test_bluesky_has_a_limit_in_bytes_too(text: str, left: int) -> None:
    assert bluesky(text).left == left
    assert counted("bluesky", text) == bluesky(text)


def test_two_hundred_texts_count_as_graphemes_everywhere() -> None:
    for _, text in texts():
        assert bluesky(text).length == graphemes(text)
        assert mastodon(f"{text}\nx").length == mastodon(text).length + 2
