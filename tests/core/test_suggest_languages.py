from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.playbook import Answer, KeyMessage, Playbook, Translation
from crisisroom.core.suggest import FITS, Suggester
from crisisroom.core.suggesting.alike import meanings
from crisisroom.core.suggesting.spoken import Spoken

MESSAGES = (
    KeyMessage("back", "What people get back", "You get it all back.", ("refund", "money back")),
    KeyMessage("thieves", "Careful, thieves", "That was not us.", ("phishing", "Betrug")),
    KeyMessage("safe", "Is my card safe?", "No card data was involved.", ("hacked",)),
)
GERMAN = Translation(
    "de-DE",
    words={
        "back": "Sie bekommen alles zurück.",
        "thieves": "Das waren nicht wir. Bitte antworten Sie nicht darauf.",
    },
)
TRANSLATED = Playbook(
    schema=1, id="x", title="x", version=1, key_messages=MESSAGES, translations=(GERMAN,)
)
PLAIN = Playbook(schema=1, id="x", title="x", version=1, key_messages=MESSAGES)
SUGGESTER = Suggester(TRANSLATED)


@pytest.mark.parametrize(
    ("post", "best", "why"),
    [
        ("Wann kommt die Rückzahlung?", "back", "means refund"),
        ("Wurdet ihr gehackt?", "safe", "means hacked"),
        ("Das ist doch Betrug, oder?", "thieves", "says Betrug"),
        ("Bekomme ich alles zurück?", "back", "its words: bekommen, alles, zurück"),
        ("Ist meine Karte noch sicher?", "safe", "speaks of card, safe"),
    ],
)
def test_a_german_post_is_heard_by_a_translated_playbook(post: str, best: str, why: str) -> None:
    first = SUGGESTER.rank(post)[0]
    assert (first.id, first.why) == (best, why)


@pytest.mark.parametrize("post", ["Habt ihr am Feiertag auf?", "Wie groß ist die blaue Jacke?"])
def test_a_german_post_that_nothing_answers_puts_no_words_into_a_draft(post: str) -> None:
    assert all(one.score < FITS for one in SUGGESTER.rank(post))


@pytest.mark.parametrize("post", ["I want a refund", "is my card safe?", "the gift for my brand"])
def test_a_translation_changes_nothing_for_a_post_in_the_playbooks_own_language(post: str) -> None:
    assert SUGGESTER.rank(post) == Suggester(PLAIN).rank(post)


def test_a_cue_heard_by_its_meaning_tells_less_than_one_that_is_said() -> None:
    (said,) = SUGGESTER.rank("Das ist Betrug")
    (meant,) = SUGGESTER.rank("Das sind Betrüger")
    assert (said.id, said.why) == ("thieves", "says Betrug")
    assert (meant.id, meant.why) == ("thieves", "means Betrug")
    assert meant.score < said.score


def test_cues_that_say_the_same_count_once() -> None:
    twice = KeyMessage("back", "What people get back", "All of it.", ("refund", "refunds"))
    once = KeyMessage("back", "What people get back", "All of it.", ("refund",))
    books = [
        Playbook(schema=1, id="x", title="x", version=1, key_messages=(message,))
        for message in (twice, once)
    ]
    (two,), (one,) = (Suggester(book).rank("a refund please") for book in books)
    assert two.why == one.why == "says refund"
    assert two.score == pytest.approx(one.score, abs=0.05)


def test_what_is_learnt_is_known_in_every_language() -> None:
    suggester = Suggester(TRANSLATED, {"thieves": ["da klingelt jemand an der Tür"]})
    assert suggester.rank("bei mir klingelt jemand an der Tür")[0].id == "thieves"
    suggester.learn("safe", ["das Terminal piept nur noch"])
    assert suggester.rank("das Terminal piept")[0].id == "safe"
    suggester.learn("back", ["the terminal beeps all the time"])
    assert suggester.rank("why is the terminal beeping")[0].id == "back"


def test_a_story_in_two_languages_is_one_story() -> None:
    posts = ["I want my money back", "Ich will eine Rückzahlung", "refund please!"]
    first = SUGGESTER.rank_many(posts)[0]
    assert first.id == "back"
    assert first.why.startswith("fits 3 of 3 posts; ")


def test_a_word_with_a_meaning_is_not_taken_for_a_misspelt_one() -> None:
    assert SUGGESTER.rank("Der Betrag ist falsch") == ()
    assert SUGGESTER.rank("Das ist doch Betrugg")[0].why == "says Betrug"


def test_german_words_mean_the_same_in_a_german_playbook() -> None:
    faq = (
        Answer("ende", "Wie kündige ich meinen Vertrag?", "In der App."),
        Answer("zahlen", "Wie kann ich bezahlen?", "Mit der Karte."),
    )
    german = Playbook(schema=1, id="x", title="x", version=1, faq=faq, language="de-AT")
    assert [one.id for one in Suggester(german).rank("Abo stornieren")] == ["ende"]


def test_german_and_english_share_their_meanings() -> None:
    german, english = meanings("de"), meanings("en")
    assert german["erstattung"] == english["refund"] == german["refund"]
    assert meanings("de-AT") == meanings("fr") == {}


def test_a_language_without_word_lists_is_told_by_its_letters() -> None:
    french = Translation("fr", words={"back": "Vous serez remboursé, sans rien demander."})
    both = Playbook(
        schema=1, id="x", title="x", version=1, key_messages=MESSAGES, translations=(french,)
    )
    assert Suggester(both).rank("quand serai-je remboursé ?")[0].id == "back"


def test_a_post_in_no_known_language_is_read_in_the_playbooks_own() -> None:
    spoken = Spoken({"en": ["The money is back."], "de": ["Das Geld ist wieder da."]})
    assert [spoken.language(post) for post in ("", "🙂", "...", "жду")] == ["en"] * 4
    assert spoken.language("wo ist das Geld") == "de"
    assert spoken.language("where is the money") == "en"


@given(st.text(st.one_of(st.characters(), st.sampled_from("der das Geld refund gehackt ?"))))
def test_any_post_is_ranked_in_one_of_the_languages(post: str) -> None:
    ranked = SUGGESTER.rank(post)
    assert all(0 < one.score <= 1 and one.why for one in ranked)
    assert ranked == SUGGESTER.rank(post)
