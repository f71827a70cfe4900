"""What was added in the room goes back into the file as lines among its own, or not at all."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.additions import AddedTask, Additions
from crisisroom.core.patch import as_yaml, patched, unified
from crisisroom.core.playbook import Answer, KeyMessage, Playbook, Task
from crisisroom.core.playbook_load import load_playbook
from crisisroom.library import find, list_ids

PLAN = """\
# Ours, mind the comments
schema: 1
id: mine
title: "Mine"
version: 1
severities:
  - {id: sev1, label: "Grave"}

# what to do
phases:
  - id: first
    title: "First"
    tasks:
      - id: one   # the first
        title: "One"
        detail: |
          Do it.
          # not a comment

      # a comment inside
  # about the next phase
  - id: later
    title: "Later"
    tasks:
    - {id: two, title: "Two"}

key_messages:
- id: sorry
  title: "Sorry"
  text: |
    We are sorry.

    # really


# the end
sign_off: "Us"
"""
BRACKETS = PLAN.replace('tasks:\n    - {id: two, title: "Two"}', 'tasks: [{id: two, title: "Two"}]')
TASK = AddedTask("first", Task("ring", 'Ring "them" #now', within=1800, after="appears"))
LATER = AddedTask("later", Task("call", "Call", required=True))
OTHER = AddedTask("added", Task("else", "Something else"))
MESSAGE = KeyMessage("batch", "Batch", "Only batch 7: the others\nare safe.", when=("no", "12:30"))
ANSWER = Answer("mine", "Is mine affected?", "Look at the number.")
LONE = KeyMessage("batch-77", "Batch", "Only batch 7.")
ALL = Additions((TASK, LATER, OTHER), (MESSAGE,), (ANSWER,))
TITLES = {"first": "First", "later": "Later", "added": "Added in the room"}


def load(text: str) -> Playbook | None:
    return load_playbook(text, "mine.yaml")[0]


def lines_kept(before: str, after: str) -> bool:
    """Tell whether every line of the one stands in the other, in order."""
    rest = iter(after.splitlines())
    return all(line in rest for line in before.splitlines())


def test_each_addition_stands_at_the_end_of_its_list() -> None:
    after = patched(PLAN, ALL, TITLES, load)
    assert after is not None
    assert lines_kept(PLAN, after)
    plan = load(after)
    assert plan is not None
    assert [(phase.id, [task.id for task in phase.tasks]) for phase in plan.phases] == [
        ("first", ["one", "ring"]),
        ("later", ["two", "call"]),
        ("added", ["else"]),
    ]
    assert plan.key_messages[-1] == MESSAGE
    assert plan.faq == (ANSWER,)
    added = dict(enumerate(after.splitlines()))
    at = next(number for number, line in added.items() if "id: ring" in line)
    assert added[at].startswith("      - ")
    before_comment = next(n for n, line in added.items() if line == "  # about the next phase")
    assert at < before_comment


def test_a_task_of_a_file_counts_from_the_declaration() -> None:
    after = patched(PLAN, Additions((TASK,)), TITLES, load)
    assert after is not None
    plan = load(after)
    assert plan is not None
    (ring,) = [task for _, task in plan.tasks() if task.id == "ring"]
    assert (ring.within, ring.after) == (1800, "")


def test_what_the_file_has_already_is_not_added_twice() -> None:
    once = patched(PLAN, ALL, TITLES, load)
    assert once is not None
    assert patched(once, ALL, TITLES, load) == once


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("schema: 1\n", ALL),  # does not load
        (PLAN, Additions((AddedTask("first", Task("one", "Another one")),))),  # its id is taken
        (PLAN, Additions((AddedTask("first", Task("t", "T", role="nobody")),))),
        (BRACKETS, Additions((LATER,))),
    ],
)
def test_what_cannot_be_put_in_by_lines_is_left(text: str, added: Additions) -> None:
    assert patched(text, added, TITLES, load) is None


def test_line_ends_stay_those_of_the_file() -> None:
    after = patched(PLAN.replace("\n", "\r\n"), ALL, TITLES, load)
    assert after is not None
    assert after.replace("\r\n", "\n") == patched(PLAN, ALL, TITLES, load)
    assert "\n" not in after.replace("\r\n", "")


def test_what_is_pasted_says_the_same() -> None:
    head = PLAN.split("# what to do")[0]
    pasted = load(head + as_yaml(ALL, TITLES))
    assert pasted is not None
    assert pasted.faq == (ANSWER,)
    assert [phase.id for phase in pasted.phases] == ["first", "later", "added"]


@pytest.mark.parametrize("end", ["\n", ""])
def test_the_difference_is_one_that_patch_takes(tmp_path: Path, end: str) -> None:
    before = PLAN.rstrip("\n") + end
    after = patched(before, ALL, TITLES, load)
    assert after is not None
    (tmp_path / "mine.yaml").write_text(before)
    done = subprocess.run(
        ["git", "apply", "-p0", "-"], cwd=tmp_path, input=unified(before, after, "mine.yaml"),
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "mine.yaml").read_text() == after


@pytest.mark.parametrize("name", list_ids([]))
def test_shipped_playbooks_take_additions(name: str) -> None:
    text, file = find(name, [])
    plan = load_playbook(text, file)[0]
    if plan is None:
        pytest.skip("being written")
    first = plan.phases[0].id
    added = Additions((AddedTask(first, Task("ring-77", "Ring")),), (LONE,))
    after = patched(text, added, {}, lambda one: load_playbook(one, file)[0])
    assert after is not None
    assert lines_kept(text, after)


SIGNS = "ab \n#:-{}[]|>'\"\\@%&*!?,.0é–"
WORDS = st.text(SIGNS, min_size=1, max_size=60).map(str.strip).filter(bool)


@given(st.lists(WORDS, min_size=1, max_size=3), st.sampled_from(["", "\n", "\n\n# c\n", "\n  # c"]))
def test_whatever_is_said_comes_back_to_the_letter(texts: list[str], end: str) -> None:
    added = Additions(
        messages=tuple(KeyMessage(f"m-{n}", f"M{n}", text) for n, text in enumerate(texts))
    )
    before = PLAN.rstrip("\n") + end
    if load(before) is None:
        return
    after = patched(before, added, {}, load)
    if after is None:  # it cannot stand in a file at all
        assert any("{" in text or "}" in text for text in texts)
        return
    plan = load(after)
    assert plan is not None
    assert [one.text for one in plan.key_messages[1:]] == texts
    assert lines_kept(before, after)
