"""The JSON contract of what is owed: clocks of all kinds, approvals by steps, exports of it all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cli.conftest import room_file
from cli.driver import Cli
from cli.test_contract import CLOCK, EXPORT, TASK, WORDS, has
from cli.test_people import PLAN, planned

from crisisroom.clock import ManualClock

__all__ = ["planned"]

TEAM = """
schema: 1
room: {name: "drill: kettle"}
team:
  - {id: ada, name: Ada, roles: [lead]}
  - {id: bo, name: Bo, roles: [legal]}
  - {id: cy, name: Cy, roles: [lead, legal]}
"""


def clocks(cli: Cli) -> dict[str, dict[str, Any]]:
    """Return the kinds of clocks that `status` lists, the last of each."""
    return {clock["kind"]: clock for clock in cli.json("status")["clocks"]}


def test_status_lists_clocks_of_every_kind(planned: Cli, clock: ManualClock) -> None:
    assert clocks(planned).keys() == {"task", "cadence"}
    planned.ok("fact", "set", "aware", "tonight")
    planned.ok("enquiry", "add", "Why?", "--outlet", "The Daily", "--due", "+2h")
    planned.ok("escalate", "--why", "it burns")
    planned.ok("statement", "draft", "INC-1", "holding")
    planned.ok("statement", "submit", "INC-1", "ST-1")
    running = clocks(planned)
    assert running.keys() == {
        *("task", "cadence", "deadline", "enquiry", "escalation", "approval"),
    }
    for one in running.values():
        has(one, CLOCK | {"incident"})
        assert one["incident"] == "INC-1"
        assert one["state"] in ("ok", "warn", "overdue")
    assert (running["deadline"]["id"], running["deadline"]["who"]) == ("deadline:gdpr", "legal")
    assert running["approval"]["who"] == "ada, legal"
    assert running["escalation"]["state"] == "warn"
    planned.ok("deadline", "met", "gdpr", "online form")
    assert clocks(planned)["deadline"]["state"] == "met"
    clock.advance(6 * 60)
    assert clocks(planned)["task"]["state"] == "overdue"


def test_a_waived_duty_stays_among_the_clocks(planned: Cli) -> None:
    planned.ok("fact", "set", "aware", "tonight")
    planned.ok("deadline", "waive", "gdpr", "no personal data, says Legal")
    assert clocks(planned)["deadline"]["state"] == "waived"


def test_a_role_that_is_empty_has_a_clock(crisis: Cli) -> None:
    role = clocks(crisis)["role"]
    assert role["id"].startswith("role:")
    held = {one["id"]: one for one in crisis.json("incidents")[0]["roles"]}
    assert held[role["id"].removeprefix("role:")]["within"] is not None


def test_a_task_says_what_became_of_it(crisis: Cli) -> None:
    added = crisis.json("task", "add", "INC-1", "Ring the plant", "--within", "10m", "--as", "ada")
    has(added, TASK | {"entry"})
    assert (added["added_by"], added["state"], added["times"]) == ("ada", "open", 0)
    assert added["opened_at"] == "2026-11-22T02:07:00.000Z"
    states = {task["state"] for task in crisis.json("task", "list")}
    assert states <= {"open", "waiting", "done", "skipped", "not_needed"}
    repeating = [task for task in crisis.json("task", "list") if task["repeat"]]
    assert all(task["repeat"] > 0 for task in repeating)


def test_facts_say_what_may_stand_there(crisis: Cli) -> None:
    for fact in crisis.json("fact", "list"):
        assert fact["type"] in ("text", "number", "yes-no", "choice", "time")
        assert bool(fact["options"]) == (fact["type"] == "choice")
        assert fact["known_at"] is None


def test_steps_of_an_approval(planned: Cli) -> None:
    planned.ok("statement", "draft", "INC-1", "holding")
    asked = planned.json("statement", "submit", "INC-1", "ST-1")
    has(asked, WORDS | {"entry"})
    assert asked["approval"] == "words"
    assert asked["waits_for"] == ["lead", "legal"]
    (step,) = asked["steps"]
    assert step == {
        "step": 1,
        "rule": "any",
        "by": ["lead", "legal"],
        "given": [],
        "missing": ["lead", "legal"],
        "done": False,
    }
    assert asked["step_due_at"] == "2026-11-22T02:17:00.000Z"
    assert asked["promises"] == "2026-11-22T03:07:00.000Z"
    agree = ("statement", "approve", "INC-1", "ST-1", asked["sha256"], "--as", "bo")
    approved = planned.json(*agree)
    (step,) = approved["steps"]
    assert (step["done"], step["missing"]) == (True, [])
    assert [one["by"] for one in step["given"]] == ["bo"]
    assert approved["waits_for"] == []
    (said,) = approved["approvals"]
    assert (said["verdict"], said["complete"], said["rung"]) == ("approved", True, 1)


GLASS = """\
approvals:
  - id: words
    steps: [{by: [lead]}, {by: [legal]}]
    break_glass: [lead]
