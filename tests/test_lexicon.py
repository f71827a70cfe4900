"""The word list that ships."""

from __future__ import annotations

from importlib.resources import files

from crisisroom.lexicon import english, parsed


def test_three_thousand_words_on_the_scale() -> None:
    words = english()
    assert 2500 < len(words) <= 3000
    assert all(-4 <= rating <= 4 and rating for rating in words.values())
    assert words["junk"] < -1 < 1 < words["awesome"]
    assert all(word == word.casefold() and word.strip("'") for word in words)


def test_it_is_small_and_names_its_source() -> None:
    text = files("crisisroom.lexicon").joinpath("english.txt").read_text("utf-8")
    assert len(text) < 40_000
    assert "Hutto" in text[:500]
    assert "MIT" in files("crisisroom.lexicon").joinpath("NOTICE").read_text("utf-8")
    assert len(text.split()) - len(text[: text.index("\n-")].split()) > len(english())


def test_lines_are_a_rating_and_words() -> None:
    assert dict(parsed("# a remark\n-1.50 bad worse\n0.20 ok\n")) == {
        "bad": -1.5, "worse": -1.5, "ok": 0.2,
    }  # fmt: skip
