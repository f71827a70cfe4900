from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.lexical import Bm25, Likeness, Spelling, fold, stem, tokens

TERMS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6)
DOCUMENTS = st.lists(TERMS, max_size=5)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("charge", "charged", "charges", "charging")),
        ("en", ("cancel", "cancelled")),
        ("en", ("city", "cities")),
        ("en", ("stop", "stopped", "stops")),
        ("en", ("address", "addresses")),
        ("de", ("zahlung", "zahlungen")),
        ("de", ("karte", "karten")),
        ("de", ("doppelt", "doppelte", "doppelten", "doppeltes")),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, words: tuple[str, ...]) -> None:
    assert len({stem(word, language) for word in words}) == 1


def test_other_languages_stay_whole() -> None:
    assert stem("marchés", "fr") == "marchés"


def test_tokens_leave_out_what_tells_nothing() -> None:
    assert tokens("You charged my Card!") == [("charg", "charged"), ("card", "card")]
    assert [word for _, word in tokens("Is it not my card?", every=True)] == [
        *("is", "it", "not", "my", "card")
    ]
    assert [word for _, word in tokens("What happens when you die?")] == ["happens", "die"]


def test_scripts_without_spaces_go_in_pairs() -> None:
    assert [word for word, _ in tokens("二重請求", "ja")] == ["二重", "重請", "請求"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("chraged", "charged"), ("refnd", "refund"), ("refuund", "refund"), ("rexund", "refund")],
)
def test_one_slip_is_mended(wrong: str, right: str) -> None:
    assert Spelling(["refund", "charged", "card"]).mend(wrong) == right


@pytest.mark.parametrize("word", ["cart", "defund", "rexunx", "refund", "", "x"])
def test_other_words_stay(word: str) -> None:
    assert Spelling(["refund", "charged", "card"]).mend(word) == word


@given(st.text("abcdef", min_size=5, max_size=9), st.integers(1, 8), st.sampled_from("xyz"))
def test_every_single_slip_after_the_first_letter_is_mended(word: str, at: int, new: str) -> None:
    at = min(at, len(word) - 1)
    spelling = Spelling([word])
    assert spelling.mend(word[:at] + new + word[at + 1 :]) == word
    assert spelling.mend(word[:at] + new + word[at:]) == word
    assert spelling.mend(word[:at] + word[at + 1 :]) == word


@given(DOCUMENTS, TERMS)
def test_scores_are_shares(documents: list[list[str]], asked: list[str]) -> None:
    for index in (Bm25(documents), Likeness(documents)):
        scores = index.score(asked)
        assert len(scores) == len(documents)
        for score, document in zip(scores, documents, strict=True):
            assert 0 <= score <= 1 + 1e-9
            assert (score > 0) == bool(set(document) & set(asked))


@given(DOCUMENTS.filter(bool))
def test_a_document_is_most_like_itself(documents: list[list[str]]) -> None:
    index = Likeness(documents)
    for number, document in enumerate(documents):
        if document:
            scores = index.score(document)
            assert scores[number] == pytest.approx(1)
            assert max(scores) <= scores[number] + 1e-9


@given(st.text(max_size=60))
def test_folding_and_taking_apart_never_fail(text: str) -> None:
    assert all(word for _, word in tokens(fold(text)))
