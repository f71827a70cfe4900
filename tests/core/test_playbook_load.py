from __future__ import annotations

import hashlib
import json

import msgspec
import pytest
from awkward_yaml import REFUSED, Awkward
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.canonical import text_hash
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_kept import from_snapshot, snapshot
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.problems import Problem
from crisisroom.core.wordings import words_of

SMALL = """\
schema: 1
id: small
title: Small
version: 1
severities:
  - {id: sev1, label: Crisis}
  - {id: sev2, label: Serious}
facts:
  - {id: what, label: what, may_fill: yes}
  - {id: cause, label: cause}
roles:
  - {id: lead, title: Lead, required: yes, backup: bo}
  - {id: legal, title: Legal}
contacts:
  - {id: bo, name: Bo, roles: [lead], reach: [{by: phone, to: +49301234567}]}
phases:
  - id: assess
    title: Assess
    tasks:
      - {id: pause, title: Pause posts, role: lead, within: 5m, warn: 1m}
      - {id: facts, title: Facts, needs: [pause], needs_facts: [what]}
  - id: respond
    title: Respond
    tasks:
      - {id: hold, title: Hold, needs: [facts]}
approvals:
  - {id: public-words, by: [legal, lead]}
statements:
  - {id: holding, kind: holding, title: Holding, approval: public-words, needs_facts: [what],
     text: "{{fact.what}} {{fact.cause}} {{next_update}} {{time}} {{brand}} {{me}}"}
  - {id: staff, kind: internal, title: Staff, text: "See {{source_of_truth}}"}
key_messages:
  - {id: sorry, title: Sorry, text: "Sorry, {{handle}}: {{ fact.what }}."}
faq:
  - {id: safe, question: "Safe?", answer: "We do not know yet."}
cadences:
  - {id: public, audience: public, statement: holding, first_within: 20m, every: {sev1: 20m}}
reply_approval: public-words
sign_off: "{{me}}"
source_of_truth: "https://example.org/all"
"""


def good(text: str) -> Playbook:
    playbook, problems = load_playbook(text, "p.yaml")
    assert not problems
    assert playbook is not None
    return playbook


def problems_of(old: str, new: str) -> list[Problem]:
    assert old in SMALL
    playbook, problems = load_playbook(SMALL.replace(old, new, 1), "p.yaml")
    assert playbook is None
    return problems


