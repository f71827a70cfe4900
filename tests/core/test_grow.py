"""A plan that grows: what runs keeps its ids, what comes refers to its own, and the whole loads."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from core.incident_builder import Told
from core.two_plans import DEFECT, HOAX, assert_whole

from crisisroom.core.condition import Condition
from crisisroom.core.degrees import counterpart, degrees, regraded
from crisisroom.core.grow import in_use, merged, switched
from crisisroom.core.playbook import (
    Answer,
    Approval,
    Calm,
    KeyMessage,
    Playbook,
    Resolve,
    Severity,
    Task,
)
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.problems import Problem
from crisisroom.core.references import parts, rewritten
from crisisroom.core.yamlwrite import write
from crisisroom.library import find, list_ids

replace = msgspec.structs.replace


def task(plan: Playbook, task_id: str) -> Task:
    return next(one for _, one in plan.tasks() if one.id == task_id)


def test_what_runs_stays_as_it_is() -> None:
    plan, _ = merged(DEFECT, HOAX)
    assert_whole(plan)
    own = dict(parts(plan))
    for name, part in parts(DEFECT):
        if name[0] != "phase":
            assert own[name] == part
    assert (plan.id, plan.title, plan.version) == (DEFECT.id, DEFECT.title, DEFECT.version)
    assert plan.severities == DEFECT.severities


def test_what_comes_with_other_content_gets_its_playbooks_name() -> None:
    plan, words = merged(DEFECT, HOAX)
    assert "the fact what is another one here: it came as hoax-what" in words
    assert "the task pause is another one here: it came as hoax-pause" in words
    assert task(plan, "rebut").needs == ("hoax-pause",)
    assert task(plan, "ring").after == "task.hoax-pause"
    holding = next(one for one in plan.statements if one.id == "hoax-holding")
    assert holding.text == "They say {{fact.hoax-what}}. Since {{ fact.since }}."
    assert holding.variants["mastodon"].text == "{{fact.hoax-what}}?"
    assert holding.approval == "hoax-words"
    assert plan.approval("hoax-words") == Approval(
        "hoax-words", by=("lead",), preapproved=("hoax-holding",)
    )
    assert plan.deadlines[0].starts == "hoax-what"


def test_what_is_the_same_stands_once() -> None:
    plan, words = merged(DEFECT, HOAX)
    assert [one.id for one in plan.key_messages] == ["sorry"]
    assert [one.id for one in plan.facts] == ["what", "since", "hoax-what", "true"]
    assert not any("sorry" in line or "since" in line for line in words)
    again, words = merged(DEFECT, DEFECT)
    assert (again, words) == (DEFECT, ())


def test_a_role_is_one_part_and_nobody_called_is_mistaken_for_another() -> None:
    plan, words = merged(DEFECT, HOAX)
    assert [one.id for one in plan.roles] == ["lead", "legal", "hoax-press"]
    assert plan.roles[0] == DEFECT.roles[0]
    assert "the role lead stays one part, though the two describe it differently" in words
    assert task(plan, "hoax-pause").role == "hoax-press"
    assert task(plan, "rebut").on_overdue[1].notify == "hoax-press"
    assert [one.id for one in plan.contacts] == ["bo", "press", "zoe", "hoax-lead"]
    assert plan.escalations[0].steps[0].call == ("lead", "zoe")


def test_phases_of_one_name_are_one() -> None:
    plan, _ = merged(DEFECT, HOAX)
    assert [(one.id, [step.id for step in one.tasks]) for one in plan.phases] == [
        ("first", ["pause", "ask", "hoax-pause", "rebut", "grave", "ring"]),
        ("later", ["thank"]),
        ("hoax-later", ["watch"]),
    ]
    assert task(plan, "watch").after == "phase.hoax-later"


def test_times_of_what_comes_count_from_now() -> None:
    plan, _ = merged(DEFECT, HOAX)
    assert task(plan, "hoax-pause").after == "appears"
    assert task(plan, "pause").after == ""
    assert (task(plan, "rebut").after, task(plan, "ring").after) == ("", "task.hoax-pause")
    first = replace(task(HOAX, "pause"), after="phase.first")
    moved = replace(HOAX, phases=(replace(HOAX.phases[0], tasks=(first,)),))
    assert task(merged(DEFECT, moved)[0], "hoax-pause").after == "appears"


def test_severities_stay_and_what_comes_speaks_of_them() -> None:
    plan, words = merged(DEFECT, HOAX)
    assert "the severities stay sev1, sev2, sev3" in words
    assert task(plan, "grave").when == Condition("is", (), "severity", ("sev1",))
    inside = plan.cadences[1]
    assert inside.every == {"sev1": 60, "sev2": 120, "sev3": 120}
    assert inside.then[0].every == {"sev1": 300, "sev2": 600, "sev3": 600}


def test_an_audience_has_one_rhythm() -> None:
    plan, words = merged(DEFECT, HOAX)
    assert [one.audience for one in plan.cadences] == ["public", "employees"]
    assert plan.cadences[0] == DEFECT.cadences[0]
    assert "updates to public keep the rhythm they have" in words


def test_of_two_rules_the_stricter_holds() -> None:
    plan, _ = merged(DEFECT, HOAX)
    assert plan.guardrails.forbid == ("no risk", "fake news")
    assert plan.guardrails.max_public_replies == 2
    assert plan.resolve == Resolve(tasks="all", calm=Calm(quiet=7200, below=3, next_morning=True))
    assert plan.review.questions == ("What was late?", "Who began it?")
    assert plan.review.owner == "hoax-press"


def test_a_new_version_of_the_same_playbook_comes_under_its_version() -> None:
    newer = replace(DEFECT, version=3, faq=(replace(DEFECT.faq[0], answer="Since Monday."),))
    plan, words = merged(DEFECT, newer)
    assert [one.id for one in plan.faq] == ["when", "defect-v3-when"]
    assert words == ("the text when is another one here: it came as defect-v3-when",)


def test_long_and_taken_names_still_become_ids() -> None:
    long = "x" * 48
    running = replace(DEFECT, faq=(Answer(long, "a?", "a"), Answer("hoax-when", "b?", "b")))
    other = replace(HOAX, faq=(Answer(long, "c?", "c"), Answer("hoax-when", "d?", "d")))
    plan, _ = merged(running, replace(other, key_messages=(KeyMessage("when", "W", "w"),)))
    again, _ = merged(
        plan, replace(other, key_messages=(), title="T", faq=(Answer(long, "e?", "e"),))
    )
    ids = [one.id for one in again.faq]
    assert len(ids) == len(set(ids)) == 5
    assert all(len(one) <= 48 for one in ids)


def in_the_room(**changes: Any) -> Told:
    plan = msgspec.to_builtins(DEFECT)
    return Told(plan=plan, playbook={"id": "defect", "version": 1, "sha256": "0" * 64}, **changes)


def test_the_other_leads_and_what_is_in_use_stays() -> None:
    told = in_the_room()
    told.tell("task.done", task="pause", words="")
    told.tell("fact.set", fact="what", state="known", value="burns", words="")
    told.tell("role.taken", role="legal", person="cy", was="")
    told.tell("statement.drafted", **told.words("ST-1", template="holding"))
    plan, _ = switched(DEFECT, HOAX, in_use(told.state))
    assert_whole(plan)
    assert (plan.id, plan.severities) == ("hoax", HOAX.severities)
    assert plan.reply_approval == "hoax-words"
    assert [one.id for one in plan.roles][:2] == ["lead", "hoax-press"]
    assert {"pause", "hoax-pause", "rebut"} <= {one.id for _, one in plan.tasks()}
    assert not {"ask", "thank"} & {one.id for _, one in plan.tasks()}
    assert dict(parts(plan))["words", "holding"] == DEFECT.statements[0]
    assert dict(parts(plan))["approval", "words"] == DEFECT.approvals[0]
    assert {one.id for one in plan.contacts} >= {"bo", "zoe"}


def test_what_was_added_or_taken_on_is_in_use() -> None:
    told = in_the_room()
    assert {name for name in in_use(told.state) if name[0] != "contact"} == set()
    told.tell("task.assigned", task="thank", person="bo")
    told.tell("task.added", task={"id": "t", "title": "Extra"}, phase="later", words="Extra")
    told.tell("message.added", message={"id": "m", "title": "M", "text": "Words."})
    used = in_use(told.state, ["m"])
    assert {("task", "thank"), ("task", "t"), ("words", "m")} <= used
    plan, _ = switched(told.state.plan, HOAX, used)
    assert_whole(plan)
    assert [one.id for one in plan.key_messages] == ["sorry", "m"]
    assert [one.title for one in plan.phases] == ["First hour", "The day after", "Later"]


def test_laws_and_promises_outlive_the_plan_they_came_from() -> None:
    told = Told(
        plan=msgspec.to_builtins(HOAX), playbook={"id": "hoax", "version": 1, "sha256": "0" * 64},
        severity="high",
    )  # fmt: skip
    plan, _ = switched(HOAX, DEFECT, in_use(told.state))
    assert_whole(plan)
    assert [one.id for one in plan.deadlines] == ["police"]
    assert plan.deadlines[0].starts == "what"
    assert [one.id for one in plan.cadences] == ["defect-public"]


@cache
def shipped(name: str) -> Playbook:
    plan, problems = load_playbook(*find(name, []))
    assert plan is not None, problems
    return plan


def grown(running: Playbook, other: Playbook) -> list[Playbook]:
    """Return what each way to make one of two gives, having checked that it hangs together."""
    every = {name for name, _ in parts(running)}
    ways = (merged(running, other), switched(running, other, ()), switched(running, other, every))
    for plan, _ in ways:
        assert_whole(plan)
    return [plan for plan, _ in ways]


def loaded(plan: Playbook) -> tuple[Playbook | None, list[Problem]]:
    """Return what a playbook's file loads as."""
    return load_playbook(write(plan), "grown.yaml")


