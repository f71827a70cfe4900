from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.playbook import Answer, KeyMessage, Playbook
from crisisroom.core.suggest import FITS, Suggester

MESSAGES = (
    KeyMessage(
        "apology",
        "apology",
        "We are sorry. You were charged twice, and that is our mistake.",
        ("charged twice", "card"),
    ),
    KeyMessage(
        "refund",
        "refund date",
        "The second payment goes back to your card by {{fact.refund_by}}.",
        ("refund", "money back"),
    ),
    KeyMessage("voucher", "voucher", "You get a voucher for the next month."),
)
FAQ = (
    Answer("safe", "Is my card safe?", "No card data was involved.", ("bank", "hacked")),
    Answer("app", "Does the app work?", "Yes, the app works and your ticket is valid."),
)
POSTS = st.text(
    st.one_of(st.characters(), st.sampled_from("charged twice refund card app ")), max_size=80
)


def playbook(**more: Any) -> Playbook:
    return Playbook(
        **{
            "schema": 1,
            "id": "x",
            "title": "x",
            "version": 1,
            "key_messages": MESSAGES,
            "faq": FAQ,
            **more,
        }
    )


SUGGESTER = Suggester(playbook())


@pytest.mark.parametrize(
    ("post", "best", "why"),
    [
        ("You charged my card TWICE. My rent goes out Monday", "apology", "charged twice, card"),
        ("i was chraged twice!!", "apology", "says charged twice"),
        ("when do I get my money back", "refund", "says money back"),
        ("should i call my bank? was I hacked", "safe", "says bank, hacked"),
        ("is the app down", "app", "asks about app"),
        ("vouchers?", "voucher", "speaks of voucher"),
        ("are tickets valid", "app", "its words: ticket, valid"),
    ],
)
def test_the_entry_that_fits_comes_first_and_says_why(post: str, best: str, why: str) -> None:
    first = SUGGESTER.rank(post)[0]
    assert first.id == best
    assert why in first.why
    assert first.kind == ("faq" if best in ("safe", "app") else "key_message")


def test_what_fits_is_worth_putting_into_a_draft_and_the_rest_is_not() -> None:
    assert SUGGESTER.rank("You charged my card twice")[0].score >= FITS
    assert all(one.score < FITS for one in SUGGESTER.rank("Lovely weather in the park today"))


@pytest.mark.parametrize("post", ["", "  ", "?!", "🙂", "\u200b"])
def test_a_post_without_words_gets_no_suggestion(post: str) -> None:
    assert SUGGESTER.rank(post) == ()


def test_a_playbook_without_words_suggests_nothing() -> None:
    assert Suggester(playbook(key_messages=(), faq=())).rank("charged twice") == ()


def test_cues_weigh_most() -> None:
    plain = KeyMessage("plain", "charged twice", "You were charged twice.")
    cued = KeyMessage("cued", "money", "It comes back.", ("charged twice",))
    ranked = Suggester(playbook(key_messages=(plain, cued), faq=())).rank(
        "I was charged yesterday, then twice more on the same account by your shop"
    )
    assert ranked[0].id == "cued"


def test_a_cue_of_many_entries_tells_less() -> None:
    shared = tuple(KeyMessage(f"k{n}", f"t{n}", "Words.", ("outage",)) for n in range(4))
    alone = Suggester(playbook(key_messages=shared[:1], faq=())).rank("an outage")[0]
    among = Suggester(playbook(key_messages=shared, faq=())).rank("an outage")[0]
    assert among.score < alone.score


def test_a_cue_that_any_post_may_have_tells_little() -> None:
    news = KeyMessage("news", "news", "We write again at four.", ("when",))
    (found,) = Suggester(playbook(key_messages=(news,), faq=())).rank("when will it be fixed?")
    assert found.why == "says when"
    assert found.score < FITS


def test_what_colleagues_chose_is_lifted_and_told() -> None:
    before = {one.id: one.score for one in SUGGESTER.rank("refund my card")}
    after = SUGGESTER.rank("refund my card", chosen_before={"safe": 6, "apology": 1})
    scores = {one.id: one.score for one in after}
    assert before["safe"] < scores["safe"] <= 1
    assert scores["refund"] == before["refund"]
    assert next(one.why for one in after if one.id == "safe").endswith("; used 6 times")
    assert next(one.why for one in after if one.id == "apology").endswith("; used once")


def test_earlier_posts_teach() -> None:
    post = "le portique refuse de s'ouvrir"
    assert all(one.id != "voucher" for one in SUGGESTER.rank(post))
    learnt = Suggester(playbook(), {"voucher": ("le portique ne s'ouvre pas", "portique en panne")})
    first = learnt.rank(post)[0]
    assert (first.id, first.why) == ("voucher", "like posts answered with it")


def test_answers_to_one_question_stand_together() -> None:
    faq = (
        Answer("a1", "How do I cancel?", "In the app, under settings."),
        Answer("b", "How do I pay?", "Cancel the direct debit at your bank first."),
        Answer("a2", "how do I cancel?", "Write to us by post."),
    )
    ranked = Suggester(playbook(key_messages=(), faq=faq)).rank("how can I cancel in the app")
    assert [one.id for one in ranked] == ["a1", "a2", "b"]


def test_german_forms_and_misspellings() -> None:
    messages = (
        KeyMessage("a", "Entschuldigung", "Es tut uns leid.", ("doppelt abgebucht",)),
        KeyMessage("r", "Rückzahlung", "Das Geld kommt bald.", ("Geld zurück", "Erstattung")),
    )
    suggester = Suggester(playbook(key_messages=messages, faq=(), language="de-DE"))
    assert suggester.rank("Ihr habt doppelt abgebucht!")[0].id == "a"
    assert suggester.rank("wann kriege ich mein Geld zurück")[0].id == "r"
    assert suggester.rank("Erstatung??")[0].why == "says Erstattung"


OWN_WORDS = frozenset(
    word.strip(",:;.?!").casefold()
    for entry in (*MESSAGES, *FAQ)
    for text in (
        *entry.when,
        *(
            (entry.title, entry.text)
            if isinstance(entry, KeyMessage)
            else (entry.question, entry.answer)
        ),
    )
    for word in text.split()
)
PHRASES = frozenset({"says", "speaks", "of", "asks", "about", "its", "words", "worded", "alike"})


@given(POSTS)
def test_a_reason_never_quotes_the_post(post: str) -> None:
    for one in SUGGESTER.rank(post):
        words = {word.strip(",:;").casefold() for word in one.why.split()}
        assert words <= OWN_WORDS | PHRASES


@given(POSTS, st.integers(0, 6))
def test_ranks_are_ordered_bounded_and_repeatable(post: str, limit: int) -> None:
    ranked = SUGGESTER.rank(post, limit=limit)
    assert len(ranked) <= limit
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert all(0 < one.score <= 1 for one in ranked)
    assert len({one.id for one in ranked}) == len(ranked)
    assert ranked == SUGGESTER.rank(post, limit=limit)
