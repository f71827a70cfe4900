"""What somebody types to narrow the feed: our words, phrases, and what is no word of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.query import Query
from crisisroom.tui.filtering import LOUD, Filter


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("story:n-3 refund", Query(narrative="N-3", text="refund")),
        ("story:3", Query(narrative="N-3")),
        ("about:pass", Query(term="pass", others=None)),
        ("about:others", Query(others=True)),
        ("tag:Press is:free", Query(tag="press", states=("new",))),
        ("is:answer is:answered", Query(verdict="answer", states=("answered",))),
        ("kind:review lang:de", Query(kind="review", lang="de")),
        ('from:"Jonas W." is:thank', Query(author="Jonas W.", verdict="thank")),
        ("loud copies", Query(least_priority=LOUD, copies=True)),
        ('"charged twice" now', Query(text='"charged twice" now')),
        ('"loud"', Query(text='"loud"')),
        ("who:me on:masto on:masto", Query(assignee="ada", sources=("masto",))),
        ("https://x.example/a", Query(text="https://x.example/a")),
        ("at 10:30 Note:this", Query(text="at 10:30 Note:this")),
        ("is: free", Query(text="is: free")),
    ],
)
def test_words_of_ours_narrow(typed: str, query: Query) -> None:
    assert Filter(typed).query("ada") == query
    assert Filter(typed).flaws == ()


@pytest.mark.parametrize(
    ("typed", "flaw"),
    [
        ("stroy:N-3", "stroy: is no filter word: story:?"),
        ("is:anwser", "is:anwser is unknown: is:answer?"),
        ("kind:reviews", "kind:reviews is unknown: kind:review?"),
        ("story:three", "story:three is unknown: a story is called N-3"),
        ("zzz:1", "zzz: is no filter word: is who on in story about tag kind lang from"),
    ],
)
def test_what_is_no_word_of_ours_is_said_and_searched_for(typed: str, flaw: str) -> None:
    assert Filter(typed).flaws == (flaw,)
    assert Filter(typed).query().text == typed


@given(st.lists(st.sampled_from(["is:", "story:", '"', "free", "N-1", " ", "about:", "x", ":"])))
def test_any_mixture_is_a_query(pieces: list[str]) -> None:
    typed = "".join(pieces)
    assert isinstance(Filter(typed).query("ada"), Query)
    assert all(isinstance(flaw, str) for flaw in Filter(typed).flaws)
