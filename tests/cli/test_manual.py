"""The manual: made of the tables of the command line, shown by `man` or as plain lines."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom import __version__
from crisisroom.cli import manpage, taken
from crisisroom.cli.examples import EXAMPLES
from crisisroom.cli.manual import DOCS, PAGE, SCRIPTS
from crisisroom.cli.verbs import SUMMARIES
from crisisroom.tui.actions import groups, shown_key

ROOT = Path(__file__).parents[2]
UPDATE = "CRISISROOM_UPDATE_DOCS"
USUAL = ("PATH", "COLUMNS", "LINES", "TEXTUAL_", "NOTIFY_SOCKET", "WATCHDOG_", "JOURNAL_STREAM")
_READ = re.compile(
    r'(?:environ|env)(?:\.get)?[\[(]"([A-Z][A-Z_0-9]+)"|(?<!\w)"(CRISISROOM_[A-Z]+)"'
)


def _kept(path: Path, wanted: str) -> None:
    """Hold a shipped file against what it is made of, or write it anew where that was asked for."""
    if os.environ.get(UPDATE):
        path.write_text(wanted, encoding="utf-8")
    same = path.read_text(encoding="utf-8") == wanted
    assert same, f"{path.name} is of an earlier day: {UPDATE}=1 pytest {Path(__file__).name}"


def test_the_page_is_that_of_this_program() -> None:
    keys = [
        (title, [(" ".join(map(shown_key, one.keys)) or ":", one.help) for one in some])
        for title, some in groups()
    ]
    _kept(manpage.PAGE, manpage.page(keys))


def test_the_table_for_the_tab_key_is_that_of_the_parsers() -> None:
    _kept(taken.TABLE, json.dumps(taken.table(), ensure_ascii=False, indent=0) + "\n")


def test_the_page_is_of_this_version() -> None:
    assert manpage.DATED[0] == __version__, "and of its day"


def test_every_verb_has_its_place_once() -> None:
    firsts = [first for some in manpage.GROUPS.values() for first in some.split()]
    placed = [name for first in firsts for name in manpage.names_of(first)]
    assert sorted(placed) == sorted(SUMMARIES)


def test_its_examples_are_those_of_the_verbs() -> None:
    known = {line for lines in EXAMPLES.values() for line in lines} | {"demo"}
    assert {line for some in manpage.SHOWN.values() for line in some} <= known


def test_every_variable_that_is_read_is_told() -> None:
    told = ", ".join(manpage.ENVIRONMENT)
    for file in (ROOT / "crisisroom").rglob("*.py"):
        for name in filter(None, sum(_READ.findall(file.read_text(encoding="utf-8")), ())):
            assert name in told or name.startswith(USUAL), (file.name, name)


@pytest.mark.parametrize("reader", [["mandoc", "-T", "lint"], ["groff", "-man", "-ww", "-z"]])
def test_readers_of_manuals_have_nothing_to_say_of_it(reader: list[str]) -> None:
    if shutil.which(reader[0]) is None:
        pytest.skip(f"no {reader[0]} on this machine")
    done = subprocess.run([*reader, str(PAGE)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_without_a_terminal_it_is_plain_lines(cli: Cli) -> None:
    said = cli.ok("man")
    for heading in ("NAME", "COMMANDS", "OPTIONS", "KEYS", "FILES", "EXIT STATUS", "SEE ALSO"):
        assert f"\n{heading}\n" in said.out
    for name in SUMMARIES:
        assert re.search(rf"^    {name}( |$)", said.out, re.MULTILINE), name
    assert "\\" not in said.out.replace("\\n", "")


def test_its_source_can_be_kept(cli: Cli) -> None:
    assert cli.ok("man", "--roff").out == PAGE.read_text()


def _at_a_terminal(monkeypatch: pytest.MonkeyPatch, folder: Path, **programs: str) -> None:
    """Let the program think somebody looks, with these programs and no others."""
    for name, script in programs.items():
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin" if "man" in programs else str(folder))
    monkeypatch.setattr("crisisroom.cli.manual._is_looked_at", lambda: True)


def test_on_a_terminal_man_shows_it(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _at_a_terminal(monkeypatch, tmp_path, man=f'echo "$@" > {tmp_path}/asked')
    assert cli.ok("man").out == ""
    assert (tmp_path / "asked").read_text() == f"-l {PAGE}\n"


@pytest.mark.parametrize("man", [{}, {"man": "exit 1"}], ids=["none", "refuses"])
def test_where_man_cannot_the_pager_does(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, man: dict[str, str]
) -> None:
    _at_a_terminal(monkeypatch, tmp_path, **man, mine=f"/bin/cat > {tmp_path}/paged")
    monkeypatch.setenv("PAGER", "mine -R")
    assert cli.ok("man").out == ""
    assert (tmp_path / "paged").read_text().startswith("\nNAME\n    crisisroom - the room")


@pytest.mark.parametrize("pager", ["", "no-such-pager", "'unclosed"])
def test_without_a_pager_it_is_printed(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pager: str
) -> None:
    _at_a_terminal(monkeypatch, tmp_path)
    monkeypatch.setenv("PAGER", pager)
    assert "\nNAME\n" in cli.ok("man").out


@pytest.mark.parametrize("shell", SCRIPTS)
def test_completion_prints_what_is_shipped(cli: Cli, shell: str) -> None:
    assert cli.ok("completion", shell).out == (DOCS / SCRIPTS[shell]).read_text()


def test_completion_of_another_shell_is_refused(cli: Cli) -> None:
    assert "bash" in cli.refused(2, "completion", "tcsh").err


def test_the_wheel_puts_them_where_people_are() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shared = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert {Path(file).name for file in shared} == {"crisisroom.1", *SCRIPTS.values()}
    assert all((ROOT / file).is_file() for file in shared)
    assert shared["crisisroom/docs/crisisroom.1"] == "share/man/man1/crisisroom.1"
