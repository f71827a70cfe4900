from __future__ import annotations

import json
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom import library
from crisisroom.core.placeholders import blanks_in, fill
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import from_snapshot, load_playbook, snapshot, words_of

SHIPPED = ("product-defect", "service-outage")


def shipped(name: str) -> Playbook:
    playbook, problems = load_playbook(*library.find(name, []))
    assert not problems
    assert playbook is not None
    return playbook


@pytest.mark.parametrize("name", SHIPPED)
def test_a_run_keeps_its_copy(name: str) -> None:
    playbook = shipped(name)
    assert from_snapshot(json.loads(json.dumps(snapshot(playbook)))) == playbook


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_playbook_is_complete(name: str) -> None:
    playbook = shipped(name)
    tasks = [task for phase in playbook.phases for task in phase.tasks]
    assert len(playbook.phases) == 3
    assert 12 <= len(tasks) <= 18
    assert (tasks[0].id, tasks[0].within, tasks[0].required) == ("pause-posts", 300, True)
    assert {statement.kind for statement in playbook.statements} >= {
        "holding", "update", "correction", "apology", "resolution", "internal",
    }  # fmt: skip
    assert 6 <= len(playbook.key_messages) <= 10
    assert all(message.when for message in playbook.key_messages)
    assert any(message.private for message in playbook.key_messages)
    assert 5 <= len(playbook.faq) <= 8
    assert playbook.cadences[0].every == {"sev1": 1200, "sev2": 3600, "sev3": 14_400}
    assert playbook.reply_approval == "public-words"
    assert not playbook.approvals[0].self_approval
    assert playbook.match.keywords
    assert playbook.reviewed


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_contacts_are_nobody(name: str) -> None:
    for contact in shipped(name).contacts:
        for reach in contact.reach:
            fictional = reach.to.startswith("+00 000 000 ") or "example" in reach.to.split("@")[1]
            assert fictional, contact


@pytest.mark.parametrize("name", SHIPPED)
def test_required_roles_can_be_reached_by_telephone(name: str) -> None:
    playbook = shipped(name)
    for role in playbook.roles:
        people = [c for c in playbook.contacts if role.id in c.roles or c.id == role.backup]
        phones = [reach for person in people for reach in person.reach if reach.by == "phone"]
        assert phones or not role.required, role


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_words_keep_their_own_guardrails(name: str) -> None:
    playbook = shipped(name)
    for word in words_of(playbook):
        for phrase in playbook.guardrails.forbid + playbook.guardrails.warn:
            assert phrase.lower() not in word.text.lower(), word.id


VALUES = {
    "handle": "@somebody@mastodon.example.org",
    "me": "Ada",
    "brand": "Example Ltd",
    "next_update": "14:20 CET",
    "time": "14:00 CET",
    "source_of_truth": "https://www.example.org/safety",
    "fact.product": "The Lumo 2 lamp",
    "fact.what": "gets too hot while charging",
    "fact.affected": "lamps with a batch number from 4410 to 4460",
    "fact.since": "at 13:40 CET",
    "fact.advice": "unplug it and keep it outside",
    "fact.remedy": "a full refund or a new one, as you choose",
    "fact.contact": "0800 000 000",
    "fact.cause": "a charging chip from one supplier lets too much current through",
    "fact.workaround": "orders by telephone work",
    "fact.restored": "15:10 CET",
    "fact.mistake": "that only blue lamps are affected",
    "fact.correct": "that lamps of every colour are affected",
}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_words_fit_where_they_are_sent(name: str) -> None:
    playbook = shipped(name)
    frame = [fill(text, VALUES).text for text in (playbook.greeting, playbook.sign_off)]
    words = [fill(message.text, VALUES).text for message in playbook.key_messages]
    assert not any(blanks_in(text) for text in (*frame, *words))
    for one in words:
        assert len("\n\n".join([frame[0], one, frame[1]])) <= 300, one
    for two in combinations(words, 2):
        assert len("\n\n".join([frame[0], *two, frame[1]])) <= 500, two
    for statement in playbook.statements:
        filled = fill(statement.text, VALUES).text
        assert not blanks_in(filled), statement.id
        if statement.audience == "public":
            assert len(filled) <= 500, statement.id


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_statements_need_the_facts_they_cannot_do_without(name: str) -> None:
    for statement in shipped(name).statements:
        for fact in statement.needs_facts:
            assert f"{{{{fact.{fact}}}}}" in statement.text, (statement.id, fact)


PIECES = st.sampled_from(
    ["", " ", "\n", "\t", ":", ": ", "#", " #", "'", '"', "-", "- ", "{", "}", "[", "]", "{{", "}}",
     "&a ", "*a", "!x ", "|", ">", "<<: ", "NO", "5", "5m", "~", "sev9", "\x1b", "\u202e", "é",
     "👍", "id: ", "lead", "{{handle}}", "‹", "9" * 5000]
)  # fmt: skip


def mutate(name: str, data: st.DataObject) -> None:
    """Change a shipped playbook in a few places: it loads, or says cleanly why not."""
    text = library.find(name, [])[0]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 40))
        text = text[:start] + data.draw(PIECES) + text[start + cut :]
    playbook, problems = load_playbook(text, "p.yaml")
    assert (playbook is None) == bool(problems)
    if playbook is not None:
        assert from_snapshot(snapshot(playbook)) == playbook
    for problem in problems:
        assert str(problem).isprintable()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SHIPPED), st.data())
def test_a_mutated_playbook_loads_or_says_what_is_wrong(name: str, data: st.DataObject) -> None:
    mutate(name, data)


@pytest.mark.full
@pytest.mark.timeout(1800)
@settings(max_examples=20_000, deadline=None)
@given(st.sampled_from(SHIPPED), st.data())
def test_twenty_thousand_mutations(name: str, data: st.DataObject) -> None:
    mutate(name, data)
