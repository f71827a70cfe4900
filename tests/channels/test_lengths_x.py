"""X's weighted lengths: vectors after its published rules, and what holds for every text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.channels.lengths import Limits, Measure, counted, x

LONG = "https://acme.com/" + "x" * 200
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("This is a test.", 15),
        ("a\nb", 3),
        ("Größe, señor, Привет", 20),
        ("שלום مرحبا नमस्ते", 17),
        ("e\u0301", 1),
        ("\u1100", 2),
        ("\u10ff\u1100", 3),
        ("한국", 4),
        ("日本語、", 8),
        ("\u2000\u200d\u2010\u201f\u2032\u2037", 6),
        ("\u200e\u200f\u2020\u2031\u2038\u2026", 12),
        ("“quoted” – it’s", 15),
        ("€", 2),
        ("\U00010000\U0010ffff", 4),
        ("H🐱☺", 5),
    ],
)
def test_letters(text: str, length: int) -> None:
    assert x(text) == Measure(length, 280)


@pytest.mark.parametrize(
    ("emoji", "length"),
    [
        ("😀", 2),
        (FAMILY, 2),
        ("👍🏽", 2),
        ("👩🏽\u200d🚒", 2),
        ("❤\ufe0f", 2),
        ("❤", 2),
        ("👁\ufe0f\u200d🗨\ufe0f", 2),
        ("🏳\ufe0f\u200d🌈", 2),
        (SCOTLAND, 2),
        ("🇩🇪", 2),
        ("🇩🇪🇫🇷", 4),
        ("1\ufe0f\u20e3", 2),
        ("#\u20e3", 2),
        ("©", 1),
        ("©\ufe0f", 2),
        ("❤\ufe0e", 4),
        ("😀🏽", 4),
    ],
)
def test_emoji(emoji: str, length: int) -> None:
    assert x(emoji).length == length
    assert x(f"so {emoji}!").length == length + 4
    assert x(emoji * 3).length == 3 * length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("http://test.com", 23),
        ("https://test.com", 23),
        ("HTTPS://www.TEST.COM/Index.html", 23),
        ("test.com", 23),
        ("Test https://test.com test https://test.com test.com test", 86),
        (LONG, 23),
        (f"see {LONG}.", 28),
        (f"({LONG})", 25),
        ("https://en.wikipedia.org/wiki/A_(b)", 23),
        ("https://acme.com/a,b.", 24),
        ("https://acme.com/?q=a&b=c#d", 23),
        ("https://acme.com#d", 25),
        ("https://acme.com:8443/x", 23),
        ("https://sub.acme.co.uk/x", 23),
        ("https://acme.comです", 27),
        ("これはacme.comです", 33),
        ("https://acme.com/日本", 27),
        ("https://acme.com/Русские_слова", 23),
        ("visit acme.com.", 30),
        ("acme.com.foo", 27),
        ("http://☃.net/", 23),
        ("http://test_it.acme.com", 23),
        # no links: an address, a handle, a host without an ending, a number
        ("mail pat@fans.com", 17),
        ("first.last@fans.com", 19),
        ("@pat.bsky.social", 16),
        ("#acme.com", 9),
        ("http://localhost/x", 18),
        ("http://192.168.0.1/x", 20),
        ("https://user:pass@acme.com", 26),
        ("version 2.0.1 e.g. now", 22),
        # an ending that we do not know: whichever counts more
        ("a.unknownending", 23),
        ("https://a.unknownending/" + "x" * 100, 124),
    ],
)
def test_links(text: str, length: int) -> None:
    assert x(text).length == length


def test_where_it_ends() -> None:
    assert x("x" * 280).fits
    assert not x("x" * 281).fits
    assert x("の" * 140).fits
    assert not x("の" * 141).fits
    assert x("🐱" * 140).fits
    assert x(FAMILY * 140).fits
    assert x("x" * 256 + " https://acme.com/" + "y" * 500).fits
    assert counted("x", "の" * 150) == Measure(300, 280)
    assert counted("x", "の", Limits(limit=4000)) == Measure(2, 4000)


@given(st.text())
def test_any_text_has_a_weight(text: str) -> None:
    length = x(text).length
    assert 0 <= length <= 2 * len(unicodedata.normalize("NFC", text)) + 23 * text.count(".")
    assert length == x(unicodedata.normalize("NFC", text)).length
    assert length == x(unicodedata.normalize("NFD", text)).length


_PARTS = {"word": 4, "Größe": 5, "日本": 4, LONG: 23, "acme.com": 23, FAMILY: 2, "@pat": 4, "🇩🇪": 2}


@given(st.lists(st.sampled_from(sorted(_PARTS)), max_size=30))
def test_parts_add_up(parts: list[str]) -> None:
    expected = sum(_PARTS[part] for part in parts) + max(0, len(parts) - 1)
    assert x(" ".join(parts)).length == expected


@given(st.text(alphabet="ab日é😀 \n", max_size=80), st.text(alphabet="ab日é😀 \n", max_size=80))
def test_without_links_two_texts_weigh_what_each_does(one: str, other: str) -> None:
    assert x(f"{one} {other}").length == x(one).length + x(other).length + 1


@given(st.text(alphabet="a.:/@-()?#é日 ", max_size=80))
def test_what_looks_like_links_is_counted_at_least_once(text: str) -> None:
    assert x(text).length >= len(text.replace("https://", "")) - 200


HOSTILE = ("é", "a.", "https://", "a", "a-", "(a", "👩\u200d", "🇩", "1\ufe0f", "a.com.", "a.com/(")


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_is_counted_soon(unit: str) -> None:
    for text in (unit * 30_000, f"https://a.com/{unit * 30_000}", f"https://a.com?{unit * 30_000}"):
        assert x(text).length > 0


@pytest.mark.parametrize("kind", ["reddit", "wordpress", "mail", "matrix", "slack", "webhook"])
def test_other_networks_count_too(kind: str) -> None:
    assert counted(kind, "We know.").length == 8
    assert counted(kind, "We know.").fits


def test_reddit_counts_its_markdown() -> None:
    assert counted("reddit", "a*b") == Measure(4, 10_000)
    assert not counted("reddit", "*" * 5_001).fits
