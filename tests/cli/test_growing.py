"""A plan that grows, by the command line: and what becomes of its file meanwhile."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.clock import ManualClock
from crisisroom.library import shipped_dir

OURS = """\
schema: 1
id: ours
title: "Ours"
version: 1
severities:
  - {id: sev1, label: "Grave"}

facts:
  - id: hurt
    label: "is anybody hurt"
    type: yes-no
  - id: what
    label: "what goes wrong"
    may_fill: yes

roles:
  - {id: lead, title: "Lead"}

# what we do
phases:
  - id: first
    title: "First"
    tasks:
      - id: pause
        title: "Pause posts"
        within: 5m
      - id: doctor
        title: "Ring whoever is hurt"  # before anything else
        when: {is: {fact.hurt: yes}}
        within: 15m
        required: yes

key_messages:
  - id: sorry
    title: "Sorry"
    text: "We are sorry."
"""


@pytest.fixture
def ours(cli: Cli, tmp_path: Path) -> Cli:
    """The command line of a room with INC-1, declared by a playbook of our own."""
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "ours.yaml").write_text(OURS)
    cli.ok("declare", "It smokes", "--playbook", "ours")
    return cli


def test_a_task_behind_an_unknown_fact_appears_when_it_is_known(
    ours: Cli, clock: ManualClock
) -> None:
    lines = ours.ok("task", "list").lines
    (waiting,) = [line for line in lines if "doctor" in line and line.startswith("  ")]
    assert waiting.startswith("  waiting doctor")
    assert "waits for fact: is anybody hurt" in waiting
    assert lines[-1] == "waited for: crisisroom fact set INC-1 hurt VALUE"
    refused = ours.refused(1, "task", "done", "doctor").err
    assert "waits for fact: is anybody hurt (crisisroom fact set INC-1 hurt VALUE)" in refused
    clock.advance(3600)
    ours.ok("fact", "set", "hurt", "ja", "--source", "the hospital")
    task = next(one for one in ours.json("task", "list") if one["id"] == "doctor")
    assert (task["state"], task["due_at"]) == ("open", "2026-11-22T03:22:00.000Z")
    entries = ours.json("timeline", "INC-1")
    (appeared,) = [entry for entry in entries if entry["kind"] == "task.opened"]
    assert (appeared["text"], appeared["actor"]) == ("now to do: Ring whoever is hurt", "room")
    assert ours.ok("verify", "INC-1").code == 0


def test_what_is_not_needed_is_listed_only_with_all(ours: Cli) -> None:
    ours.ok("fact", "set", "hurt", "no")
    assert [task["id"] for task in ours.json("task", "list")] == ["pause"]
    assert [task["id"] for task in ours.json("task", "list", "--all")] == ["pause", "doctor"]
    assert "not_needed doctor" in ours.ok("task", "list", "--all").lines[2]


def test_the_file_may_change_break_or_go(ours: Cli, tmp_path: Path) -> None:
    file = tmp_path / "playbooks" / "ours.yaml"
    before = ours.json("task", "list")
    for change in ("title: [broken", OURS.replace("Pause posts", "Post more"), None):
        if change is None:
            file.unlink()
        else:
            file.write_text(change)
        assert ours.json("task", "list") == before
        ours.ok("task", "done", "pause")
        ours.ok("task", "reopen", "pause")
    assert ours.ok("verify", "INC-1").code == 0


def test_another_playbook_is_added_and_then_leads(ours: Cli) -> None:
    ours.ok("task", "done", "pause")
    lines = ours.ok("playbook", "add", "INC-1", "service-outage").lines
    assert lines[0].startswith("INC-1 3: added playbook service-outage: ")
    assert "  the severities stay sev1" in lines
    again = ours.refused(1, "playbook", "add", "service-outage").err
    assert "has all of service-outage already" in again
    states = {task["id"]: task["state"] for task in ours.json("task", "list", "--all")}
    assert states["pause"] == "done"
    assert "pause-posts" in states
    switched = ours.json("playbook", "switch", "INC-1", "product-defect", "it", "is", "the", "fuse")
    assert switched["playbook"]["id"] == "product-defect"
    assert any("pause-posts" in line for line in switched["settled"])
    assert "needs a reason" in ours.refused(2, "playbook", "switch", "service-outage", " ").err
    states = {task["id"]: task["state"] for task in ours.json("task", "list", "--all")}
    assert states["pause"] == "done"
    assert "doctor" not in states
    assert ours.ok("verify").code == 0


def test_a_task_is_added(ours: Cli, clock: ManualClock) -> None:
    clock.advance(600)
    words = ("Ring", "the", "plant", "--role", "lead", "--within", "30m", "--required")
    task = ours.json("task", "add", "INC-1", *words)
    assert (task["id"], task["role"], task["required"]) == ("task-1", "lead", True)
    assert task["due_at"] == "2026-11-22T02:47:00.000Z"
    lines = ours.ok("task", "add", "Ring them again").lines
    assert lines[-1] == "  its id is task-2"
    assert "no span of time" in ours.refused(2, "task", "add", "x", "--within", "soon").err
    assert "there is no role leda" in ours.refused(2, "task", "add", "x", "--role", "leda").err


def test_sentences_and_answers_are_added_and_approved(ours: Cli) -> None:
    lines = ours.ok("message", "add", "INC-1", "Only {{fact.what}}.", "--title", "Only").lines
    assert lines[-1] == "  next: crisisroom message approve INC-1 message-1"
    added = ours.json("message", "answer", "Is mine safe?", "We test it.", "--when", "safe")
    assert (added["id"], added["approved"], added["kind"]) == ("answer-1", False, "faq")
    listed = ours.ok("message").lines
    assert listed[0] == "sorry (not approved): We are sorry."
    assert listed[2].startswith("answer-1 (not approved, added by ")
    assert ours.ok("message", "approve", "INC-1", "message-1").lines == ["approved message-1"]
    assert ours.json("message", "approve")["approved"] == ["answer-1"]
    assert "nothing to approve" in ours.ok("message", "approve").lines[0]
    assert "no words sorry were added" in ours.refused(2, "message", "approve", "sorry").err
    states = {one["id"]: one["approved"] for one in ours.json("message", "list")}
    assert states == {"sorry": False, "message-1": True, "answer-1": True}


def test_the_patch_fits_the_file(ours: Cli, tmp_path: Path) -> None:
    assert "nothing to put into" in ours.ok("playbook", "patch").lines[0]
    ours.ok("task", "add", "Ring the plant", "--within", "30m")
    ours.ok("message", "add", "Only batch 7.\nThe others are safe: #true", "--when", "no")
    ours.ok("message", "answer", "Is mine safe?", "We test it.")
    diff = ours.ok("playbook", "patch", "INC-1").out
    done = subprocess.run(
        ["git", "apply", "-p0", "-"], cwd=tmp_path, input=diff, text=True, capture_output=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert ours.ok("check", "playbooks/ours.yaml").code == 0
    text = (tmp_path / "playbooks" / "ours.yaml").read_text()
    assert [line for line in OURS.splitlines() if line not in text.splitlines()] == []
    assert "ours.yaml has it all" in ours.ok("playbook", "patch").lines[0]
    again = ours.json("playbook", "patch")
    assert (again["diff"], again["file"].endswith("ours.yaml")) == ("", True)


def test_what_fits_no_file_is_printed_to_paste(ours: Cli, tmp_path: Path) -> None:
    ours.ok("message", "add", "Only batch 7.")
    (tmp_path / "playbooks" / "ours.yaml").write_text("schema: 1\n")
    said = ours("playbook", "patch")
    assert (said.code, said.lines[0]) == (0, "key_messages:")
    assert "does not take these lines" in said.err
    (tmp_path / "playbooks" / "ours.yaml").unlink()
    said = ours("playbook", "patch")
    assert "its file is not here" in said.err
    assert '    text: "Only batch 7."' in said.lines
    assert "there is no file" in ours.refused(2, "playbook", "patch", "--file", "gone.yaml").err
    other = str(shipped_dir() / "product-defect.yaml")
    assert ours.json("playbook", "patch", "--file", other)["diff"].startswith(f"--- {other}\n")
