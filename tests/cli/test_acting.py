"""Corrective actions by the command line, of one incident and of all."""

from __future__ import annotations

from datetime import timedelta

from cli.driver import Cli

from crisisroom.clock import ManualClock


def test_an_action_from_its_beginning_to_its_end(crisis: Cli) -> None:
    said = crisis.ok(
        "action", "add", "INC-1", "test", "the", "fuse", "--owner", "fay", "--due", "2026-12-24",
        "--kind", "prevent", "--link", "https://tickets.example/81",
    )  # fmt: skip
    assert said.out.endswith("action A-1: test the fuse\n")
    (one,) = crisis.json("action", "list")
    assert (one["id"], one["owner"], one["kind"]) == ("A-1", "fay", "prevent")
    assert (one["link"], one["incident"]) == ("https://tickets.example/81", "INC-1")
    assert (one["overdue"], one["days_left"], one["closed_at"]) == (False, 32, None)
    changed = crisis.json("action", "change", "A-1", "--due", "none", "--owner", "gil")
    assert (changed["due"], changed["owner"], changed["days_left"]) == ("", "gil", None)
    done = crisis.json("action", "done", "A-1", "every one is tested")
    assert (done["state"], done["outcome"]) == ("done", "every one is tested")
    assert "A-1 is done already" in crisis.refused(1, "action", "drop", "A-1", "why").err
    assert crisis.json("action", "reopen", "A-1", "one was not")["state"] == "open"
    assert crisis.json("action", "drop", "A-1", "off the shelf")["outcome"] == "off the shelf"
    assert "nothing to change is named" in crisis.refused(2, "action", "change", "A-1").err
    assert crisis.refused(2, "action", "add", "x", "--kind", "hope").out == ""
    assert "no link" in crisis.refused(2, "action", "add", "x", "--link", "javascript:1").err


def test_what_is_late_is_seen_everywhere(crisis: Cli, clock: ManualClock) -> None:
    crisis.ok("action", "add", "INC-1", "test the fuse", "--owner", "fay", "--due", "2026-11-23")
    crisis.ok("action", "add", "INC-1", "some day", "--owner", "gil")
    assert crisis.json("status")["late_actions"] == []
    clock.advance(timedelta(days=4).total_seconds())
    late = "INC-1 open  A-1  test the fuse (fay, due 2026-11-23), 3 days late"
    assert crisis.ok("action", "list", "--all-incidents", "--overdue").lines == [late]
    assert f"late action: {late}" in crisis.ok("status").lines
    assert [one["id"] for one in crisis.json("status")["late_actions"]] == ["A-1"]
    assert [one["id"] for one in crisis.json("digest")["late_actions"]] == ["A-1"]
    assert "late, of incidents:" in crisis.ok("digest").lines
    mine = crisis.json("brief", "INC-1", "--as", "fay")["needed_from_you"]
    assert "do A-1, 3 days late: test the fuse" in mine
    crisis.ok("action", "done", "A-1")
    assert crisis.json("action", "list", "--all-incidents", "--overdue") == []


def test_the_list_is_narrowed(crisis: Cli) -> None:
    for owner in ("fay", "gil", "fay"):
        crisis.ok("action", "add", "INC-1", f"for {owner}", "--owner", owner)
    crisis.ok("action", "done", "A-1")
    narrow = [one["id"] for one in crisis.json("action", "list", "--owner", "fay", "--open")]
    assert narrow == ["A-3"]
    every = crisis.json("action", "list", "--all-incidents")
    assert [one["id"] for one in every] == ["A-1", "A-2", "A-3"]
    page = crisis.json("action", "list", "--all-incidents", "--after", "INC-1/A-1", "--limit", "1")
    assert [one["id"] for one in page] == ["A-2"]
    refused = crisis.refused(2, "action", "list", "INC-1", "--all-incidents")
    assert "leave INC-n out" in refused.err


def test_an_action_answers_a_story(crisis: Cli) -> None:
    refused = crisis.refused(2, "action", "add", "INC-1", "x", "--narrative", "N-9")
    assert "has no story N-9" in refused.err
