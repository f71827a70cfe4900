"""Learning from the room's clicks."""

from __future__ import annotations

import random

import pytest
from core.triage.labelled import auc, said
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.triage import Click, Complaints, Learner, Scorer, read
from crisisroom.lexicon import english

JUDGE = Complaints(english())
STARTS = 8


def clicks(label: str, seed: int) -> list[Click]:
    """Return decisions of a room that takes up one label, in some order."""
    found = []
    for given_label, text in said():
        words = read(text)
        found.append(Click(words, JUDGE.of(words), given_label == label))
    random.Random(seed).shuffle(found)
    return found


def judged(learner: Learner, tests: list[Click]) -> float:
    scores = [learner.leaning(one.said, one.complaint).likelihood for one in tests]
    return auc(scores, [one.wanted for one in tests])


@pytest.mark.parametrize("count", [1, 5, 10, 20, 50, 100])
def test_few_clicks_do_not_make_it_worse_than_the_lexicon(count: int) -> None:
    learnt = alone = 0.0
    for seed in range(STARTS):
        stream = clicks("complaint", seed)
        learnt += judged(Learner(stream[:count]), stream[100:]) / STARTS
        alone += judged(Learner(), stream[100:]) / STARTS
    assert learnt >= alone - 0.004


def test_a_room_that_wants_something_else_gets_it() -> None:
    learnt = alone = 0.0
    for seed in range(STARTS):
        stream = clicks("question", seed)
        learnt += judged(Learner(stream[:100]), stream[100:]) / STARTS
        alone += judged(Learner(), stream[100:]) / STARTS
    assert alone < 0.5
    assert learnt > 0.8


def test_the_words_that_moved_it_are_named() -> None:
    scorer = Scorer(english())
    for _ in range(6):
        scorer.learn("the lighthouse lamp is out", True)
        scorer.learn("a nice sunny afternoon", False)
    liked = read("is the lighthouse open")
    leaning = scorer.learner.leaning(liked, JUDGE.of(liked))
    assert leaning.moved > 0
    assert "lighthouse" in leaning.words
    left = read("sunny here")
    assert scorer.learner.leaning(left, JUDGE.of(left)).words[0] == "sunny"
    assert scorer.learner.leaning(left, JUDGE.of(left)).moved < 0


def test_a_click_taken_back_is_as_if_it_never_was() -> None:
    stream = [(text, label == "complaint", "") for label, text in said()]
    scorer, other = Scorer(english()), Scorer(english())
    scorer.relearn(stream)
    scorer.relearn([*stream[:50], *stream[51:]])
    for text, wanted, lang in [*stream[:50], *stream[51:]]:
        other.learn(text, wanted, lang)
    for text, *_ in stream:
        assert scorer.score(text) == other.score(text)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.text(max_size=80), st.booleans()), max_size=40), st.text(max_size=80))
def test_strangers_words_never_break_the_weights(
    stream: list[tuple[str, bool]], asked: str
) -> None:
    learner = Learner()
    for text, wanted in stream:
        words = read(text)
        learner.learn(Click(words, JUDGE.of(words), wanted))
    words = read(asked)
    leaning = learner.leaning(words, JUDGE.of(words))
    assert 0 <= leaning.likelihood <= 1
    assert len(leaning.words) <= 3
