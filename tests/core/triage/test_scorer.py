"""The priority of a mention, and its reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.triage import About, Scored, Scorer
from crisisroom.core.triage.scorer import REASONS, rounded
from crisisroom.lexicon import english

SCORER = Scorer(english())
DULL = "on my way to the office"


def score(text: str, **about: object) -> Scored:
    return SCORER.score(text, About(**about))  # type: ignore[arg-type]


def test_a_plain_complaint_says_its_words() -> None:
    scored = score("still waiting for my refund, where is it?")
    assert scored.complaint > 0.75
    assert scored.priority > 0.6
    assert scored.why[0] == "likely a complaint: 'still waiting', 'refund'"
    assert "asks a question" in scored.why


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"reach": 12_400}, "12k reach"),
        ({"kind": "article"}, "press"),
        ({"name": "Kim Doe, reporter"}, "press"),
        ({"handle": "daily_newsdesk"}, "press"),
        ({"direct": True}, "addressed to us"),
        ({"earlier": 2}, "3 mentions from them"),
        ({"risks": ("office",)}, "says 'office'"),
    ],
)
def test_whatever_matters_raises_it_and_is_said(about: dict[str, object], reason: str) -> None:
    scored, plain = score(DULL, **about), score(DULL)
    assert reason in scored.why
    assert scored.priority > plain.priority
    assert scored.complaint == plain.complaint


def test_a_journalist_is_known_by_what_they_ask() -> None:
    assert "press" in score("I'm a reporter with the Post, can we talk?").why
    assert "press" not in score("press the button, it is a long story").why


def test_more_reach_is_more_urgent_up_to_a_bound() -> None:
    steps = [score(DULL, reach=reach).priority for reach in (0, 999, 1_000, 50_000, 10**6, 10**12)]
    assert steps == sorted(steps)
    assert steps[0] == steps[1] < steps[2] < steps[3] < steps[4] == steps[5]


def test_risk_words_are_whole_words_whatever_their_case() -> None:
    risks = ("charged twice", "Rauch", "burn")
    assert score("I was CHARGED TWICE!", risks=risks).risk == ("charged twice",)
    assert score("Burning sunburn, burned", risks=risks).risk == ()
    assert score("da ist rauch", lang="de", risks=risks).risk == ("Rauch",)


def test_risk_words_of_scripts_without_spaces_are_found_within() -> None:
    assert score("返金してください", lang="ja", risks=("返金",)).risk == ("返金",)


def test_an_unjudged_language_says_so_and_still_counts_signs() -> None:
    quiet, loud = score("чайник", lang="ru"), score("ЧАЙНИК СНОВА!!! 😡", lang="ru")
    assert not loud.judged
    assert "words not judged in its language, only signs" in loud.why
    assert loud.priority > quiet.priority


def test_at_most_five_reasons_the_strongest_first() -> None:
    scored = score(
        "WORST KETTLE EVER!! still waiting, it burned me, why??",
        reach=2_000_000, kind="article", direct=True, earlier=3, risks=("burned",),
    )  # fmt: skip
    assert len(scored.why) == REASONS
    assert scored.why[0].startswith("likely a complaint")
    assert scored.why[1] == "says 'burned'"
    assert 0.9 < scored.priority <= 1


def test_the_clicks_are_a_reason() -> None:
    scorer = Scorer(english())
    before = scorer.score("anything about the lighthouse")
    for _ in range(8):
        scorer.learn("the lighthouse is dark", True)
        scorer.learn("a sunny day at sea", False)
    after = scorer.score("anything about the lighthouse")
    assert after.priority > before.priority
    assert after.complaint == before.complaint
    assert any(why.startswith("like those you took: ") for why in after.why)
    assert any(why.startswith("like those you left: ") for why in scorer.score("a sunny day").why)


def test_reach_is_said_as_people_say_it() -> None:
    assert [rounded(reach) for reach in (999, 1_000, 1_250, 12_400, 999_999, 3_400_000)] == [
        "999", "1k", "1.2k", "12k", "999k", "3.4M",
    ]  # fmt: skip


@given(st.text(max_size=120), st.text(max_size=20), st.text(max_size=20))
def test_reasons_are_short_and_harmless(text: str, name: str, risk: str) -> None:
    scored = score(text, name=name, risks=(risk, text[:30]))
    assert 0 <= scored.priority <= 1
    for why in scored.why:
        assert len(why) < 100
        assert why.isprintable()
