"""Strangers' text on the way to a screen, our own words, and what both measure in cells."""

from __future__ import annotations

import ast
import sys
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crisisroom.text import (
    Flaw,
    cells,
    check_own,
    clean,
    clean_line,
    clip,
    from_lossless,
    lossless,
    require_own,
    shown_raw,
)

FAMILY = "👨\u200d👩\u200d👧"
PERSIAN = "می\u200cخواهم"
HOSTILE = "\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\x9d\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u202e"
HOSTILE += "\u2028\u2066\u2069\u3164\ud800\udfff\ue000\ufe0f\ufe0e\ufeff\ufff9\ufffe\u0301\u0316"
HOSTILE += "\u20e3\u1100\u1161\u11a8\u0958\u093c\u094d\u212a\u037e\u2000\u3000\u00a0\u2329"
HOSTILE += "\U000e0041\U000e0100\U0001f1e9\U0001f3fd\U0001f468\U0010eeee\U0001d165 aeя…"

anything = st.text(
    st.sampled_from(HOSTILE) | st.characters(exclude_categories=()), max_size=60
) | st.text(st.sampled_from(HOSTILE), max_size=60)


def is_harmful(char: str) -> bool:
    """Tell, by Unicode's own categories, whether a character may not reach a screen."""
    if char in "\n\t\u200c\u200d":
        return False
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def chunks(size: int = 4096) -> Iterator[str]:
    """Yield every code point there is, each on a letter, `size` to a text."""
    for start in range(0, sys.maxunicode + 1, size):
        yield "".join(f"я{chr(code)}" for code in range(start, start + size))


def most_marks(text: str) -> int:
    most = run = 0
    for char in text:
        if "\ufe00" <= char <= "\ufe0f" or char in "\u200c\u200d":
            continue
        run = run + 1 if unicodedata.category(char)[0] == "M" else 0
        most = max(most, run)
    return most


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred", "\u241b[31mred"),
        ("\x00\x07\x08\x0b\x0c\x1f", "\u2400\u2407\u2408\u240b\u240c\u241f"),
        ("a\x7fb", "a\u2421b"),
        ("\x80\x9b2J\x9d", "\ufffd\ufffd2J\ufffd"),
        ("one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("\ud83d alone", "\ufffd alone"),
        ("abc\u202edef\u202c \u2066x\u2069 \u061c\u200e\u200f", "abcdef x "),
        ("pay\u200b\u2060\u00ad\ufeff\u180epal", "paypal"),
        ("x\U000e0041\U000e007f\U000e0100y", "xy"),
        ("\ufff9a\ufffab\ufffb", "ab"),
        ("\ue000\uf8ff\U0010eeee\ufffe\U0001ffff", "\ufffd" * 5),
        ("\u3164\uffa0name", "name"),
        ("e\u0301", "é"),
        ("z" + "\u0316" * 50, "z" + "\u0316" * 4),
        ("\u0301loose\n\u0301 \u0301", "loose\n "),
        ("☺\ufe0f\ufe0f\ufe0e", "☺\ufe0f"),
        (FAMILY, FAMILY),
        (PERSIAN, PERSIAN),
        ("a\u200db я\u200db b\u200dя", "ab яb bя"),
        ("я\u200c\u200d\u200dя\u200d", "я\u200cя"),
    ],
)
def test_clean_replaces_what_drives_a_terminal(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  two\r\n\n lines\t\u00a0\u3000here ", "two lines here"),
        ("", ""),
        ("\u200b\n ", ""),
        (FAMILY, "👨👩👧"),
        ("❤\ufe0f 👍🏽 1\ufe0f\u20e3", "❤ 👍 1"),
        ("🇩🇪🇫🇷", "DEFR"),
        ("\u1100\ufe0f\u1161", "가"),
        ("\u0301 \u0301b", "b"),
        (PERSIAN, "میخواهم"),
    ],
)
def test_clean_line_is_one_line_of_certain_width(raw: str, shown: str) -> None:
    assert clean_line(raw) == shown


def test_no_code_point_passes_that_may_not() -> None:
    for raw in chunks():
        block, line = clean(raw, limit=100_000), clean_line(raw, limit=100_000)
        assert not any(map(is_harmful, block + line))
        assert clean(block, limit=100_000) == block
        assert clean_line(line, limit=100_000) == line


@settings(max_examples=1500)
@given(anything, st.integers(-1, 80))
@example("\u212a\u200d\u0301\u200dя", 20)
@example("\u1100\u200d\u1161\u200d\u11a8", 20)
@example("я\ufe0f\u0301\ufe0f\u0316\u0301\u0316\u0301", 20)
@example("\u0958" * 20, 20)
@example("я\u200dяя\u200dя", 4)
def test_clean_holds_its_promises(raw: str, limit: int) -> None:
    text = clean(raw, limit=limit)
    assert len(text) <= max(limit, 0)
    assert clean(text, limit=limit) == text
    assert unicodedata.is_normalized("NFC", text)
    assert not any(map(is_harmful, text))
    assert most_marks(text) <= 4


@settings(max_examples=1500)
@given(anything, st.integers(-1, 80))
@example("\u0301 \u0301b", 20)
def test_clean_line_holds_its_promises(raw: str, limit: int) -> None:
    text = clean_line(raw, limit=limit)
    assert len(text) <= max(limit, 0)
    assert text == " ".join(text.split())
    assert clean_line(text, limit=limit) == text == clean(text, limit=limit)
    assert not any(map(is_harmful, text))
    assert not set(text) & set("\u200c\u200d\ufe0f")