def test_a_small_playbook_loads() -> None:
    playbook = good(SMALL)
    assert playbook.contacts[0].reach[0].to == "+49301234567"
    assert playbook.phases[0].tasks[0].within == 300
    assert playbook.phases[0].tasks[1].within is None
    assert playbook.cadences[0].every == {"sev1": 1200}
    assert playbook.facts[0].may_fill
    assert not playbook.facts[1].may_fill
    assert playbook.greeting == "Hello {{handle}},"


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("schema: 1", "schema: 2", "has to be 1", "it is 2"),
        ("schema: 1\n", "", '"schema" is missing', ""),
        ("version: 1\n", "", '"version" is missing', ""),
        ("id: small", "id: Small One", "an id has small letters", ""),
        ("roles: [lead]", "roles: [leed]", 'no role is called "leed"', 'did you mean "lead"?'),
        ("roles: [lead]", "roles: [lead, lead]", '"lead" stands here twice', ""),
        ("backup: bo", "backup: zed", 'no contact is called "zed"', "there is: bo"),
        (", backup: bo", "", "a required role has a backup", "backup:"),
        ("role: lead,", "role: chief,", 'no role is called "chief"', "lead, legal"),
        ("needs: [pause]", "needs: [puase]", 'no task is called "puase"', 'mean "pause"?'),
        (
            "needs_facts: [what]}\n  -",
            "needs_facts: [wat]}\n  -",
            'no fact is called "wat"',
            "what",
        ),
        ("warn: 1m", "warn: 5m", "before the task starts", ""),
        ("within: 5m, ", "", "a warning needs a due time", "within:"),
        ("by: [legal, lead]", "by: [lawyer]", 'no role is called "lawyer"', ""),
        ("by: [legal, lead]", "by: []", "an approval says who agrees", "by:"),
        ("by: [legal, lead]", 'by: [""]', "an id has", ""),
        (" approval: public-words, needs", " approval: words, needs", "no approval is called", ""),
        (" approval: public-words, needs", " needs", "has an approval", "approval:"),
        ("reply_approval: public-words", "reply_approval: x", "no approval is called", ""),
        ("statement: holding", "statement: hold", "no statement is called", 'mean "holding"?'),
        ("every: {sev1: 20m}", "every: {sev9: 20m}", "no severity is called", "sev"),
        ("every: {sev1: 20m}", "every: {sev1: 5m}", "not shorter than this", "warn:"),
        ("every: {sev1: 20m}", "every: {}", "no later update would ever be due", "every:"),
        ("id: sev2", "id: sev1", 'the id "sev1" is taken', ""),
        ("id: hold,", "id: pause,", 'the id "pause" is taken', ""),
        ("id: safe", "id: sorry", 'the id "sorry" is taken', ""),
        ("id: safe", "id: greeting", 'the id "greeting" is taken', ""),
        ("kind: holding", "kind: holdng", '"holdng" is not known', 'mean "holding"?'),
        ("Sorry, {{handle}}", "Sorry, {{hanlde}}", "no placeholder", 'mean "handle"?'),
        ("Sorry, {{handle}}", "Sorry, {handle}", "single braces", "{{handle}}"),
        ("Sorry, {{handle}}", "Sorry, {{handle", '"{{" is no placeholder', "{{fact.what}}"),
        ("Sorry, {{handle}}", "Sorry, {{}}", "is no placeholder", ""),
        ("Sorry, {{handle}}", "Sorry, {{a b}}", "is no placeholder", ""),
        ("Sorry, {{handle}}", "Sorry, ‹name›", "is no placeholder", "open blanks"),
        ("Sorry, {{handle}}", "Sorry, {{fact.who}}", 'no fact is called "who"', ""),
        ("Sorry, {{handle}}", "Sorry, {{fact.cause}}", "may not vary", "may_fill"),
        ("See {{source", "See {{handle}} {{source", 'no placeholder is called "handle"', ""),
        ('"We do not know yet."', "We do not know yet.", "in quotes or as a block", "quotes"),
        ('"We do not know yet."', '""', '"answer" must not be empty', ""),
        ('"We do not know yet."', f'"{"x" * 1001}"', "too many", ""),
        ("reach: [{by: phone, to: +49301234567}]", "reach: []", '"reach" must not be empty', ""),
        ("to: +49301234567", "to: ", "no value", ""),
        ('sign_off: "{{me}}"', "guardrails: {forbid: ['']}", "matches nothing", ""),
        ('sign_off: "{{me}}"', "sign_of: x", '"sign_of" is not known', 'mean "sign_off"?'),
    ],
)
def test_what_does_not_hold_together_is_reported(
    old: str, new: str, message: str, hint: str
) -> None:
    problems = problems_of(old, new)
    assert any(message in found.message and hint in found.hint for found in problems), problems
    lines = SMALL.replace(old, new, 1).count("\n") + 1
    assert all(1 <= found.line <= lines for found in problems)


def test_a_reference_is_reported_where_it_stands() -> None:
    (found,) = problems_of("needs: [facts]", "needs: [facts, fatcs]")
    assert SMALL.split("\n")[found.line - 1].find("facts]") + len("facts, ") == found.col - 1


def test_a_wrong_kind_is_one_problem() -> None:
    assert len(problems_of("kind: internal", "kind: internl")) == 1


@pytest.mark.parametrize(
    ("needs", "ring"),
    [
        ({"pause": "hold"}, "pause needs hold, hold needs facts, facts needs pause"),
        ({"pause": "pause"}, "pause needs pause"),
        ({"pause": "facts"}, "pause needs facts, facts needs pause"),
    ],
)
def test_tasks_that_wait_for_each_other(needs: dict[str, str], ring: str) -> None:
    text = SMALL
    for task, need in needs.items():
        text = text.replace(f"id: {task}, ", f"id: {task}, needs: [{need}], ", 1)
    _, problems = load_playbook(text, "p.yaml")
    assert [found.message for found in problems] == [f"no task can start: {ring}"]


