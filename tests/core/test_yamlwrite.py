"""Playbooks written by us: read back they are the same, and a person can read them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from core.any_struct import Some, free_texts
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crisisroom.core import playbook as book
from crisisroom.core.condition import Condition
from crisisroom.core.kinds import span
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.problems import Report
from crisisroom.core.schema import bind
from crisisroom.core.yamltext import MAX_BYTES, Mapping, Node, Scalar, Sequence, parse
from crisisroom.core.yamlwrite import Unwritable, duration, write
from crisisroom.library import find, list_ids


class OneCondition(msgspec.Struct, frozen=True):
    """A condition alone."""

    when: Condition


def read(text: str, shape: type[msgspec.Struct]) -> Any:
    """Read with the binder alone: random values break every rule across a playbook."""
    root, problems = parse(text, "written.yaml")
    assert root is not None, (problems, text)
    report = Report("written.yaml", problems)
    value = bind(root, shape, report)
    assert not report, (report.problems(), text)
    return value


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**64))
def test_a_playbook_comes_back_as_it_was(seed: int) -> None:
    plan = Some(seed).struct(Playbook)
    text = write(plan)
    assume(len(text) < MAX_BYTES // 2)
    assert read(text, Playbook) == plan


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**64))
def test_conditions_come_back_as_they_were(seed: int) -> None:
    value = OneCondition(Some(seed).condition())
    assert read(write(value), OneCondition) == value


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        free_texts().filter(lambda key: key != "<<" and "\n" not in key),
        st.lists(free_texts(), max_size=3),
        min_size=1,
        max_size=3,
    )
)
def test_texts_come_back_byte_for_byte(values: dict[str, list[str]]) -> None:
    root, problems = parse(write({"held": values}), "written.yaml")
    assert not problems
    assert _plain(root) == {"held": values}


def _plain(node: Node | None) -> Any:
    if isinstance(node, Mapping):
        return {key.value: _plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.value


@pytest.mark.parametrize("name", list_ids([]))
def test_a_shipped_playbook_passes_check_again(name: str) -> None:
    text, file = find(name, [])
    plan, problems = load_playbook(text, file)
    assert plan is not None, problems
    again, problems = load_playbook(write(plan, head="Ours.\nReally.", notes={"id": "x"}), "w")
    assert not problems
    assert again == plan


@given(st.integers(0, 366 * 86400))
def test_durations_are_read_back(seconds: int) -> None:
    assert span(duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (90, "1m30s"), (300, "5m"), (9000, "2h30m"), (86400, "1d"), (7776000, "90d")],
)
def test_durations_are_short(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_a_person_can_read_it() -> None:
    task = book.Task(
        id="dpo",
        title="Call the data protection officer",
        within=1800,
        after="fact.data",
        when=Condition(
            "all",
            (
                Condition("is", subject="fact.data", values=("yes", "unclear")),
                Condition("not", (Condition("set", subject="fact.cause"),)),
            ),
        ),
        required=True,
        needs=("facts", "roles"),
        on_overdue=(book.Consequence(escalate="call-lead", after=300),),
    )
    plan = Playbook(
        schema=1,
        id="breach",
        title='Say "no"',
        version=2,
        phases=(book.Phase("assess", "Assess", (task,)),),
        key_messages=(book.KeyMessage("a", "A", "One.\nTwo."),),
    )
    wanted = """\
# Ours

schema: 1
id: breach
title: "Say \\"no\\""
version: 2

# What to do
phases:
  - id: assess
    title: "Assess"
    tasks:
      - id: dpo
        title: "Call the data protection officer"
        within: 30m
        after: fact.data
        when: {all: [{is: {fact.data: [yes, unclear]}}, {not: {set: fact.cause}}]}
        required: yes
        needs: [facts, roles]
        on_overdue:
          - {escalate: call-lead, after: 5m}

key_messages:
  - id: a
    title: "A"
    text: |
      One.
      Two.
"""
    assert write(plan, head="Ours", notes={"phases": "What to do"}) == wanted


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"a": "x\x07y"}, "a: line 1, column 2: control character U.0007; remove it"),
        ({"a": ["\u202e"]}, r"a\[1\]: line 1, column 1: direction control"),
        ({"a": {"b": "end\n"}}, "a.b: a text cannot end in a line end"),
        ({"a": "\n\n"}, "a: a text has nothing but line ends"),
        ({"a": 1.5}, "a: float has no form"),
        ({"a": -1}, "a: int has no form"),
        ({"a": None}, "a: NoneType has no form"),
        ({"k" * 201: "x"}, "longer than 200"),
        ({"k\x00": "x"}, "control character"),
        ({"<<": "x"}, "no key"),
        ({"a\nc": "x"}, "line end"),
        ({}, "nothing to write"),
        (book.Match(), "nothing to write"),
        (OneCondition(Condition("any")), "joins no conditions"),
    ],
)
def test_what_cannot_be_written_is_said(value: Any, complaint: str) -> None:
    with pytest.raises(Unwritable, match=complaint):
        write(value)
