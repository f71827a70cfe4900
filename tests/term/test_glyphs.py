"""Text as glyphs: as wide as Textual lays out, and whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crisisroom.term.glyphs import certain, doubtful, glyphs, narrow, printable

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@given(st.text())
def test_glyphs_hold_the_text_and_its_width(text: str) -> None:
    found = glyphs(text)
    assert "".join(glyph for glyph, _ in found) == text
    assert all(width in (0, 1, 2) for _, width in found)
    assert sum(width for _, width in found) == cell_len(text)


SIGNS = st.sampled_from("a •…─日한é\u0301\u0937\u093f\u200d\ufe0f\u1100\u1161\u11a8\u0e33\u0600")
EMOJI = st.sampled_from("\U0001f468\U0001f3fd\U0001f1e9\u2764\U000e0041\ue000")


@given(st.text() | st.text(SIGNS | EMOJI | st.characters(), max_size=6))
def test_what_a_glance_says_holds_for_each_glyph(raw: str) -> None:
    text = printable(raw)
    if certain(text):
        assert all(len(glyph) == 1 and not doubtful(glyph) for glyph, _ in glyphs(text))
    if narrow(text) and text.isprintable():
        assert glyphs(text) == tuple((sign, 1) for sign in text)


def test_a_glance_is_enough_for_what_is_written_most() -> None:
    assert certain("• 03:41 masto 日本語 한국어 …")
    assert narrow("▌▸✓»◦✗▿▹│─×♦ £ é …")
    assert not narrow("日")


@given(st.text())
def test_no_control_is_printable(text: str) -> None:
    clean = printable(text)
    assert not any(ord(one) < 32 or 0x7F <= ord(one) < 0xA0 for one in clean)
    assert cell_len(clean) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ab", (("a", 1), ("b", 1))),
        ("e\u0301x", (("e\u0301", 1), ("x", 1))),
        ("\u65e5\u672c", (("\u65e5", 2), ("\u672c", 2))),
        (f"{FAMILY}!", ((FAMILY, 2), ("!", 1))),
        ("\u2764\ufe0f", (("\u2764\ufe0f", 2),)),
        ("\U0001f1e9\U0001f1ea", (("\U0001f1e9\U0001f1ea", 2),)),
        (
            "\U0001f1e9\U0001f1ea\U0001f1eb.",
            (("\U0001f1e9\U0001f1ea", 2), ("\U0001f1eb", 1), (".", 1)),
        ),
        ("\u0301a", (("\u0301", 0), ("a", 1))),
        ("", ()),
    ],
)
def test_what_is_one_glyph(text: str, found: tuple[tuple[str, int], ...]) -> None:
    assert glyphs(text) == found


@pytest.mark.parametrize("glyph", [*"a~ \xe9\u2502\u2588\u65e5\ud55c\u0e01\u0645\u05d0", "e\u0301"])
def test_widths_that_nobody_disputes(glyph: str) -> None:
    assert not doubtful(glyph)


@pytest.mark.parametrize(
    "glyph",
    [
        FAMILY,
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
        "\u2139\ufe0f",  # a letter that asks for its picture
        "\U0001f44d\U0001f3fd",
        "\U0001f1e9",
        "\U0001f1e9\U0001f1ea",
        "\u0937\u093f",
        "\U0001fae9",  # newer than this Python's Unicode
        "\ue000",
        "\u200b",
    ],
)
def test_widths_that_terminals_dispute(glyph: str) -> None:
    assert doubtful(glyph)
