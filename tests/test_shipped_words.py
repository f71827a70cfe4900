"""The words of the shipped playbooks: they fit, they keep their own rules, they fill themselves."""

from __future__ import annotations

from itertools import combinations

import pytest
from shipped import COMPLETE, NAMES, filled, shipped

from crisisroom.channels import lengths
from crisisroom.core import guardrails
from crisisroom.core.must_say import unsaid
from crisisroom.core.placeholders import names
from crisisroom.core.wordings import words_of

every = pytest.mark.parametrize("name", NAMES)
complete = pytest.mark.parametrize("name", [name for name in COMPLETE if name in NAMES])

POST = 500
SHORT = {"bluesky": 300, "x": 280}
GERMAN = {"billing-error", "product-defect", "service-outage"}
AT_ONCE = {"next_update", "source_of_truth", "brand"}  # known from the first minute
JARGON = ("inconvenience", "stakeholder", "leverage", "going forward", "reach out", "proactive")


@every
def test_our_words_keep_our_own_guardrails(name: str) -> None:
    playbook = shipped(name)
    for word in words_of(playbook):
        assert guardrails.check(word.text, playbook.guardrails) == (), word.id


@every
def test_our_words_are_plain(name: str) -> None:
    for word in words_of(shipped(name)):
        assert not [one for one in JARGON if one in word.text.casefold()], word.id
        assert "!" not in word.text, word.id


@every
def test_key_messages_fit_into_posts(name: str) -> None:
    playbook = shipped(name)
    greeting, sign_off = filled(playbook, playbook.greeting), filled(playbook, playbook.sign_off)
    words = [filled(playbook, message.text) for message in playbook.key_messages]
    others = [filled(playbook, text) for one in playbook.key_messages for text in one.also]
    for one in (*words, *others, filled(playbook, playbook.pointer)):
        assert lengths.bluesky("\n\n".join([greeting, one, sign_off])).fits, one
    for two in combinations(words, 2):
        assert lengths.mastodon("\n\n".join([greeting, *two, sign_off])).fits, two


@every
def test_other_wordings_say_the_same_in_other_words(name: str) -> None:
    playbook = shipped(name)
    many = [message for message in playbook.key_messages if message.also]
    assert len(many) >= (3 if name in COMPLETE else 2)
    for message in many:
        assert len(message.also) >= 2, message.id
        for one, other in combinations((message.text, *message.also), 2):
            assert _alike(one, other) < 0.75, (one, other)


def _alike(one: str, other: str) -> float:
    first, second = set(one.casefold().split()), set(other.casefold().split())
    return len(first & second) / len(first | second)


@every
def test_who_is_asked_into_private_learns_where(name: str) -> None:
    playbook = shipped(name)
    private = [message for message in playbook.key_messages if message.private]
    assert private
    ways = ("private message", "{{fact.contact}}", "{{fact.ear}}")
    for message in private:
        assert any(way in message.text for way in ways), message.text
    assert not any("?" in message.text for message in private), "nothing is asked in public"


@every
def test_thanks_ask_nothing(name: str) -> None:
    (thanks,) = (message for message in shipped(name).key_messages if message.thanks)
    assert "Thank you" in thanks.text
    assert "please" not in thanks.text.casefold()
    assert not names(thanks.text)
    assert "?" not in thanks.text


@every
def test_the_pointer_says_nothing_of_the_story(name: str) -> None:
    playbook = shipped(name)
    assert names(playbook.pointer) == ("source_of_truth",)
    assert playbook.pointer.endswith("{{source_of_truth}}")


@every
def test_a_correction_says_what_was_wrong_what_is_right_and_since_when(name: str) -> None:
    corrections = [one for one in shipped(name).statements if one.kind == "correction"]
    assert len(corrections) == 1
    texts = [corrections[0].text, *(other.text for other in corrections[0].variants.values())]
    for text in texts:
        said = {"fact.mistake", "fact.correct", "fact.said_since", "source_of_truth"}
        assert said <= set(names(text)), text
        assert "sorry" in text


def test_three_playbooks_speak_german_too() -> None:
    spoken = {name: [one.language for one in shipped(name).translations] for name in NAMES}
    assert {name for name, languages in spoken.items() if "de" in languages} == GERMAN


@pytest.mark.parametrize("name", sorted(GERMAN))
def test_a_translation_is_whole_and_fits(name: str) -> None:
    playbook = shipped(name)
    (german,) = playbook.translations
    messages, answers = playbook.key_messages, playbook.faq
    assert list(german.words) == [*(one.id for one in messages), *(one.id for one in answers)]
    assert set(german.statements) == {"holding", "correction"}
    greeting, sign_off = filled(playbook, german.greeting), filled(playbook, german.sign_off)
    for message in playbook.key_messages:
        reply = [greeting, filled(playbook, german.words[message.id]), sign_off]
        assert lengths.bluesky("\n\n".join(reply)).fits, message.id
    assert lengths.bluesky("\n\n".join([greeting, filled(playbook, german.pointer), sign_off])).fits
    for text in german.statements.values():
        assert lengths.mastodon(filled(playbook, text), POST).fits, text


@every
def test_public_statements_fit_into_one_post(name: str) -> None:
    playbook = shipped(name)
    for statement in playbook.statements:
        text = filled(playbook, statement.text)
        if statement.audience == "public":
            assert lengths.mastodon(text, POST).fits, (statement.id, len(text), text)


@every
def test_short_variants_fit_their_channel(name: str) -> None:
    playbook = shipped(name)
    for statement in playbook.statements:
        for channel, variant in statement.variants.items():
            text = filled(playbook, variant.text)
            assert variant.most == SHORT.get(channel, variant.most), (statement.id, channel)
            assert variant.most is None or len(text) <= variant.most, (statement.id, channel, text)


@complete
def test_first_words_and_updates_have_short_variants(name: str) -> None:
    playbook = shipped(name)
    kept = {one.statement for one in playbook.cadences if one.audience == "public"}
    for statement in playbook.statements:
        if statement.kind == "holding" or statement.id in kept:
            assert set(SHORT) <= set(statement.variants), statement.id


@complete
def test_first_words_have_all_six_parts(name: str) -> None:
    playbook = shipped(name)
    page = playbook.source_of_truth
    for statement in (one for one in playbook.statements if one.kind == "holding"):
        assert len(statement.must_say) == 6, statement.id
        said = filled(playbook, statement.text)
        assert list(unsaid(said, statement.must_say, where=page)) == [], said


@every
def test_statements_need_the_facts_they_cannot_do_without(name: str) -> None:
    for statement in shipped(name).statements:
        for fact in statement.needs_facts:
            assert f"{{{{fact.{fact}}}}}" in statement.text, (statement.id, fact)


@every
def test_a_preapproved_text_is_filled_from_facts_that_may_fill(name: str) -> None:
    playbook = shipped(name)
    fillable = {f"fact.{fact.id}" for fact in playbook.facts if fact.may_fill}
    ready = {one for approval in playbook.approvals for one in approval.preapproved}
    assert {one.id for one in playbook.statements if one.kind == "holding"} <= ready
    for word in words_of(playbook):
        if word.kind == "statement" and word.base in ready:
            assert {*word.uses} <= fillable | AT_ONCE, word.id
            assert not {*word.relies} - {use.removeprefix("fact.") for use in word.uses}, word.id
