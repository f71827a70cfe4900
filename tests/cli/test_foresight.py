"""Previews of a playbook, and what differs between a run and the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.library import shipped_dir


def test_a_preview_shows_the_room_at_that_minute(cli: Cli) -> None:
    said = cli.ok(
        "playbook", "preview", "data-breach", "--at", "+25m", "--set", "personal=yes@10m",
        "--role", "lead=ada@3m", "--done", "pause-posts@4m",
    )  # fmt: skip
    lines = said.lines
    assert "declared SEV1" in lines[1]
    assert any(line.startswith("  done    pause-posts") for line in lines)
    assert any("waiting letter" in line and "waits for fact" in line for line in lines)
    assert any("open    risk" in line for line in lines)
    assert any("15m late" in line for line in lines)
    assert any("call Ada Example" in line for line in lines)
    assert any(line.endswith("the next call is at 03:12") or "next call" in line for line in lines)
    assert "no room" in cli.refused(1, "status").err


def test_a_preview_as_json(cli: Cli) -> None:
    seen = cli.json("playbook", "preview", "data-breach", "--at", "+25m", "--severity", "SEV2")
    assert seen["severity"] == "sev2"
    tasks = {task["id"]: task for task in seen["tasks"]}
    assert tasks["letter"]["state"] == "waiting"
    assert {clock["state"] for clock in seen["clocks"]} >= {"overdue"}
    assert seen["entries"][0]["kind"] == "incident.declared"
    later = cli.json("playbook", "preview", "data-breach", "--at", "3h")
    assert len(later["entries"]) > len(seen["entries"])


def test_a_preview_can_begin_at_night(cli: Cli) -> None:
    seen = cli.json("playbook", "preview", "hoax", "--declared", "22:30")
    assert seen["declared_at"].endswith(":30:00.000Z")
    assert seen["at"] == seen["declared_at"]


@pytest.mark.parametrize(
    "words",
    [
        ("--at", "soon"),
        ("--at", "+31d"),
        ("--set", "personal"),
        ("--set", "personl=yes"),
        ("--set", "personal=perhaps"),
        ("--done", "nothing"),
        ("--role", "lead"),
        ("--role", "nobody=ada"),
        ("--severity", "sev9"),
        ("--declared", "yesterday"),
    ],
)
def test_what_a_preview_cannot_suppose(cli: Cli, words: tuple[str, str]) -> None:
    said = cli.refused(2, "playbook", "preview", "data-breach", *words)
    assert said.err.strip()


def test_a_run_is_compared_with_the_file_now(crisis: Cli, tmp_path: Path) -> None:
    assert crisis.ok("playbook", "diff", "INC-1").lines[-1] == "nothing differs"
    text = (shipped_dir() / "product-defect.yaml").read_text()
    folder = tmp_path / "playbooks"
    folder.mkdir()
    changed = text.replace("version: 1", "version: 2", 1)
    changed = changed.replace('    title: "Afterwards"', '    title: "When it is over"')
    assert changed != text
    (folder / "product-defect.yaml").write_text(changed)
    lines = crisis.ok("playbook", "diff").lines
    assert "changed: version: 1 -> 2" in lines
    assert "changed: phases/recover/title: Afterwards -> When it is over" in lines
    found = crisis.json("playbook", "diff", "INC-1", "playbooks/product-defect.yaml")
    assert {one["path"] for one in found["changes"]} == {"version", "phases/recover/title"}
    assert found["file"] == {"id": "product-defect", "version": 2}


def test_long_words_are_compared_line_by_line(crisis: Cli, tmp_path: Path) -> None:
    text = (shipped_dir() / "product-defect.yaml").read_text()
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("That was not right.", "That was wrong."))
    lines = crisis.ok("playbook", "diff", "INC-1", "mine.yaml").lines
    assert "changed: statements/correction/text:" in lines
    assert any(line.startswith("  - ") and "not right" in line for line in lines)
    assert any(line.startswith("  + ") and "was wrong" in line for line in lines)


def test_a_role_without_a_contact_is_called_by_its_holder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bare.yaml").write_text(
        """\
schema: 1
id: bare
title: "Bare"
version: 1
severities: [{id: sev1, label: "Crisis"}]
roles: [{id: lead, title: "Lead", within: 1m}, {id: care, title: "Care"}]
escalations:
  - {id: call, title: "Call care", steps: [{call: [care], wait: 5m}]}
phases:
  - id: first
    title: "First"
    tasks:
      - {id: a, title: "A", within: 1m, on_overdue: [{escalate: call}]}
"""
    )
    lines = cli.ok("playbook", "preview", "bare.yaml", "--at", "2m").lines
    assert "    care: no contact" in lines
