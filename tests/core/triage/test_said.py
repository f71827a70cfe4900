"""Taking a text apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.triage.said import LONGEST, read


def test_words_marks_and_signs_are_told_apart() -> None:
    said = read("@ferrow WHY is my kettle broken?? 3 hours :( https://a.test/x 😡 #NeverAgain")
    assert said.words == (
        "why", "is", "my", "kettle", "broken", "3", "hours", "never", "again",
    )  # fmt: skip
    assert said.marks == (":(", "😡")
    assert (said.asks, said.exclaims, said.links, said.handles) == (2, 0, 1, 1)


def test_a_denial_reaches_three_words_and_not_beyond_a_stop() -> None:
    said = read("I don't really like you guys at all")
    assert [word for word, no in zip(said.words, said.denied, strict=True) if no] == [
        "really", "like", "you",
    ]  # fmt: skip
    assert not any(read("No. That is good").denied)


def test_hashtags_fall_into_their_words() -> None:
    assert read("#ferrowfail").words == ("ferrow", "fail")
    assert read("#worst_day2026").words == ("worst", "day", "2026")


def test_capitals_count_from_four_letters_on() -> None:
    assert read("from JFK to LAX").shouted == 0
    assert read("this is NEVER working AGAIN").shouted == 2


def test_drawn_out_words_are_the_usual_ones() -> None:
    assert read("sooooo worrrrst").words == ("so", "worst")


def test_other_scripts_are_noticed() -> None:
    assert read("Где мой чайник? Ferrow").foreign
    assert not read("Où est mon café déjà payé ?").foreign


def test_entities_and_curly_quotes_are_the_plain_signs() -> None:
    assert read("don\u2019t you &amp; me &lt;3").words == ("don't", "you", "me")
    assert read("you &lt;3").marks == ("<3",)


@given(st.text(max_size=300))
def test_whatever_comes_is_taken_apart(text: str) -> None:
    said = read(text)
    assert len(said.words) == len(said.denied)
    assert all(char.isalnum() or char in "'.,:" for word in said.words for char in word)
    assert min(said.asks, said.exclaims, said.shouted, said.links, said.handles) >= 0


@given(st.text(alphabet="a!?@#:=-('0.,wh", min_size=1, max_size=60))
def test_a_flood_of_signs_is_bounded(text: str) -> None:
    said = read(text * LONGEST)
    assert said == read((text * LONGEST)[:LONGEST])
