from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_playbook import WHOLE

from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_include import MOST_FILES, check_shared
from crisisroom.core.playbook_kept import from_snapshot, snapshot
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.problems import Problem

PEOPLE = """\
roles:
  - {id: finance, title: "Finance"}
contacts:
  - id: cy
    name: "Cy"
    roles: [finance]
    reach: [{by: phone, to: "+00 000 003"}]
"""
AGREED = """\
approvals:
  - {id: money, by: [finance, lead]}
escalations:
  - id: call-finance
    title: "Call finance"
    steps: [{call: [cy, ada]}]
"""
INCLUDE = "include: [shared/people.yaml, agreed.yml]\n"
FILES = {"shared/people.yaml": PEOPLE, "agreed.yml": AGREED}


def load(
    files: Mapping[str, str], include: str = INCLUDE, name: str = "plans/p.yaml"
) -> tuple[Playbook | None, list[Problem]]:
    return load_playbook(WHOLE.replace("match:\n", f"{include}match:\n", 1), name, read=files.get)


def test_what_is_included_stands_behind_the_playbook_s_own() -> None:
    playbook, problems = load(FILES)
    assert problems == []
    assert playbook is not None
    assert [role.id for role in playbook.roles] == ["lead", "social", "legal", "finance"]
    assert [contact.id for contact in playbook.contacts] == ["ada", "bo", "cy"]
    assert [one.id for one in playbook.approvals] == ["words", "quick", "money"]
    assert [one.id for one in playbook.escalations] == ["call-lead", "call-finance"]
    assert from_snapshot(snapshot(playbook)) == playbook  # a run needs no file any more


def test_the_playbook_can_name_what_it_includes() -> None:
    text = WHOLE.replace("match:\n", f"{INCLUDE}match:\n").replace("backup: bo", "backup: cy")
    text = text.replace("reply_approval: words", "reply_approval: money")
    assert load_playbook(text, "p.yaml", read=FILES.get)[1] == []
    assert load_playbook(text, "p.yaml")[1]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("shared/people.yaml", "roles: [finance]", "roles: [financ]",
         'plans/shared/people.yaml:6:13: no role is called "financ" (did you mean "finance"?)'),
        ("shared/people.yaml", "id: cy", "id: bo",
         'plans/shared/people.yaml:4:9: the id "bo" is taken (the first is on plans/p.yaml, line'),
        ("shared/people.yaml", "title:", "titel:",
         'plans/shared/people.yaml:2:19: the key "titel" is not known here (did you mean "title"'),
        ("shared/people.yaml", "contacts:", "facts: []\ncontacts:",
         'plans/shared/people.yaml:3:1: the key "facts" is not known here'),
        ("shared/people.yaml", "contacts:", "include: [x.yaml]\ncontacts:",
         'plans/shared/people.yaml:3:1: the key "include" is not known here'),
        ("shared/people.yaml", "  - id: cy", "\t- id: cy", "plans/shared/people.yaml:4:1: "),
        ("agreed.yml", "[cy, ada]", "[cy, adda]",
         'plans/agreed.yml:6:25: no contact or role is called "adda"'),
        ("agreed.yml", "[finance, lead]", "[finance, led]",
         'plans/agreed.yml:2:31: no role is called "led" (did you mean "lead"?)'),
        ("agreed.yml", AGREED, "", "plans/agreed.yml:1:1: the file is empty"),
        ("agreed.yml", AGREED, "x", "plans/agreed.yml:1:1: lines of key: value belong here"),
        ("agreed.yml", AGREED, f"approvals: [{'x, ' * 6000}]", "the file holds more than 5000"),
    ],
)  # fmt: skip
def test_a_slip_is_named_in_the_file_it_stands_in(
    name: str, old: str, new: str, message: str
) -> None:
    assert old in FILES[name]
    playbook, problems = load({**FILES, name: FILES[name].replace(old, new, 1)})
    assert playbook is None
    assert any(message in str(one) for one in problems), problems


