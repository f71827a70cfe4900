"""`--read-only`: the whole room to read, and nothing written to it, by whatever verb."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli

from crisisroom.cli import run
from crisisroom.cli.commands import load
from crisisroom.cli.context import Globals
from crisisroom.cli.verbs import SUMMARIES

READS = ("status", "brief", "timeline", "mentions", "task list", "who", "handover", "room show")
ACTS = (
    ("note", "INC-1", "it rang"),
    ("task", "done", "INC-1", "pause-posts"),
    ("mention", "claim", "M-1"),
    ("export", "INC-1"),  # it goes on record
    ("declare", "again", "--playbook", "product-defect"),
    ("statement", "draft", "INC-1", "holding"),
)


def test_what_reads_works_and_leaves_every_byte_as_it_is(crisis: Cli) -> None:
    crisis.ok("status")  # what a first look leaves is there
    before = room_file().read_bytes()
    for words in READS:
        crisis.ok(*words.split(), "--read-only")
    assert room_file().read_bytes() == before


@pytest.mark.parametrize("words", ACTS, ids=" ".join)
def test_what_acts_is_one_clear_line(crisis: Cli, words: tuple[str, ...]) -> None:
    before = crisis.json("timeline", "INC-1")
    error = crisis.refused(1, "--read-only", *words, "--json").error
    assert error["code"] == "read-only"
    assert "leave --read-only out" in error["hint"]
    assert crisis.json("timeline", "INC-1") == before


def test_what_would_do_more_than_read_is_refused_before_it_begins(cli: Cli) -> None:
    done = {"check", "doctor", "health", "units", "keys", "room show", "triage", "backtest"}
    done |= {"import contacts", "import messages", "shell", "web", "man", "completion"}
    for name in SUMMARIES:
        if load(name).over_key is None and name not in done:
            assert "read" in cli.refused(1, *name.split(), "--read-only").err
    assert not [*Path().iterdir()]


def test_the_manual_and_what_completes_are_there_to_read(cli: Cli) -> None:
    assert "\nNAME\n" in cli.ok("--read-only", "man").out
    assert "crisisroom" in cli.ok("--read-only", "completion", "bash").out


def test_no_room_is_begun_to_look_at(cli: Cli) -> None:
    assert cli.refused(1, "status", "--read-only", "--json").error["code"] == "no-room"
    assert not room_file().exists()


def test_a_key_whose_line_says_so_only_looks_on(
    crisis: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("crisisroom.yaml").write_text(
        'schema: 1\nroom: {name: "Ours"}\nbrand: {name: "Ferrow"}\n'
        "team: [{id: ada, name: Ada, roles: [lead]}]\n"
    )
    crisis.ok("apply", "crisisroom.yaml", "--as", "ada")
    door = Globals(room=str(room_file()), person="ada", read_only=True)
    assert run(["status"], door) == 0
    capsys.readouterr()
    assert run(["note", "INC-1", "it rang"], door) == 1
    assert "--read-only" in capsys.readouterr().err
