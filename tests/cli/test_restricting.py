"""A restricted incident at the command line: nobody else reads a word or number of it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from cli.driver import Cli, Said, declared

from crisisroom.cli.commands import load
from crisisroom.cli.examples import EXAMPLES
from crisisroom.cli.verbs import FAMILIES

CANARY = "zanzibar"
TEAM = """schema: 1
room: {name: "Ours"}
brand: {name: "Ferrow"}
team:
  - {id: ada, name: Ada Byron, roles: [lead, social, comms]}
  - {id: ben, name: Ben Zed, roles: [legal]}
  - {id: cleo, name: Cleo Poe, roles: [lead, social, comms, media, care]}
  - {id: kim, name: Kim Fox, access: observer}
  - {id: rex, name: Rex Doe, access: executive}
"""

PLANTED = (
    f"note 'note {CANARY}'",
    f"decision 'decide {CANARY}' --why '{CANARY} why'",
    f"fact set affected '{CANARY} people'",
    f"task add 'task {CANARY}'",
    f"action add 'action {CANARY}' --owner ada --due 2026-11-20",
    f"enquiry add --outlet '{CANARY} times' 'why {CANARY}?'",
    f"hold set '{CANARY} lawsuit'",
    f"review write summary 'review {CANARY}'",
    f"factor add 'factor {CANARY}'",
    f"evidence add crisisroom.yaml --note '{CANARY} evidence'",
    f"retitle 'the {CANARY} matter'",
    "statement draft holding",
    "role take lead",
    "pin 2",
)
ELSEWHERE = {
    "open": "a screen: tests/tui/test_access.py",
    "web": "screens, as `open` shows them",
    "demo": "a screen, of a room of its own",
    "drill": "a room of its own",
    "shell": "a screen, or another verb",
    "watch": "the machine's, which sees everything",
    "login": "asks a network for a token",
    "doctor": "of this host: folders, programs, rights",
    "init": "begins a folder",
    "restore": "whole rooms, for who may read their files",
    "backup": "whole rooms, for who may read their files",
}
"""First words of verbs that are not tried here, and why."""
FILES = re.compile(r" [|<>] .*")


class People:
    """The command line as different people use it."""

    def __init__(self, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
        self._cli = cli
        self._monkeypatch = monkeypatch

    def __call__(self, name: str, line: str) -> Said:
        self._monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: name)
        return self._cli(*shlex.split(line))

    def ok(self, name: str, line: str) -> Said:
        said = self(name, line)
        assert (said.code, said.err) == (0, ""), (name, line, said)
        return said


@pytest.fixture
def people(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> People:
    """A room of five people in which INC-1 is for all, and INC-2 for ada and ben."""
    Path("crisisroom.yaml").write_text(TEAM)
    told = People(cli, monkeypatch)
    told("ada", "incidents")
    declared(cli)
    told.ok(
        "ada",
        f"declare 'the {CANARY}' --playbook product-defect --mention M-2 --restricted-to ben",
    )
    for line in PLANTED:
        verb, rest = _apart(line)
        told.ok("ada", f"{verb} INC-2 {rest}")
    told.ok("ada", "filter save mine is:free in:INC-2")
    told.ok("ada", "export INC-2 --format json -o planted.json")
    return told


def _apart(line: str) -> tuple[str, str]:
    first, _, rest = line.partition(" ")
    if first not in FAMILIES:
        return first, rest
    second, _, rest = rest.partition(" ")
    return f"{first} {second}", rest


def _lines() -> list[str]:
    """Return an example of every verb that an outsider may try, on either incident."""
    found = dict.fromkeys(
        FILES.sub("", lines[0]).replace("INC-7", inc)
        for name, lines in EXAMPLES.items()
        if name.split()[0] not in ELSEWHERE and "--follow" not in lines[0]
        for inc in ("INC-1", "INC-2")
    )
    return [line for line in found if "edit" not in line.split()[:2]]


def test_an_outsider_reads_nothing_of_it_anywhere(people: People) -> None:
    for line in _lines():
        said = people("cleo", line)
        told = f"{said.out}{said.err}"
        assert CANARY not in told, (line, told)
        if "INC-2" not in line:
            assert not re.search(r"\bINC-2\b", told), (line, told)
        elif _incident_of(line):
            assert said.code == 2, (line, said)
            assert "there is no incident INC-2" in said.err, (line, said)


def _incident_of(line: str) -> bool:
    """Tell whether a line acts on INC-2 and on nothing else that could be wrong first."""
    verb, _ = _apart(line)
    return verb in (
        "timeline",
        "status",
        "brief",
        "metrics",
        "restrict",
        "task list",
        "export",
    ) and (line.removeprefix(verb).strip().startswith("INC-2"))


def test_its_people_read_it_with_its_mark(people: People) -> None:
    for name in ("ada", "ben"):
        told = people.ok(name, "incidents").out
        assert f"the {CANARY} matter" in told
        assert "restricted)" in told
        assert people.ok(name, "restrict INC-2").out == "INC-2 is restricted to ada, ben\n"
    assert people.ok("ada", "restrict INC-2 --json").out.startswith('{"incident":"INC-2"')


def test_lifted_it_is_for_everybody(people: People) -> None:
    assert people("ben", "restrict INC-2 --lift --why 'it is in the papers'").code == 0
    assert CANARY in people.ok("cleo", "timeline INC-2").out
    assert people.ok("cleo", "restrict INC-2").out == "INC-2 is for everybody in the room\n"
    assert people("cleo", "restrict INC-2 --lift").code == 1


def test_who_is_added_reads_it(people: People) -> None:
    said = people.ok("ada", "restrict INC-2 --to ben,cleo --why 'the press asks'").out
    assert said.endswith(": restricted to ada, ben, cleo: the press asks\n")
    assert CANARY in people.ok("cleo", "brief INC-2").out
    assert people("ada", "restrict INC-2 --to eve").code == 2
    assert people("ada", "restrict INC-2 --to ben --lift").code == 2


@pytest.mark.parametrize("name", ["kim", "rex"])
def test_who_only_reads_gets_one_line_and_exit_1(people: People, name: str) -> None:
    for line in (
        "note INC-1 x",
        "task add INC-1 x",
        "claim M-1",
        "declare x --playbook product-defect",
    ):
        if line.startswith("claim"):
            line = "mention claim M-1"
        said = people(name, line)
        assert (said.code, said.out) == (1, ""), (line, said)
        assert re.match(rf"crisisroom: {name} is an (observer|executive) here: .*\n$", said.err)
    assert people.ok(name, "timeline INC-1").out
    assert people.ok(name, "export INC-1 --format md").out


def test_who_it_is_for_is_in_no_public_export(people: People) -> None:
    for place in ("whole", "open"):
        Path(place).mkdir()
    for form in ("json", "jsonl", "csv", "html", "md"):
        whole = f"export INC-2 --format {form} -o whole/x{form}{'/' if form == 'csv' else ''}"
        people.ok("ada", whole)
        people.ok("ada", whole.replace("whole", "open") + " --profile public")
    told = {
        place: "".join(one.read_text() for one in Path(place).rglob("*") if one.is_file())
        for place in ("whole", "open")
    }
    assert "access.restricted" in told["whole"]
    assert "restricted" not in told["open"].replace('"restricted_to":[]', "")
    assert not re.search(r"\bben\b", told["open"])


def test_an_executive_gets_the_page_that_is_for_them(people: People) -> None:
    assert people.ok("rex", "brief INC-1").out == people.ok("ada", "brief INC-1 --for exec").out
    assert load("brief").over_key is not None
