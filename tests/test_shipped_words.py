"""The words of the shipped playbooks: they fit, they keep their own rules, they fill themselves."""

from __future__ import annotations

from itertools import combinations

import pytest
from shipped import COMPLETE, NAMES, filled, shipped

from crisisroom.channels import lengths
from crisisroom.core import guardrails
from crisisroom.core.must_say import unsaid
from crisisroom.core.playbook_load import words_of

every = pytest.mark.parametrize("name", NAMES)
complete = pytest.mark.parametrize("name", [name for name in COMPLETE if name in NAMES])

POST = 500
SHORT = {"bluesky": 300, "x": 280}
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
    for one in words:
        assert lengths.bluesky("\n\n".join([greeting, one, sign_off])).fits, one
    for two in combinations(words, 2):
        assert lengths.mastodon("\n\n".join([greeting, *two, sign_off])).fits, two


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
    fillable = {fact.id for fact in playbook.facts if fact.may_fill}
    ready = {one for approval in playbook.approvals for one in approval.preapproved}
    for word in words_of(playbook):
        if word.kind == "statement" and word.id.partition("/")[0] in ready:
            facts = {use.removeprefix("fact.") for use in word.uses if use.startswith("fact.")}
            assert facts <= fillable, word.id
