"""Figures by the command line: of one incident with their entries, and across incidents."""

from __future__ import annotations

import pytest
from cli.driver import Cli

from crisisroom.clock import ManualClock
from crisisroom.report.figures.catalogue import FIGURES


@pytest.fixture
def answered(crisis: Cli, clock: ManualClock) -> Cli:
    """INC-1 with a role taken three minutes in, and a task done in the fourth."""
    clock.advance(180)
    crisis.ok("role", "take", "INC-1", "lead")
    clock.advance(60)
    crisis.ok("note", "INC-1", "the plant called")
    return crisis


def declared(cli: Cli, title: str, *more: str) -> None:
    cli.ok("declare", title, "--playbook", "product-defect", "--severity", "sev2", *more)


def test_figures_name_the_entries_they_come_from(answered: Cli) -> None:
    lines = answered.ok("metrics", "INC-1").lines
    assert lines[0].startswith("INC-1 ")
    said = {line.partition(": ")[0].strip(): line.partition(": ")[2] for line in lines[1:]}
    never = said["Not applicable"].split("; ")
    assert {one.label for one in FIGURES.values()} <= {*said, *never}
    assert said["first alert to somebody leading"] == "3m, from entry 1 (02:07) to entry 2 (02:10)"
    assert said["declared to resolved"] == "pending, 4m so far, from entry 1 (02:07)"
    assert "early warning to declared" in never
    parts = [line for line in lines if line.endswith(":")]
    assert parts[0] == "There in time:"
    assert lines.index("Our words:") < lines.index("What was due:") < lines.index("To the end:")


def test_figures_as_in_the_export(answered: Cli) -> None:
    found = answered.json("metrics", "INC-1")
    whole = answered.json("export", "INC-1", "--format", "json")
    assert found == whole["metrics"]
    assert [one["id"] for one in found if not one["id"].startswith("deadline_margin:")] == [
        *FIGURES
    ]


def test_a_target_is_named_by_who_asks(answered: Cli) -> None:
    by_id = {one["id"]: one for one in answered.json("metrics", "INC-1", "--target", "30m")}
    assert by_id["first_reply_in_time"]["state"] == "pending"
    assert "no span" in answered.refused(2, "metrics", "INC-1", "--target", "soon").err


def test_across_incidents_a_few_make_no_percentile(answered: Cli) -> None:
    declared(answered, "another")
    lines = answered.ok("stats").lines
    assert lines[0] == "2 incidents, without drills"
    assert lines[1].startswith("no trend: --since")
    [led] = [line for line in lines if line.startswith("  first alert to somebody leading: ")]
    assert led.endswith("1 incident: no percentiles, worst 3m INC-1, 1 pending")


def test_drills_are_kept_out_unless_asked_for(answered: Cli) -> None:
    declared(answered, "a rehearsal", "--drill")
    assert [one["id"] for one in answered.json("stats")["incidents"]] == ["INC-1"]
    assert len(answered.json("stats", "--drills", "with")["incidents"]) == 2
    only = answered.json("stats", "--drills", "only")
    assert [(one["id"], one["drill"]) for one in only["incidents"]] == [("INC-2", True)]


def test_the_span_before_is_as_long(answered: Cli, clock: ManualClock) -> None:
    clock.advance(864000)
    declared(answered, "another")
    clock.advance(86400)
    found = answered.json("stats", "--since", "-7d")
    assert [one["id"] for one in found["incidents"]] == ["INC-2"]
    assert [one["id"] for one in found["before"]["incidents"]] == ["INC-1"]
    assert found["before"]["until"] == found["since"]
    by_id = {one["id"]: one for one in found["metrics"]}
    assert by_id["alert_to_lead"]["before"] == {"n": 1, "median": None}
    assert (by_id["alert_to_lead"]["n"], by_id["alert_to_lead"]["pending"]) == (0, 1)
    assert "the span before" in answered.ok("stats", "--since", "-7d").out


def test_only_the_incidents_that_are_asked_for(answered: Cli) -> None:
    declared(answered, "another")
    answered.ok("severity", "INC-2", "sev1", "it spreads")

    def ids(*words: str) -> list[str]:
        return [one["id"] for one in answered.json("stats", *words)["incidents"]]

    assert ids("--severity", "SEV1") == ["INC-2"]
    assert ids("--severity", "sev2") == ["INC-2", "INC-1"]
    assert ids("--playbook", "nobody") == []
    assert ids("--brand", "ferrow") == ["INC-2", "INC-1"]
    assert ids("--brand", "other") == []
    assert answered.ok("stats", "--brand", "other").lines == ["0 incidents, without drills"]
    refused = answered.refused(2, "stats", "--since", "-1d", "--until", "-2d")
    assert "--until is not after --since" in refused.err
