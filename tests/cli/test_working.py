"""The checklist, the fact sheet and the people, by the command line."""

from __future__ import annotations

import pytest
from cli.driver import Cli

from crisisroom.clock import ManualClock


def test_a_task_is_done_with_what_it_asks_for(crisis: Cli) -> None:
    assert "asks for a note" in crisis.refused(1, "task", "done", "pause-posts").err
    said = crisis.ok("task", "done", "pause-posts", "all", "brands", "--at", "-1m")
    assert said.lines == [
        "INC-1 2 of 02:06, written down 02:07: done: Pause all scheduled posts, newsletters and"
        " advertising (all brands)"
    ]
    task = crisis.json("task", "list")[0]
    assert (task["state"], task["given"]) == ("done", "all brands")
    assert task["closed_at"] == "2026-11-22T02:06:00.000Z"
    assert "did this already" in crisis.refused(1, "task", "done", "pause-posts", "again").err
    assert crisis.json("task", "reopen", "pause-posts")["state"] == "open"


def test_a_task_waits_and_opens(crisis: Cli) -> None:
    assert "waits for task: Fill" in crisis.refused(1, "task", "done", "stop-sale", "x").err
    crisis.ok("task", "done", "facts")
    tasks = {task["id"]: task["state"] for task in crisis.json("task", "list")}
    assert (tasks["stop-sale"], tasks["safety-page"]) == ("open", "waiting")
    open_ones = [task["id"] for task in crisis.json("task", "list", "--open")]
    assert "facts" not in open_ones
    assert "safety-page" in open_ones


def test_lines_of_tasks_are_by_phase_and_say_what_is_late(crisis: Cli, clock: ManualClock) -> None:
    clock.advance(7 * 60)
    lines = crisis.ok("task").lines
    assert lines[0] == "The first fifteen minutes:"
    assert "(social, required, due 02:12, 2m late, asks for a note)" in lines[1]
    assert "Afterwards:" in lines
    crisis.ok("role", "take", "social", "--as", "ada")
    assert "(ada, required," in crisis.ok("task", "list", "INC-1").lines[1]


def test_an_unknown_task_has_a_hint(crisis: Cli) -> None:
    assert 'did you mean "pause-posts"?' in crisis.refused(2, "task", "done", "pause-post").err


def test_facts_have_states(crisis: Cli) -> None:
    assert crisis.json("fact", "set", "cause", "--state", "checking")["state"] == "checking"
    assert "what is cause?" in crisis.refused(2, "fact", "set", "cause").err
    assert "no value" in crisis.refused(2, "fact", "set", "cause", "x", "--state", "unknown").err
    assert "product" in crisis.refused(2, "fact", "set", "colour", "red").err
    lines = crisis.ok("fact").lines
    assert lines[0].startswith("unknown  product: (Which product")
    assert any(line.startswith("checking cause: ") for line in lines)


def test_a_fact_has_a_history(crisis: Cli, clock: ManualClock) -> None:
    crisis.ok("fact", "set", "affected", "batch 7", "--source", "the plant", "--as", "ada")
    clock.advance(60)
    changed = crisis.json("fact", "set", "affected", "batches 7 and 8", "--as", "bo")
    assert changed["state"] == "changed"
    assert crisis.ok("fact", "history", "affected").lines == [
        "02:07 ada: known    affected: batch 7 [the plant]",
        "02:08 bo: changed  affected: batches 7 and 8",
    ]
    assert crisis.json("fact", "confirm", "INC-1", "affected")["state"] == "known"
    told = crisis.json("fact", "history", "affected")
    assert [(one["by"], one["state"]) for one in told][:2] == [("ada", "known"), ("bo", "changed")]
    assert crisis.json("fact", "set", "affected", "--unknown")["value"] == ""
    assert crisis.json("fact", "set", "affected", "batch 9", "--checking")["state"] == "checking"
    assert "nobody said anything" in crisis.ok("fact", "history", "cause").lines[0]
    assert '"affected"' in crisis.refused(2, "fact", "history", "afected").err


def test_times_are_typed_as_people_say_them(crisis: Cli) -> None:
    known = crisis.json("fact", "set", "INC-1", "danger_since", "-20m")
    assert known["value"] == "2026-11-22T01:47:00.000Z"
    (line,) = [one for one in crisis.ok("fact", "list").lines if " danger_since: " in one]
    assert line.startswith("known    danger_since: 01:47 ")
    crisis.ok("fact", "set", "danger_since", "2026-11-20 09:00")
    assert "changed  danger_since: 2026-11-20 09:00" in crisis.ok("fact").out
    assert "write it like 03:10" in crisis.refused(2, "fact", "set", "danger_since", "soon").err


def test_roles_are_taken_given_and_left(crisis: Cli) -> None:
    assert crisis.json("role", "take", "lead", "--as", "ada")["holder"] == "ada"
    assert "ada is Crisis lead, not you" in crisis.refused(1, "role", "leave", "lead").err
    assert crisis.json("role", "assign", "lead", "bo")["holder"] == "bo"
    assert crisis.json("role", "leave", "lead", "--as", "bo")["holder"] == ""
    assert crisis.ok("role").lines[0] == "lead  Crisis lead: nobody, required"
    assert "lead, social" in crisis.refused(2, "role", "take", "king").err


def test_calls_are_kept_with_the_contact(crisis: Cli) -> None:
    crisis.ok("contact", "called", "ada", "--by", "phone", "no", "answer")
    reached = crisis.json("contact", "reached", "INC-1", "ada", "--by", "signal")
    assert [(call["way"], call["reached"]) for call in reached["calls"]] == [
        ("phone", False),
        ("signal", True),
    ]
    assert any("called by phone, no answer" in line for line in crisis.ok("contact").lines)
    assert "one of ada" in crisis.refused(2, "contact", "called", "zoe").err


def test_actions_have_owner_and_day(crisis: Cli) -> None:
    added = crisis.json("action", "add", "new", "fuse", "--owner", "fay", "--due", "2026-12-24")
    assert (added["id"], added["title"], added["due"]) == ("A-1", "new fuse", "2026-12-24")
    assert "(fay, due 2026-12-24)" in crisis.ok("action").lines[0]
    assert crisis.json("action", "done", "a-1")["state"] == "done"
    assert "not a date" in crisis.refused(2, "action", "add", "x", "--due", "soon").err
    assert "A-9" in crisis.refused(2, "action", "done", "A-9").err


@pytest.mark.parametrize("verb", ["task", "fact", "role", "contact", "action", "brief"])
def test_without_an_incident_it_says_so(cli: Cli, verb: str) -> None:
    cli.ok("mention", "add", "a room")
    assert "no incident is open" in cli.refused(2, verb).err
