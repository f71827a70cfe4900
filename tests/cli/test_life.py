"""An incident's life by the command line."""

from __future__ import annotations

import pytest
from cli.driver import MENTIONS, Cli, as_lines, declared


def test_a_declaration_starts_clock_and_checklist(cli: Cli) -> None:
    declared(cli, "--at", "-12m", "--mention", "M-1", "M-2", "--mention", "M-3")
    (incident,) = cli.json("incidents")
    assert incident["declared_at"] == "2026-11-22T01:55:00.000Z"
    first = cli.json("timeline", "INC-1")[0]
    assert first["recorded_at"] == "2026-11-22T02:07:00.000Z"
    linked = cli.json("mentions", "--incident", "INC-1")
    assert [one["id"] for one in linked] == ["M-1", "M-2", "M-3"]
    assert cli.json("task", "list")[0]["overdue"]


def test_plain_lines_say_what_happened(cli: Cli) -> None:
    said = cli.ok("declare", "It", "smokes", "--playbook", "product-defect")
    assert said.lines[0] == "INC-1 1: declared SEV1, product-defect: It smokes"
    assert cli.ok("incidents").lines[0].startswith("INC-1 SEV1 open: It smokes (product-defect,")


def test_the_answers_to_its_questions_say_how_serious_it_is(cli: Cli) -> None:
    declare = ("declare", "It smokes", "--playbook", "product-defect")
    said = cli.ok(*declare, "--answer", "truth=Ja", "spread=no")
    assert said.lines[0] == "INC-1 1: declared SEV2, product-defect: It smokes"
    (asked,) = said.lines[1:]
    assert asked.startswith("still to ask: Is anybody hurt")
    assert asked.endswith("(a yes speaks for SEV1)")
    every = ("--answer", "harm=y", "truth=unknown", "--answer", "spread=nein")
    assert cli.ok(*declare, *every).lines == ["INC-2 1: declared SEV1, product-defect: It smokes"]
    given = cli.ok(*declare, "--severity", "sev3", *every)
    assert given.lines == ["INC-3 1: declared SEV3, product-defect: It smokes"]
    entry = cli.json("timeline", "INC-2")[0]
    assert entry["data"]["answers"] == {"harm": "yes", "truth": "unknown", "spread": "no"}


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ("harm", "--answer harm=yes"),
        ("harm=perhaps", "yes, no, unknown"),
        ("hram=yes", "harm, truth"),
    ],
)
def test_an_answer_that_is_none_is_refused(cli: Cli, answer: str, hint: str) -> None:
    words = ("declare", "x", "--playbook", "product-defect", "--answer", answer)
    assert hint in cli.refused(2, *words).err


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("x", "--playbook", "product-defekt"), 2, "product-defect"),
        (("x", "--playbook", "product-defect", "--severity", "sev9"), 2, "sev1, sev2, sev3"),
        (("x", "--playbook", "product-defect", "--mention", "M-99"), 2, "M-99"),
        (("x", "--playbook", "product-defect", "--at", "2030-01-01"), 1, "future"),
        (("x", "--playbook", "product-defect", "--at", "soon"), 2, "-12m"),
        ((" ", "--playbook", "product-defect"), 2, "title"),
        (("a\x1bb", "--playbook", "product-defect"), 1, "column 2"),
        (("a\nb", "--playbook", "product-defect"), 1, "one line"),
        (("a" * 201, "--playbook", "product-defect"), 1, "up to 200"),
    ],
)
def test_a_bad_declaration_is_one_line(
    cli: Cli, words: tuple[str, ...], code: int, hint: str
) -> None:
    cli.ok("ingest", stdin=as_lines(MENTIONS))
    assert hint in cli.refused(code, "declare", *words).err
    assert cli.json("incidents") == []


def test_a_repeat_with_the_same_command_id_does_nothing_twice(cli: Cli) -> None:
    words = ("declare", "x", "--playbook", "product-defect", "--command-id", "once")
    assert cli.json(*words) == cli.json(*words)
    assert len(cli.json("incidents")) == 1
    note = ("--command-id", "two", "note", "it rang")
    assert cli.json(*note)["entry"] == cli.json(*note)["entry"] == 2
    assert len(cli.json("timeline", "INC-1")) == 2


def test_an_incident_may_be_left_out_while_one_is_open(crisis: Cli) -> None:
    crisis.ok("note", "one is open")
    crisis.ok("declare", "Another", "--playbook", "service-outage")
    error = crisis.refused(2, "note", "which?").err
    assert "INC-1 Kettles smoke" in error
    assert "INC-2 Another" in error
    assert "there is no incident INC-9" in crisis.refused(2, "note", "INC-9", "x").err


def test_severity_title_and_people(crisis: Cli) -> None:
    assert crisis.json("severity", "INC-1", "sev1", "somebody", "is", "hurt")["severity"] == "sev1"
    assert "already" in crisis.refused(1, "severity", "SEV1").err
    assert crisis.json("retitle", "Kettles burn")["title"] == "Kettles burn"
    assert crisis.ok("join").lines == ["INC-1: nothing changed, this stood already"]
    assert crisis.ok("join", "--as", "bo").lines[0].endswith(": joined")


def test_resolving_names_what_is_open_and_reopening_needs_a_reason(crisis: Cli) -> None:
    assert "pause-posts" in crisis.refused(1, "resolve").err
    for task in crisis.json("task", "list"):
        if task["required"]:
            crisis.ok("task", "skip", task["id"], "a test")
    assert "legal duty eu-safety" in crisis.refused(1, "resolve").err
    crisis.ok("fact", "set", "danger", "no")
    assert "--anyway REASON" in crisis.refused(1, "resolve", "calm again").err
    ended = ("resolve", "calm again", "--anyway", "a test")
    assert crisis.json(*ended)["status"] == "resolved"
    assert "no incident is open" in crisis.refused(2, "resolve").err
    assert crisis.json("incidents", "--open") == []
    assert "which incident" in crisis.refused(2, "reopen", "again").err
    assert crisis.json("reopen", "INC-1", "again")["status"] == "open"


def test_words_may_come_from_stdin(crisis: Cli) -> None:
    note = crisis.json("note", "-", stdin="äöü\nand more\n".encode())
    assert note["text"] == "äöü\nand more"
    assert "UTF-8" in crisis.refused(2, "note", "-", stdin=b"\xff").err
    assert "longer" in crisis.refused(2, "note", "-", stdin=b"x" * (1 << 21)).err
    assert "needs words" in crisis.refused(2, "note", "-").err


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 65, "a\x1b"])
def test_a_name_is_a_name(crisis: Cli, name: str) -> None:
    said = crisis("note", "x", "--as", name)
    assert said.code == (0 if name == "" else 2)
