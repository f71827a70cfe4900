"""How likely a text is a complaint."""

from __future__ import annotations

import pytest
from core.triage.labelled import auc, said, to_read
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.triage import Complaint, Complaints, cues, cues_abroad, read
from crisisroom.lexicon import english

JUDGE = Complaints(english())


def of(text: str, lang: str = "en") -> Complaint:
    return JUDGE.of(read(text), lang)


def test_complaints_of_many_trades_come_first() -> None:
    sayings = said()
    scores = [of(text, "").likelihood for _, text in sayings]
    wanted = [label == "complaint" for label, _ in sayings]
    assert auc(scores, wanted) > 0.95
    assert to_read(scores, wanted) < 0.6
    words_only = Complaints({})
    alone = [words_only.of(read(text)).likelihood for _, text in sayings]
    assert auc(scores, wanted) >= auc(alone, wanted) - 0.005


def test_the_lexicon_adds_to_the_cues() -> None:
    assert (
        of("utterly dull and boring food").likelihood
        > Complaints({}).of(read("utterly dull and boring food"), "en").likelihood
    )


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("the agent was not helpful", "the agent was helpful"),
        ("thanks for losing my bag", "thanks for finding my bag"),
        ("you did not fix it", "you did fix it"),
        ("waiting for 3 hours", "waiting for the bus"),
        ("my app is broken AGAIN and it NEVER works", "my app is broken again and it never works"),
        ("great, yet another delay", "great, an early arrival"),
        ("the crew was great but the seat was broken", "the seat was broken, the crew was great"),
        ("why is there no reply??", "is there a reply?"),
        ("landed 😡", "landed 😍"),
        ("#ferrowfail", "#ferrow"),
        ("nobody answers", "nobody answers https://news.example/a"),
    ],
)
def test_the_worse_of_two_is_the_likelier_complaint(worse: str, better: str) -> None:
    assert of(worse).likelihood > of(better).likelihood


def test_the_words_that_speak_for_it_are_shown() -> None:
    assert of("I was charged twice and nobody replies").telling[:2] == ("charged twice", "nobody")
    assert of("lovely day").telling == ()


def test_a_word_counts_once() -> None:
    assert of("worst worst worst worst").parts == of("worst").parts


def test_a_language_without_words_is_left_unjudged() -> None:
    japanese = of("とても悪い terrible worst", "ja")
    assert not japanese.judged
    assert japanese.parts == ()
    assert not of("Это ужасно, верните деньги", "").judged
    assert of("terrible", "en-GB").judged


@pytest.mark.parametrize(
    ("lang", "complaint", "thanks"),
    [
        ("de", "seit tagen keine antwort, unverschämt", "vielen dank"),
        ("fr", "toujours pas de remboursement, inadmissible", "merci beaucoup"),
        ("es", "sigo sin reembolso, qué vergüenza", "muchas gracias"),
        ("it", "che vergogna, ancora nessuna risposta", "grazie mille"),
        ("pt", "ainda não chegou, péssimo", "muito obrigada"),
        ("nl", "nog steeds geen reactie, schandalig", "bedankt"),
    ],
)
def test_six_more_languages_have_words(lang: str, complaint: str, thanks: str) -> None:
    assert of(complaint, lang).likelihood > 0.7 > 0.3 > of(thanks, lang).likelihood
    assert of(complaint, "").likelihood > 0.5


def test_english_words_say_nothing_in_another_language() -> None:
    assert of("fail worst crash", "de").parts == ()


@pytest.mark.parametrize("module", [cues, cues_abroad])
def test_the_tables_hold_each_cue_once_and_as_it_is_looked_up(module: object) -> None:
    table = vars(module)["ALL"]
    assert all(2 <= len(phrase) <= 4 for phrase in vars(module)["PHRASES"])
    for cue in table:
        assert read(cue).words == tuple(cue.split()), cue


@given(st.text(max_size=200), st.sampled_from(["", "en", "de", "ja", "x" * 50]))
def test_a_likelihood_is_one_whatever_is_said(text: str, lang: str) -> None:
    found = of(text, lang)
    assert 0 <= found.likelihood <= 1
    assert [part.weight for part in found.parts] == sorted(
        (part.weight for part in found.parts), reverse=True
    )