"""


def test_two_steps_and_a_release(cli: Cli) -> None:
    Path("crisisroom.yaml").write_text(TEAM)
    Path("playbooks").mkdir()
    short = "approvals:\n  - {id: words, by: [lead, legal]}\n"
    assert short in PLAN
    Path("playbooks/kettle.yaml").write_text(PLAN.replace(short, GLASS))
    cli.ok("declare", "Kettles smoke", "--playbook", "kettle", "--as", "cy")
    cli.ok("role", "take", "lead", "--as", "ada")
    cli.ok("role", "take", "legal", "--as", "bo")
    text = ("statement", "draft", "INC-1", "holding", "--as", "cy")
    cli.ok(*text)
    asked = cli.json("statement", "submit", "INC-1", "ST-1", "--as", "cy")
    assert asked["waits_for"] == ["lead"]
    half = cli.json("statement", "approve", "INC-1", "ST-1", asked["sha256"], "--as", "ada")
    assert (half["state"], half["waits_for"]) == ("submitted", ["legal"])
    assert [one["done"] for one in half["steps"]] == [True, False]
    assert half["approvals"][0]["complete"] is False
    back = cli.json("statement", "revoke", "INC-1", "ST-1", "not true any more", "--as", "ada")
    assert (back["state"], back["waits_for"]) == ("submitted", ["lead"])
    free = cli.json(
        "statement",
        "release",
        "INC-1",
        "ST-1",
        "--reason",
        "people are in danger",
        "--as",
        "ada",
    )
    verdicts = [one["verdict"] for one in free["approvals"]]
    assert (free["state"], verdicts) == ("approved", ["approved", "revoked", "released"])
    page = cli.ok("export", "INC-1", "--as", "ada").out
    assert "**EMERGENCY RELEASE: ST-1 was released WITHOUT APPROVAL" in page


def test_an_export_has_all_that_is_owed(planned: Cli, tmp_path: Path) -> None:
    planned.ok("fact", "set", "aware", "tonight")
    planned.ok("enquiry", "add", "Why?", "--outlet", "The Daily", "--due", "+2h")
    planned.ok("escalate", "--why", "it burns")
    planned.ok("escalation", "ack", "wake", "I am up")
    planned.ok("contact", "reached", "lab", "--by", "phone")
    planned.ok("task", "add", "INC-1", "Ring the plant")
    whole = planned.json("export", "INC-1", "--format", "json")
    has(whole, EXPORT)
    assert whole["deadlines"] == planned.json("deadline", "list")
    assert whole["enquiries"] == planned.json("enquiry", "list")
    assert whole["cadences"] == planned.json("cadence", "list")
    (calls,) = whole["escalations"]
    (listed,) = planned.json("escalation", "list")
    (run,) = calls.pop("runs")
    assert calls == listed
    assert (run["why"], run["calls"][0]["names"]) == ("it burns", ["Ada"])
    status = planned.json("status")["clocks"]
    assert whole["clocks"] == [
        {key: clock[key] for key in clock if key != "incident"} for clock in status
    ]
    lab = next(one for one in whole["contacts"] if one["id"] == "lab")
    assert (lab["hours"], lab["calls"][0]["outcome"]) == ("Mo-Fr 08:00-18:00", "reached")
    planned.ok("export", "INC-1", "--format", "csv", "-o", "tables/")
    assert {path.name.removeprefix("INC-1-") for path in (tmp_path / "tables").iterdir()} >= {
        *("deadlines.csv", "enquiries.csv", "metrics.csv"),
    }


def test_what_is_owed_is_imported_without_loss(planned: Cli, tmp_path: Path) -> None:
    planned.ok("fact", "set", "aware", "tonight")
    planned.ok("enquiry", "add", "Why?", "--outlet", "The Daily", "--due", "+2h")
    planned.ok("escalate")
    planned.ok("task", "add", "INC-1", "Ring the plant")
    planned.ok("message", "add", "INC-1", "We look into it.")
    planned.ok("export", "INC-1", "--format", "jsonl", "-o", "x.jsonl")
    other = ("--room", "other.db")
    planned.ok(*other, "import", "x.jsonl")
    planned.ok(*other, "verify")
    again = planned.ok(*other, "export", "INC-1", "--format", "jsonl").out
    assert again.encode() == (tmp_path / "x.jsonl").read_bytes()
    for thing in ("deadline", "enquiry", "escalation", "cadence", "task"):
        assert planned.json(*other, thing, "list") == planned.json(thing, "list")
    assert room_file().exists()