NAMES = list_ids([])


@pytest.mark.parametrize(("one", "two"), list(pairwise((*NAMES, NAMES[0]))))
def test_two_shipped_playbooks_become_one_that_loads(one: str, two: str) -> None:
    for plan in grown(shipped(one), shipped(two)):
        assert loaded(plan) == (plan, [])


@pytest.mark.full
@pytest.mark.parametrize("one", NAMES)
def test_any_two_shipped_playbooks_become_one_that_loads(one: str) -> None:
    for two in NAMES:
        for plan in grown(shipped(one), shipped(two)):
            assert loaded(plan) == (plan, [])


def test_degrees_match_by_id_then_by_place() -> None:
    four = tuple(Severity(name, name) for name in ("a", "b", "c", "d"))
    two = tuple(Severity(name, name) for name in ("b", "z"))
    assert [counterpart(one.id, four, two) for one in four] == ["b", "b", "z", "z"]
    assert degrees(four, two) == {"a": ("b",), "b": ("b", "z"), "c": ("z",), "d": ("z",)}
    assert counterpart("b", four, ()) == "b"
    assert counterpart("other", four, two) == "other"


def test_only_what_speaks_of_severities_is_regraded() -> None:
    to = {"sev1": ("high",), "sev2": ("mid", "low")}
    condition = Condition("any", (Condition("is", (), "severity", ("sev2", "sev1")),
                                  Condition("is", (), "fact.x", ("sev1",))))  # fmt: skip
    after = regraded(condition, to)
    assert after.of[0].values == ("mid", "low", "high")
    assert after.of[1] == condition.of[1]


def test_renaming_to_the_same_names_changes_nothing() -> None:
    for plan in (DEFECT, HOAX):
        assert rewritten(plan, lambda kind, name: name) == plan
