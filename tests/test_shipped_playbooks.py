"""The playbooks that come with the program: what a practitioner expects of each of them."""

from __future__ import annotations

import json
import re
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import COMPLETE, EVENT_DRIVEN, NAMES, shipped

from crisisroom import library
from crisisroom.core.lines import AUTHORS
from crisisroom.core.playbook import Cadence, Playbook, Task
from crisisroom.core.playbook_kept import from_snapshot, snapshot
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.problems import Problem

every = pytest.mark.parametrize("name", NAMES)
complete = pytest.mark.parametrize("name", [name for name in COMPLETE if name in NAMES])

COUNSEL = re.compile(r"confirm(?:ed)? (?:with|by) counsel")


def tasks(playbook: Playbook) -> dict[str, Task]:
    return {task.id: task for _, task in playbook.tasks()}


def cadence(playbook: Playbook, audience: str) -> Cadence:
    return next(one for one in playbook.cadences if one.audience == audience)


def test_the_complete_ones_are_there() -> None:
    assert set(COMPLETE) <= set(NAMES)


@every
def test_a_run_keeps_its_copy(name: str) -> None:
    playbook = shipped(name)
    assert playbook.id == name
    assert from_snapshot(json.loads(json.dumps(snapshot(playbook)))) == playbook


@every
def test_harm_truth_and_spread_are_asked_before_declaring(name: str) -> None:
    asked = {question.id: question for question in shipped(name).questions}
    assert {"harm", "truth", "spread"} <= set(asked)
    assert all(question.yes for question in asked.values())


@every
def test_scheduled_posts_are_paused_first(name: str) -> None:
    _, first = shipped(name).tasks()[0]
    assert first.id == "pause-posts"
    assert first.within is not None
    assert first.within <= 300
    assert (first.required, bool(first.on_overdue)) == (True, True)


@every
def test_the_first_words_are_out_within_the_golden_hour(name: str) -> None:
    playbook = shipped(name)
    most = 1800 if name in COMPLETE else 3600
    assert cadence(playbook, "public").first_within <= most
    holding = [s.id for s in playbook.statements if s.kind == "holding"]
    assert holding
    due = [task.within for task in tasks(playbook).values() if _publishes(task, holding)]
    assert due
    assert all(within is not None and within <= most for within in due)


def _publishes(task: Task, statements: list[str]) -> bool:
    node = task.done_when
    return node is not None and node.subject in {f"statement.{id_}" for id_ in statements}


@every
def test_colleagues_hear_no_later_than_the_public(name: str) -> None:
    playbook = shipped(name)
    inside, outside = cadence(playbook, "employees"), cadence(playbook, "public")
    assert inside.first_within <= outside.first_within
    told, holding = tasks(playbook).get("colleagues"), tasks(playbook).get("holding")
    if told and holding and told.within and holding.within:
        assert told.within <= holding.within


@every
def test_somebody_decides_whether_the_ceo_speaks(name: str) -> None:
    playbook = shipped(name)
    decides = [task for task in tasks(playbook).values() if "the CEO" in task.title]
    assert any(task.done_when and task.done_when.subject.startswith("fact.") for task in decides)
    assert any("CEO" in f"{fact.label} {fact.ask}" for fact in playbook.facts)


@every
def test_one_page_holds_all_words(name: str) -> None:
    playbook = shipped(name)
    assert playbook.source_of_truth.startswith("https://")
    public = [one for one in playbook.statements if one.audience == "public"]
    assert all("{{source_of_truth}}" in one.text for one in public)


@every
def test_it_ends_with_thanks_resumed_posts_and_a_review(name: str) -> None:
    playbook = shipped(name)
    last = {task.id: task for task in playbook.phases[-1].tasks}
    assert {"thank", "resume", "review"} <= set(last)
    assert any("change" in task.title.casefold() for task in last.values())
    assert playbook.review.questions


@every
def test_nobody_approves_their_own_words(name: str) -> None:
    playbook = shipped(name)
    assert playbook.approvals
    assert not any(approval.self_approval for approval in playbook.approvals)
    assert playbook.approval(playbook.reply_approval) is not None
    for statement in playbook.statements:
        assert statement.kind == "internal" or playbook.approval(statement.approval)


@every
def test_contacts_are_nobody(name: str) -> None:
    for contact in shipped(name).contacts:
        for reach in contact.reach:
            fictional = reach.to.startswith("+00 000 ") or "example" in reach.to.split("@")[-1]
            assert fictional, contact


@every
def test_required_roles_can_be_reached_by_telephone_in_time(name: str) -> None:
    playbook = shipped(name)
    for role in playbook.roles:
        people = [c for c in playbook.contacts if role.id in c.roles or c.id == role.backup]
        phones = [reach for person in people for reach in person.reach if reach.by == "phone"]
        assert not role.required or (phones and role.within and role.within <= 1800), role


@every
def test_escalations_reach_a_person(name: str) -> None:
    playbook = shipped(name)
    assert playbook.escalations
    phones = {c.id for c in playbook.contacts if any(way.by == "phone" for way in c.reach)}
    held = {role for c in playbook.contacts if c.id in phones for role in c.roles}
    for step in chain.from_iterable(one.steps for one in playbook.escalations):
        assert set(step.call) & (phones | held), step


