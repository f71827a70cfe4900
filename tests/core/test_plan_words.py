"""Conditions, due times and consequences as people say them."""

from __future__ import annotations

import pytest
from whole_playbook import WHOLE

from crisisroom.core.condition import Condition
from crisisroom.core.plan_words import PlanWords, listed
from crisisroom.core.playbook import ApprovalStep, Consequence, Playbook, Task
from crisisroom.core.playbook_load import load_playbook
from crisisroom.vocabulary.page import example


def plan() -> Playbook:
    """Return the example of the vocabulary's page."""
    text = example().replace("include: [shared/contacts.yaml]\n", "")
    loaded, problems = load_playbook(text, "example.yaml")
    assert loaded is not None, problems
    return loaded


WORDS = PlanWords(plan())


def _is(subject: str, *values: str) -> Condition:
    return Condition("is", subject=subject, values=values)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (_is("fact.harm", "yes", "unclear"), "“is anybody hurt” is yes or unclear"),
        (_is("severity", "sev1"), "the severity is Crisis"),
        (Condition("set", subject="fact.batch"), "“which kettles” is known"),
        (Condition("set", subject="role.lead"), "“Crisis lead” is held"),
        (Condition("set", subject="task.pause-posts"), "“Pause all scheduled posts” is closed"),
        (Condition("set", subject="statement.holding"), "“First words” is out"),
        (
            Condition("at_least", subject="fact.sold", values=("1000",)),
            "“how many were sold” is at least 1000",
        ),
        (
            Condition("not", (Condition("set", subject="fact.batch"),)),
            "not (“which kettles” is known)",
        ),
        (
            Condition(
                "all",
                (
                    Condition("set", subject="fact.batch"),
                    Condition("any", (_is("severity", "sev1"), _is("severity", "sev2"))),
                ),
            ),
            "“which kettles” is known and (the severity is Crisis or the severity is Serious)",
        ),
    ],
)
def test_a_condition_is_a_clause(condition: Condition, said: str) -> None:
    assert WORDS.condition(condition) == said


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (Task("t", "T"), ""),
        (Task("t", "T", within=300), "5m after the declaration"),
        (Task("t", "T", within=300, when=_is("severity", "sev1")), "5m after it appears"),
        (Task("t", "T", within=300, after="declared"), "5m after the declaration"),
        (Task("t", "T", within=300, after="appears"), "5m after it appears"),
        (Task("t", "T", within=300, after="severity"), "5m after the severity changes"),
        (Task("t", "T", within=5400, after="fact.harm"), "1h30m after “is anybody hurt” is known"),
        (Task("t", "T", within=60, after="phase.respond"), "1m after “The first hours” begins"),
        (Task("t", "T", at="17:30"), "at 17:30"),
    ],
)
def test_a_due_time_names_its_anchor(task: Task, said: str) -> None:
    assert WORDS.due(task) == said


def test_consequences_and_steps_name_people() -> None:
    follows = (
        Consequence(note="Posts rest"),
        Consequence(notify="bo"),
        Consequence(escalate="call-lead", after=300),
    )
    said = "notes “Posts rest”, tells Bo Example, begins to call: Somebody has to lead 5m later"
    assert WORDS.follows(follows) == said
    step = ApprovalStep(("legal", "lead"), "all", 900, ("lead",), _is("severity", "sev1"))
    assert WORDS.step(step) == (
        "Legal and Crisis lead within 15m, then also Crisis lead (if the severity is Crisis)"
    )


def test_every_clause_of_a_whole_playbook_can_be_said() -> None:
    whole, problems = load_playbook(WHOLE, "whole.yaml")
    assert whole is not None, problems
    words = PlanWords(whole)
    for _, task in whole.tasks():
        said = [words.due(task), words.follows(task.on_done), words.follows(task.on_overdue)]
        said += [words.condition(one) for one in (task.when, task.done_when) if one]
        assert not any(f"{sort}." in one for one in said for sort in ("fact", "task", "role")), said


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists_read_like_lists(words: list[str], said: str) -> None:
    assert listed(words) == said