def test_a_chain_of_tasks_is_no_ring() -> None:
    tasks = [f"{{id: t{n}, title: T, needs: [t{n + 1}, t{n + 2}]}}" for n in range(600)]
    tasks += ["{id: t600, title: T}", "{id: t601, title: T}"]
    chain = good(
        f"{SMALL}\n".replace(
            "phases:\n", f"phases:\n  - {{id: x, title: X, tasks: [{','.join(tasks)}]}}\n"
        )
    )
    assert [task.id for task in chain.phases[0].tasks] == [f"t{n}" for n in range(602)]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_an_awkward_file_is_no_playbook(case: Awkward) -> None:
    playbook, problems = load_playbook(case.text, "p.yaml")
    assert playbook is None
    assert problems
    assert problems == sorted(problems, key=lambda found: (found.line, found.col))


def test_public_words_survive_to_the_letter() -> None:
    words = "Issue #12: we're “sorry” — 100%… 👩‍👩‍👧 {curly} می‌خواهم NO 12:30 +49 0123"
    for written in (json.dumps(words, ensure_ascii=False), f"|\n      {words}\n      "):
        text = SMALL.replace('"We do not know yet."', "XX").replace(
            '- {id: safe, question: "Safe?", answer: XX}',
            f'- id: safe\n    question: "Safe?"\n    answer: {written}',
        )
        playbook = good(text)
        assert playbook.faq[0].answer == words


def test_a_snapshot_is_plain_json_and_reads_back() -> None:
    playbook = good(SMALL)
    kept = json.loads(json.dumps(snapshot(playbook)))
    assert from_snapshot(kept) == playbook


def test_a_snapshot_of_an_earlier_program_reads_back() -> None:
    early = {"schema": 1, "id": "x", "title": "X", "version": 3, "withdrawn_field": [1]}
    assert from_snapshot(early) == Playbook(schema=1, id="x", title="X", version=3)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "playbook_schema"),
        ({"schema": 2, "id": "x", "title": "X", "version": 1}, "playbook_schema"),
        ({"schema": 1}, "playbook_damaged"),
        ({"schema": 1, "id": "x", "title": "X", "version": "1"}, "playbook_damaged"),
    ],
)
def test_a_damaged_snapshot_is_refused(values: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        from_snapshot(values)
    assert refused.value.code == code


def test_text_hash_is_of_the_bytes() -> None:
    assert text_hash("ä\n") == hashlib.sha256("ä\n".encode()).hexdigest()
    assert text_hash("ä") != text_hash("a\u0308")


def test_words_of_lists_everything_that_needs_an_approval() -> None:
    words = {word.id: word for word in words_of(good(SMALL))}
    assert [*words] == ["greeting", "sign_off", "sorry", "safe", "holding", "staff"]
    assert words["sorry"].uses == ("handle", "fact.what")
    assert words["sorry"].kind == "key_message"
    assert words["safe"].sha256 == text_hash("We do not know yet.")


def test_an_edit_changes_the_hash_of_these_words_only() -> None:
    before = {word.id: word.sha256 for word in words_of(good(SMALL))}
    after = words_of(good(SMALL.replace("We do not know yet.", "We do not know yet!")))
    assert [word.id for word in after if word.sha256 != before[word.id]] == ["safe"]


def test_no_sign_off_needs_no_approval() -> None:
    playbook = good(SMALL.replace('sign_off: "{{me}}"\n', ""))
    assert "sign_off" not in [word.id for word in words_of(playbook)]


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.text(max_size=8) | st.integers(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from([*Playbook.__struct_fields__, "id", "text"]), inner)
        ),
        max_leaves=20,
    )
)
def test_any_shape_loads_or_says_what_is_wrong(value: object) -> None:
    playbook, problems = load_playbook(msgspec.json.encode(value).decode(), "p.yaml")
    assert playbook is None
    assert problems