def test_problems_of_the_playbook_come_first() -> None:
    text = WHOLE.replace("match:\n", f"{INCLUDE}match:\n").replace("owner: lead", "owner: led", 1)
    broken = {**FILES, "agreed.yml": AGREED.replace(", lead]", ", led]")}
    _, problems = load_playbook(text, "p.yaml", read=broken.get)
    assert [one.file for one in problems] == ["p.yaml", "agreed.yml"]


@pytest.mark.parametrize(
    "name",
    ["../x.yaml", "a/../../x.yaml", "/etc/x.yaml", "~/x.yaml", "a\\b.yaml", "x.txt", "x", ".yaml",
     "./x.yaml", "a//b.yaml", ".hidden/x.yaml", "http://h/x.yaml", f"{'x' * 300}.yaml", "x.yaml\0"],
)  # fmt: skip
def test_only_files_beside_the_playbook_are_asked_for(name: str) -> None:
    asked: list[str] = []
    text = WHOLE.replace("match:\n", f"include: ['{name}']\nmatch:\n", 1)
    playbook, problems = load_playbook(text, "p.yaml", read=asked.append)
    assert playbook is None
    assert problems
    assert asked == []


def test_a_file_is_included_once_and_few_are() -> None:
    _, problems = load(FILES, "include: [agreed.yml, agreed.yml]\n")
    assert "twice" in problems[0].message
    names = ", ".join(f"f{n}.yaml" for n in range(MOST_FILES + 1))
    asked: list[str] = []

    def read(name: str) -> str:
        asked.append(name)
        return "roles: []"

    text = WHOLE.replace("match:\n", f"include: [{names}]\nmatch:\n", 1)
    _, problems = load_playbook(text, "p.yaml", read=read)
    assert [one.code for one in problems] == ["include"]
    assert len(asked) == MOST_FILES


def test_files_that_are_large_together_are_refused() -> None:
    large = {"a.yaml": f"roles: [] # {'x' * 200_000}", "b.yaml": f"roles: [] # {'x' * 200_000}"}
    _, problems = load(large, "include: [a.yaml, b.yaml]\n")
    assert [(one.code, one.col) for one in problems] == [("size", 19)]


def test_what_cannot_be_read_is_named_where_it_is_included() -> None:
    def read(name: str) -> str:
        raise Refused("unreadable", f"{name} cannot be read", "look at its rights")

    text = WHOLE.replace("match:\n", "include: [a.yaml]\nmatch:\n", 1)
    _, problems = load_playbook(text, "p.yaml", read=read)
    assert [str(one) for one in problems] == [
        "p.yaml:10:11: a.yaml cannot be read (look at its rights)"
    ]


def test_a_shared_file_is_checked_by_itself() -> None:
    assert check_shared(PEOPLE, "s.yaml") == []
    assert check_shared(AGREED, "s.yaml") == []
    twice = PEOPLE + PEOPLE.partition("contacts:\n")[2]
    assert [one.code for one in check_shared(twice, "s.yaml")] == ["duplicate"]
    assert check_shared("roles:\n\t- x", "s.yaml")[0].code == "syntax"
    assert check_shared("roles: [x]", "s.yaml")[0].code == "type"


@settings(max_examples=100, deadline=None)
@given(st.text("ab:-[]{}&*!#|>'\"%@`?, \n\t\\", max_size=80) | st.text(max_size=80))
def test_no_included_text_makes_a_traceback(text: str) -> None:
    reader: Callable[[str], str | None] = {"agreed.yml": text, "shared/people.yaml": PEOPLE}.get
    whole = WHOLE.replace("match:\n", f"{INCLUDE}match:\n", 1)
    playbook, problems = load_playbook(whole, "p.yaml", read=reader)
    assert (playbook is None) == bool(problems)
    assert all(str(one).isprintable() for one in problems)