@given(st.text(st.sampled_from("Grüße, мир! 日本語 한국어 עברית ไทย हिन्दी naïve 😀\n\t")))
def test_clean_leaves_ordinary_text_of_any_language(text: str) -> None:
    letters = "x" + text.replace("\u0e44", "").replace("\n", "\nx").replace("\t", "\tx")
    words = unicodedata.normalize("NFC", letters.replace(" ", " x"))
    if most_marks(words) <= 4:
        assert clean(words) == words


def test_what_is_cut_says_so_and_keeps_whole_letters() -> None:
    assert clean("x" * 30, limit=10) == "x" * 9 + "…"
    assert clean("x" * 10, limit=10) == "x" * 10
    assert clean("aaя\u0316\u0317\u0318b", limit=5) == "aa…"
    assert clean("я\u200dяя", limit=3) == "я…"
    assert clean_line("word " * 40, limit=12) == "word word w…"
    assert clean("\u200b" * 500_000 + "far away", limit=10) == "…"


def test_a_flood_of_marks_is_cut_before_it_costs() -> None:
    assert clean("e" + "\u0316\u0301" * 500_000) == "é\u0316\u0316\u0301…"


@given(st.text(st.characters(exclude_categories=())))
@example("\ud83d\ude00 \udc00\x00")
def test_evidence_is_kept_without_loss(raw: str) -> None:
    assert from_lossless(lossless(raw)) == raw


@given(anything)
def test_raw_text_is_shown_as_plain_ascii(raw: str) -> None:
    shown = shown_raw(raw)
    assert shown.isascii()
    assert shown.isprintable()
    assert ast.literal_eval(shown) == raw


@pytest.mark.parametrize(
    ("char", "what"),
    [
        ("\x00", "control character U+0000"),
        ("\r", "control character U+000D"),
        ("\x1b", "control character U+001B"),
        ("\x7f", "control character U+007F"),
        ("\x9b", "control character U+009B"),
        ("\u202e", "direction control U+202E"),
        ("\u061c", "direction control U+061C"),
        ("\u2067", "direction control U+2067"),
        ("\U000e0041", "tag character U+E0041"),
        ("\udc80", "half a character U+DC80"),
        ("\u200b", "invisible character U+200B"),
        ("\u00ad", "invisible character U+00AD"),
        ("\ufeff", "invisible character U+FEFF"),
        ("\u2028", "invisible line end U+2028"),
        ("\ufffa", "annotation mark U+FFFA"),
        ("\ufffe", "code that is no character U+FFFE"),
    ],
)
def test_our_own_words_may_not_hide_anything(char: str, what: str) -> None:
    text = f"We know.\n\nWe{char} are sorry.{char}"
    assert check_own(text) == [Flaw(3, 3, what), Flaw(3, 15, what)]
    with pytest.raises(ValueError, match=r"^playbook\.yaml: line 3, column 3: ") as caught:
        require_own(text, "playbook.yaml")
    assert what in str(caught.value)
    assert clean(str(caught.value)) == str(caught.value)


@pytest.mark.parametrize("text", [FAMILY, PERSIAN, "e\u0301\n\tx", "❤\ufe0f", "葛\U000e0100", ""])
def test_our_own_words_are_kept_exactly(text: str) -> None:
    assert check_own(text) == []
    assert require_own(text) is text


@given(st.lists(anything, max_size=4).map("\n".join))
def test_a_flaw_stands_where_it_is_said_to(text: str) -> None:
    lines = text.split("\n")
    for flaw in check_own(text):
        assert flaw.what.endswith(f"U+{ord(lines[flaw.line - 1][flaw.column - 1]):04X}")


@given(anything)
def test_our_own_words_without_flaw_drive_no_terminal(text: str) -> None:
    if not check_own(text):
        harmful = {char for char in text if is_harmful(char)}
        assert all(unicodedata.category(char) in ("Co", "Cf") for char in harmful)
        assert "\x1b" not in text


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("plain", 5),
        ("日本語", 6),
        ("ｗｉｄｅ", 8),
        ("e\u0301", 1),
        ("한국어", 6),
        ("\u1112\u1161\u11ab", 2),
        ("😀", 2),
        ("❤\ufe0f", 2),
        ("\ufe0f", 0),
        (FAMILY, 2),
        ("👍🏽", 2),
        ("🇩🇪", 2),
        ("a\u200bb\x1b", 2),
        ("漢\u200d字", 4),
        ("क्षि", 2),
        ("…", 1),
    ],
)
def test_cells_are_what_a_terminal_uses(text: str, width: int) -> None:
    assert cells(text) == width


def test_clip_cuts_between_letters() -> None:
    assert clip("日本語テキスト", 7) == "日本語…"
    assert clip("日本語テキスト", 6) == "日本…"
    assert clip("日本語", 6) == "日本語"
    assert clip("e\u0301e\u0301e\u0301", 2) == "e\u0301…"
    assert clip("abc", 1) == "…"
    assert clip("abc", 0) == clip("abc", -3) == ""
    assert clip("", 0) == ""
    assert clip(FAMILY * 3, 4) == FAMILY + "…"


@given(anything, st.integers(-1, 40))
def test_clip_never_takes_more_than_its_width(text: str, width: int) -> None:
    clipped = clip(text, width)
    assert cells(clipped) <= max(width, 0)
    assert clipped == text or text.startswith(clipped.removesuffix("…"))
    assert (cells(text) <= width) == (clipped == text) or width < 1
