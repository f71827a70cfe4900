"""A command id stands for one act: its repeat does nothing twice, another act is refused."""

from __future__ import annotations

import pytest
from cli.driver import Cli

from crisisroom.cli import once
from crisisroom.cli.commands import Command, parse

NOTE = ("note", "INC-1", "it rang", "--command-id", "c1")


def act(*words: str, person: str = "ada") -> str:
    """Return what a command line asks for."""
    parsed = parse(list(words))
    assert isinstance(parsed, Command)
    return once.act(parsed.name, parsed.args, person)


def test_an_act_is_its_verb_its_words_and_its_person() -> None:
    whole = act("task", "done", "INC-1", "pause", "called @pat")
    assert whole == act("task", "done", "INC-1", "pause", "called @pat", "--json")
    assert whole == act("task", "--command-id", "c1", "done", "INC-1", "pause", "called @pat")
    others = {
        act("task", "done", "INC-1", "pause", "called @kim"),
        act("task", "done", "INC-2", "pause", "called @pat"),
        act("task", "skip", "INC-1", "pause", "called @pat"),
        act("task", "done", "INC-1", "pause", "called @pat", person="bo"),
    }
    assert len(others | {whole}) == 5
    assert "@pat" not in whole
    assert whole.startswith("task done INC-1 by ada")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("note", "INC-1", "it rang twice"), "note INC-1 by "),
        (("severity", "INC-1", "sev1", "smoke"), "note INC-1 by "),
        (("outgoing", "stop", "wait"), "note INC-1 by "),
        (("role", "take", "INC-1", "lead"), "note INC-1 by "),
        (("mention", "dismiss", "M-1"), "note INC-1 by "),
        (("note", "INC-1", "it rang", "--as", "bo"), "note INC-1 by "),
    ],
)
def test_another_act_is_refused_and_told_what_the_id_was_used_for(
    crisis: Cli, words: tuple[str, ...], told: str
) -> None:
    crisis.ok(*NOTE)
    error = crisis.refused(1, *words, "--command-id", "c1").err
    assert f"the command id c1 was used for another act: {told}" in error
    assert ("with other words" in error) == (words[2] == "it rang twice")
    assert len(crisis.json("timeline", "INC-1")) == 2
    assert crisis.json("outgoing", "status") == {"stopped": False}
    said = crisis.refused(1, *words, "--command-id", "c1", "--json").error
    assert said["code"] == "used-id"


def test_words_on_stdin_are_part_of_the_act(crisis: Cli) -> None:
    note = ("note", "INC-1", "-", "--command-id", "c1")
    first = crisis.json(*note, stdin=b"it rang\n")
    assert crisis.json(*note, stdin=b"it rang\n")["entry"] == first["entry"]
    assert crisis.ok(*NOTE).lines == crisis.ok(*note, stdin=b"it rang\n").lines
    assert "other words" in crisis.refused(1, *note, stdin=b"it fell\n").err
    assert len(crisis.json("timeline", "INC-1")) == 2


def test_reading_needs_no_id_of_its_own(crisis: Cli) -> None:
    crisis.ok(*NOTE)
    assert "INC-1" in crisis.ok("status", "--command-id", "c1").out
    assert "it rang" in crisis.ok("timeline", "INC-1", "--command-id", "c1").out


def test_an_act_that_was_refused_leaves_its_id_free(crisis: Cli) -> None:
    crisis.refused(2, "note", "INC-9", "it rang", "--command-id", "c1")
    crisis.ok(*NOTE)
    assert len(crisis.json("timeline", "INC-1")) == 2
