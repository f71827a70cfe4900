"""Shift change by the command line: what one holds, all of it to another, and what happened."""

from __future__ import annotations

from cli.driver import Cli


def test_all_of_it_goes_over_with_what_is_needed_next(crisis: Cli) -> None:
    crisis.ok("role", "take", "lead", "--as", "ada")
    crisis.ok("task", "assign", "pause-posts", "ada", "--as", "ada")
    held = crisis.ok("handover", "--as", "ada").lines
    assert any(line.startswith("  holds role lead, INC-1") for line in held)
    assert any("task: Pause" in line for line in held[held.index("needed next:") :])
    offered = crisis.ok("handover", "bo", "the lab calls at six", "--as", "ada").lines
    assert offered[-1] == "  crisisroom handover ada --take"
    taken = crisis.ok("handover", "ada", "--take", "--as", "bo").lines
    assert taken[0].startswith("took over: role lead, INC-1")
    assert any("task: Pause" in line for line in taken[taken.index("needed next:") :])
    assert "needed next:" not in crisis.ok("handover", "--as", "ada").lines
    late = crisis.refused(1, "handover", "ada", "--take", "--as", "cy").err
    assert "ada holds nothing that could be taken over: bo was first, just now" in late


def test_as_json(crisis: Cli) -> None:
    crisis.ok("role", "take", "lead", "--as", "ada")
    held = crisis.json("handover", "--as", "ada")
    assert held["holds"][0]["id"] == "lead"
    assert all(line.startswith("INC-1: ") for line in held["needed"])
    offered = crisis.json("handover", "bo", "--as", "ada")
    assert (offered["from"], offered["to"], "needed" in offered) == ("ada", "bo", False)
    taken = crisis.json("handover", "ada", "--take", "--as", "bo")
    assert [one["id"] for one in taken["hands"]] == ["lead"]
    assert taken["needed"]
