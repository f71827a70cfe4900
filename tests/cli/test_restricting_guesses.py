"""The number of a restricted incident, guessed: no verb tells it from one that there never was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.driver import Cli, declared
from cli.test_restricting import CANARY, ELSEWHERE, PLANTED, TEAM, People, _apart
from cli.test_restricting_twin import told_to

from crisisroom.cli.commands import load
from crisisroom.cli.examples import EXAMPLES

OUTSIDERS = TEAM.replace(
    "  - {id: kim", "  - {id: lex, name: Lex Law, roles: [legal]}\n  - {id: kim"
)
MORE = (
    f"reply draft M-3 '{CANARY} hello'",
    f"promise add R-1 'call {CANARY}' --due +2h --owner ben",
    f"question ask R-1 'is {CANARY} sure?' --to ben",
    f"message add '{CANARY} message.' --when {CANARY}",
)


def guesses(inc: str) -> Iterator[str]:
    """Yield the examples of every verb that takes an incident, about this one."""
    for name, some in EXAMPLES.items():
        lines = [re.sub(r" [|<>] .*", "", one) for one in some if "--follow" not in one]
        named = [one for one in lines if re.search(r"\bINC-7\b", one)]
        if name.split()[0] not in (*ELSEWHERE, "import", "sign"):
            yield from (one.replace("INC-7", inc) for one in named)
            if load(name).incident and not named:
                yield f"{name} {inc}"


@pytest.fixture
def people(cli: Cli, monkeypatch: pytest.MonkeyPatch, address: str) -> People:
    """A room on either engine with INC-2 for ada and ben alone, and much in it."""
    monkeypatch.setenv("CRISISROOM_ROOM", address)
    monkeypatch.setattr("crisisroom.cli.admitting.named_by_server", lambda room: None)
    Path("crisisroom.yaml").write_text(OUTSIDERS)
    told = People(cli, monkeypatch)
    told("ada", "incidents")
    declared(cli)
    told.ok("ada", f"declare 'the {CANARY}' --playbook product-defect --restricted-to ben")
    for line in (*PLANTED, *MORE):
        verb, rest = _apart(line)
        told.ok("ada", f"{verb} INC-2 {rest}")
    return told


@pytest.mark.parametrize(("name", "form"), [("cleo", ""), ("lex", " --json"), ("kim", "")])
def test_a_guessed_number_is_answered_like_one_that_never_was(
    people: People, tmp_path: Path, name: str, form: str
) -> None:
    before = people.ok("ada", "timeline INC-2 --json").out
    lines = list(zip(guesses("INC-2"), guesses("INC-9"), strict=True))
    assert len(lines) > 150
    for theirs, nobodys in lines:
        told = told_to(people, name, theirs + form, tmp_path)
        assert CANARY not in told.lower(), (theirs, told)
        same = told_to(people, name, nobodys + form, tmp_path)
        assert told.replace("INC-2", "INC-9") == same, theirs
    assert people.ok("ada", "timeline INC-2 --json").out == before
