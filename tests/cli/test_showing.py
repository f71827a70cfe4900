"""A playbook shown, printed and explained by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.vocabulary.jsonschema import playbook_schema
from crisisroom.vocabulary.page import page


def test_a_page_to_read(crisis: Cli) -> None:
    lines = crisis.ok("playbook", "show", "product-defect").lines
    assert lines[0] == "Product defect goes public"
    assert any(line.startswith("[ ] Pause all scheduled posts") for line in lines)
    assert any("phone +00 000 000 001" in line for line in lines)
    assert any(line.startswith("  approved by ") for line in lines)


def test_a_page_to_print(crisis: Cli, tmp_path: Path) -> None:
    shown = crisis.ok("playbook", "show", "product-defect", "--format", "html").out
    assert shown.startswith("<!doctype html>")
    words = ("playbook", "show", "product-defect", "--format", "html", "-o", "plan.html")
    assert crisis.ok(*words).lines == ["wrote plan.html"]
    assert (tmp_path / "plan.html").read_text() == shown
    assert "already" in crisis.refused(1, *words).err
    crisis.ok(*words, "--force")


def test_text_goes_into_a_file_too(cli: Cli, tmp_path: Path) -> None:
    cli.ok("playbook", "show", "hoax", "-o", "plan.txt")
    assert (tmp_path / "plan.txt").read_text().splitlines() == cli.ok(
        "playbook", "show", "hoax"
    ).lines


def test_json_by_either_name(crisis: Cli) -> None:
    one = crisis.json("playbook", "show", "product-defect")
    other = crisis.ok("playbook", "show", "product-defect", "--format", "json").json
    assert one == other
    assert {word["approved"] for word in one["words"]} == {True}
    assert one["plan"]["id"] == "product-defect"


def test_the_schema_and_the_page_are_printed(cli: Cli) -> None:
    assert json.loads(cli.ok("playbook", "schema").out) == playbook_schema()
    assert cli.ok("playbook", "help").out.rstrip("\n") == page().rstrip("\n")
    assert cli.json("playbook", "help") == {"page": page()}


@pytest.mark.parametrize("format", ["text", "html", "json"])
def test_a_broken_one_is_refused(cli: Cli, tmp_path: Path, format: str) -> None:
    (tmp_path / "broken.yaml").write_text("schema: 1\nid: broken\n")
    said = cli.refused(1, "playbook", "show", "broken.yaml", "--format", format)
    assert "crisisroom check" in said.err
