"""From words to verbs: where options may stand, what is no verb, and how help reads."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from cli.driver import Cli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisroom.cli.commands import Command, load, parse
from crisisroom.cli.examples import EXAMPLES
from crisisroom.cli.helptext import help_text
from crisisroom.cli.verbs import FAMILIES, MODULES, SUMMARIES
from crisisroom.core.errors import Usage

THIRD_PARTY = ("opening", "login")


def command(*words: str) -> Command:
    parsed = parse(list(words))
    assert isinstance(parsed, Command)
    return parsed


@pytest.mark.parametrize(
    "words",
    [
        ("--room", "a.db", "--json", "task", "done", "INC-7", "pause-posts"),
        ("task", "--room", "a.db", "done", "--json", "INC-7", "pause-posts"),
        ("task", "done", "INC-7", "pause-posts", "--json", "--room=a.db"),
    ],
)
def test_options_of_every_verb_stand_anywhere(words: tuple[str, ...]) -> None:
    parsed = command(*words)
    assert parsed.context.options.room == "a.db"
    assert parsed.context.options.json
    assert (parsed.args.inc, parsed.args.task) == ("INC-7", "pause-posts")


@pytest.mark.parametrize(
    "words",
    [
        ("note", "INC-7", "it", "rang", "--at", "-12m"),
        ("note", "--at", "-12m", "INC-7", "it", "rang"),
        ("note", "INC-7", "--at=-12m", "it", "rang"),
        ("note", "it", "--at", "-12m", "rang"),
    ],
)
def test_a_time_may_begin_with_a_minus(words: tuple[str, ...]) -> None:
    parsed = command(*words)
    assert parsed.args.at == "-12m"
    assert parsed.args.words == ["it", "rang"]


def test_words_after_two_dashes_are_no_options() -> None:
    parsed = command("note", "INC-7", "--", "--json", "-12", "--room")
    assert parsed.args.words == ["--json", "-12", "--room"]
    assert parsed.args.inc == "INC-7"
    assert not parsed.context.options.json


def test_an_incident_is_the_first_word_only() -> None:
    assert command("note", "about", "INC-7").args.inc == ""
    assert command("note", "about", "INC-7").args.words == ["about", "INC-7"]
    assert command("brief", "inc-7").args.inc == "INC-7"


@pytest.mark.parametrize(
    ("words", "verb"),
    [(("outbox",), "outbox list"), (("task", "INC-7"), "task list"), (("role", "--json"), None)],
)
def test_a_family_alone_is_its_list(words: tuple[str, ...], verb: str | None) -> None:
    assert command(*words).verb is load(verb or "role list")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("taks",), "did you mean task"),
        (("task", "dun"), "did you mean task done?"),
        (("declare", "x"), "--playbook"),
        (("note", "--at"), "--at needs a value"),
        (("status", "--room"), "--room needs a value"),
        (("task", "done"), "task"),
        (("status", "--surprise"), "--surprise"),
        (("correct", "INC-7", "seven", "words"), "seven"),
        (("statement",), "needs one of: draft"),
        (("fact", "set", "a", "b", "--state", "maybe"), "maybe"),
    ],
)
def test_what_is_off_is_one_line_and_exit_2(cli: Cli, words: tuple[str, ...], hint: str) -> None:
    assert hint in cli.refused(2, *words).err


def test_an_error_is_json_where_json_was_asked_for(cli: Cli) -> None:
    error = cli.refused(2, "--json", "task", "dun").error
    assert error["code"] == "unknown-verb"
    assert error["hint"] == "did you mean task done?"


@pytest.mark.parametrize("word", ["\ud800", "a\0b"])
def test_what_no_file_could_be_called_is_refused(cli: Cli, word: str) -> None:
    assert "argument 2" in cli.refused(2, "note", word).err


@pytest.mark.parametrize("name", SUMMARIES)
def test_every_verb_has_help(cli: Cli, name: str) -> None:
    said = cli.ok(*name.split(), "--help")
    assert said.out.startswith("usage: crisisroom ")
    assert SUMMARIES[name].split()[0] in said.out
    assert cli.ok("help", *name.split()).out == said.out


@pytest.mark.parametrize("name", [one for one in SUMMARIES if MODULES[one] not in THIRD_PARTY])
def test_every_argument_says_what_it_is(name: str) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    load(name).arguments(parser)
    assert all(action.help for action in parser._actions)


EVERY_EXAMPLE = [(name, example) for name, some in EXAMPLES.items() for example in some]


@pytest.mark.parametrize(("name", "example"), EVERY_EXAMPLE)
def test_every_example_is_a_command_line_of_its_verb(name: str, example: str) -> None:
    words = [word for word in shlex.split(example) if word not in ("<", ">")]
    redirected = [char for char in example if char in "<>"]
    parsed = command(*(words[:-1] if redirected else words))
    assert parsed.verb.run is load(name).run
    assert parsed.args.inc in ("", "INC-7")


def test_every_verb_of_ours_has_an_example() -> None:
    ours = {name for name in SUMMARIES if MODULES[name] not in THIRD_PARTY}
    assert ours - EXAMPLES.keys() == {"version"}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_help(cli: Cli, family: str) -> None:
    said = cli.ok(family, "--help")
    assert all(f"  {verb} " in said.out for verb in FAMILIES[family])


def test_help_names_every_verb(cli: Cli) -> None:
    for words in (("--help",), ("-h",), ("help",)):
        assert cli.ok(*words).out == help_text()
    assert all(f"  {name} " in help_text() for name in SUMMARIES)


def test_version(cli: Cli) -> None:
    assert cli.ok("version").out == cli.ok("--version").out
    told = {"version", "schema", "python", "sqlite", "textual", "system"}
    assert cli.json("version").keys() == told


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=20), max_size=4))
def test_no_command_line_drives_the_terminal(cli: Cli, words: list[str]) -> None:
    said = cli("--room", "nowhere/room.db", "task", *words)
    assert said.code in (0, 1, 2)


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(["--at", "--", "-", "--json", "INC-1", "a", "-x", "="]), max_size=6)
)
def test_parsing_ends_in_a_command_or_a_refusal(words: list[str]) -> None:
    try:
        parsed = parse(["note", *words])
    except Usage:
        return
    assert isinstance(parsed, Command)


def test_a_bug_of_ours_is_one_line_and_exit_70(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*unused: object) -> None:
        raise ZeroDivisionError("a secret value")

    monkeypatch.setattr("crisisroom.cli.context.Context.here", broken)
    said = cli.refused(70, "status")
    assert "ZeroDivisionError" in said.err
    assert "secret" not in said.err
    log = Path(said.err.partition("is in ")[2].rstrip(")\n"))
    assert "ZeroDivisionError" in log.read_text()
    assert "secret" not in log.read_text()