@every
def test_laws_are_examples_for_counsel(name: str) -> None:
    for deadline in shipped(name).deadlines:
        assert COUNSEL.search(f"{deadline.law} {deadline.detail}"), deadline.id
        assert deadline.warn, deadline.id


@every
def test_replies_have_their_limits(name: str) -> None:
    rules = shipped(name).guardrails
    assert rules.max_public_replies == 2
    assert {"troll", "satire"} <= set(rules.never_answer)
    assert rules.forbid
    assert rules.no_comment


@every
def test_whoever_is_not_just_anybody_has_somebody_to_answer_them(name: str) -> None:
    playbook = shipped(name)
    assert set(playbook.goes_to) == set(AUTHORS)
    assert playbook.goes_to["press"] == "spokesperson"
    held = {role for contact in playbook.contacts for role in contact.roles}
    held |= {role.id for role in playbook.roles if role.backup}
    assert set(playbook.goes_to.values()) <= held


@complete
def test_a_complete_one_uses_the_whole_vocabulary(name: str) -> None:
    playbook = shipped(name)
    assert {statement.kind for statement in playbook.statements} >= {
        "holding", "update", "correction", "apology", "resolution", "internal", "media",
    }  # fmt: skip
    assert 6 <= len(playbook.key_messages) <= 12
    assert all(message.when for message in playbook.key_messages)
    assert any(message.private for message in playbook.key_messages)
    assert 5 <= len(playbook.faq) <= 8
    every_task = tasks(playbook).values()
    for field in ("when", "done_when", "on_overdue", "needs", "warn", "repeat", "after"):
        assert any(getattr(task, field) for task in every_task), field
    assert playbook.match.keywords
    assert playbook.resolve.calm
    assert playbook.review.metrics
    assert playbook.owner


@complete
def test_a_crisis_needs_the_management_s_word_too(name: str) -> None:
    playbook = shipped(name)
    holding = next(one for one in playbook.statements if one.kind == "holding")
    approval = playbook.approval(holding.approval)
    assert approval is not None
    assert len(approval.ladder) >= 2
    assert any(step.when and step.when.subject == "severity" for step in approval.ladder)
    assert all(step.fallback for step in approval.ladder)
    assert holding.id in approval.preapproved
    assert approval.break_glass
    assert approval.expires_after


@complete
def test_updates_come_by_the_clock_or_on_news(name: str) -> None:
    playbook = shipped(name)
    public = cadence(playbook, "public")
    if name in EVENT_DRIVEN:
        assert public.after_news
        assert min(public.every.values(), default=3600) >= 3600
        assert all(
            one.promise_next
            for one in playbook.statements
            if one.audience == "public" and "{{next_update}}" in one.text
        )
    else:
        assert public.every["sev1"] == 1200
        assert min(slower.after for slower in public.then) == 7200
    assert public.on_overdue


@complete
def test_the_law_counts_from_its_own_fact(name: str) -> None:
    playbook = shipped(name)
    types = {fact.id: fact.type for fact in playbook.facts}
    for deadline in playbook.deadlines:
        assert types[deadline.starts] == "time", deadline.id


def test_a_breach_knows_the_usual_clocks() -> None:
    terms = [(one.starts, one.within) for one in shipped("data-breach").deadlines]
    assert {term for _, term in terms} >= {"72h", "24h", "30d", "4bd", "4h"}
    assert len({start for start, _ in terms}) >= 6


PIECES = st.sampled_from(
    ["", " ", "\n", "\t", ":", ": ", "#", " #", "'", '"', "-", "- ", "{", "}", "[", "]", "{{", "}}",
     "&a ", "*a", "!x ", "|", ">", "<<: ", "NO", "5", "5m", "~", "sev9", "\x1b", "\u202e", "é",
     "👍", "id: ", "lead", "{{handle}}", "‹", "9" * 5000]
)  # fmt: skip


def mutated(name: str, data: st.DataObject) -> tuple[Playbook | None, list[Problem]]:
    """Return what a shipped playbook with a few changes loads as."""
    text = library.find(name, [])[0]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 40))
        text = text[:start] + data.draw(PIECES) + text[start + cut :]
    playbook, problems = load_playbook(text, "p.yaml")
    assert all(str(problem).isprintable() for problem in problems)
    return playbook, problems


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_a_mutated_playbook_loads_or_says_what_is_wrong(name: str, data: st.DataObject) -> None:
    playbook, problems = mutated(name, data)
    assert (playbook is None) == bool(problems)
    assert playbook is None or from_snapshot(snapshot(playbook)) == playbook


@pytest.mark.full
@pytest.mark.timeout(3600)
@settings(max_examples=20_000, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_twenty_thousand_mutations(name: str, data: st.DataObject) -> None:
    playbook, problems = mutated(name, data)
    assert (playbook is None) == bool(problems)
    assert playbook is None or from_snapshot(snapshot(playbook)) == playbook
