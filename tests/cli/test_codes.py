"""Approvers without a terminal by the command line: the code comes on stdin, and is not shown."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import room_file
from cli.driver import Cli
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from crisisroom.cli import codes
from crisisroom.cli.commands import parse
from crisisroom.cli.examples import EXAMPLES
from crisisroom.config.token import command_path
from crisisroom.core.errors import Usage

CANARY = "tk_canary4711"
PLAN = """\
schema: 1
id: kettle
title: A kettle overheats
version: 1
reviewed: 2026-10-01
severities:
  - {id: sev1, label: Grave}
facts:
  - {id: cause, label: Cause}
roles:
  - {id: lead, title: Lead}
  - {id: legal, title: Legal}
contacts:
  - id: lex
    name: "Lex Law"
    roles: [legal]
    reach: [{by: phone, to: "+49 30 1"}, {by: ntfy, to: "crisis-lex"}, {by: fax, to: "+49 30 2"}]
phases:
  - id: first
    title: First hour
    tasks:
      - {id: pause, title: Pause posts, role: lead, within: 5m}
statements:
  - id: holding
    kind: holding
    title: First words
    approval: words
    text: |
      We look into it. More by {{next_update}}.
approvals:
  - {id: words, by: [legal]}
cadences:
  - {id: public, audience: public, statement: holding, first_within: 30m, every: {sev1: 1h}}
"""


class Phone:
    """An ntfy server that keeps what it is given."""

    def __init__(self, server: HTTPServer) -> None:
        self.got: list[dict[str, Any]] = []
        self.seen: list[str] = []
        self.status = 200
        server.expect_request("/", method="POST").respond_with_handler(self._take)
        self.url = server.url_for("").rstrip("/")

    def _take(self, request: Request) -> Response:
        if self.status == 200:
            self.got.append(request.json)
            self.seen.append(request.headers.get("Authorization", ""))
        answer = {"id": "x", "event": "message", "topic": "crisis-lex", "message": "kept"}
        return Response(json.dumps(answer), self.status, content_type="application/json")

    @property
    def code(self) -> str:
        (code,) = re.findall(r"^ {4}(\S{4}-\S{4})$", self.got[-1]["message"], re.M)
        return str(code)


@pytest.fixture
def phone(httpserver: HTTPServer) -> Phone:
    return Phone(httpserver)


@pytest.fixture
def crisis(cli: Cli, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """INC-1 with a submitted ST-1, and a messenger for Legal."""
    Path("playbooks").mkdir()
    Path("playbooks/kettle.yaml").write_text(PLAN)
    Path("crisisroom.yaml").write_text(
        "schema: 1\nbrand: {name: Kessel}\nmessengers:\n"
        f'  - {{id: phone, type: ntfy, server: "{phone.url}", token_env: NTFY, private: yes}}\n'
    )
    monkeypatch.setenv("NTFY", CANARY)
    cli.ok("declare", "Kettles", "--playbook", "kettle", "--severity", "sev1")
    cli.ok("statement", "draft", "INC-1", "holding", "We look into it.")
    cli.ok("statement", "submit", "INC-1", "ST-1")
    return cli


def everything_kept() -> bytes:
    """Return all bytes that the program left behind in this test."""
    folders = (room_file().parent, Path.cwd(), Path.home(), room_file().parents[2])
    files = {one for folder in folders for one in folder.rglob("*") if one.is_file()}
    return b"".join(one.read_bytes() for one in files)


def test_from_the_message_to_the_approval(crisis: Cli, phone: Phone) -> None:
    asked = crisis.ok("statement", "ask", "INC-1", "st-1", "lex", "--way", "ntfy")
    assert asked.lines[0].endswith("asked Lex Law, as Legal, by ntfy to approve ST-1 v1")
    assert asked.lines[-1] == "next: crisisroom statement code INC-1 ST-1"
    ((message,), code) = (phone.got, phone.code)
    assert (message["topic"], message["title"]) == ("crisis-lex", "Please approve ST-1: Kettles")
    assert "\nWe look into it.\n" in message["message"]
    assert phone.seen == [f"Bearer {CANARY}"]
    listed = crisis.ok("asks").lines
    assert listed[0].startswith("open    K-1  Lex Law (Legal) about ST-1 by ntfy, asked by ")
    refused = crisis.refused(1, "statement", "code", "INC-1", "ST-1", stdin=b"0000-0000\n")
    assert "4 more tries" in refused.err
    entered = crisis.ok("statement", "code", "INC-1", "ST-1", stdin=f"{code.lower()}\n".encode())
    assert "has the word of Lex Law, by code: approved ST-1 v1" in entered.lines[0]
    shown = crisis.json("statement", "show", "ST-1")
    assert (shown["state"], shown["approvals"][0]["by"]) == ("approved", "Lex Law")
    (one,) = crisis.json("asks", "list", "INC-1")
    assert (one["state"], one["wrong"], one["contact"]) == ("used", 1, "lex")
    crisis.ok("verify", "INC-1")
    said = "".join(
        crisis.ok(*verb, *how).out
        for verb in (("asks",), ("timeline",), ("brief",), ("statement", "show", "ST-1"))
        for how in ((), ("--json",))
    )
    said += crisis.ok("export", "INC-1", "--format", "jsonl").out
    for secret in (code, code.replace("-", ""), CANARY):
        assert secret not in said + asked.out + refused.err + entered.out
        assert secret.encode() not in everything_kept()


def test_the_document_of_an_ask_has_everything_but_the_code(crisis: Cli, phone: Phone) -> None:
    one = crisis.json("statement", "ask", "INC-1", "ST-1", "lex")
    assert one["id"] == "K-1"
    assert one["way"] == "ntfy"  # the first that is served
    assert (one["roles"], one["state"], one["wrong"]) == (["legal"], "open", 0)
    assert one["entry"] == crisis.json("timeline", "INC-1")[-1]["seq"]
    assert not {"code", "salt", "digest"} & one.keys()
    assert phone.code not in json.dumps(one)


def test_a_code_is_never_an_argument(crisis: Cli) -> None:
    with pytest.raises(Usage):
        parse(["statement", "code", "INC-1", "ST-1", "7F3K-92QD"])
    assert "stdin" in crisis.refused(2, "statement", "code", "INC-1", "ST-1").err
    assert "stdin" in crisis.refused(2, "statement", "code", "ST-1", stdin=b"\xff\n").err
    assert "8 letters" in crisis.refused(2, "statement", "code", "ST-1", stdin=b"yes\n").err
    assert not [line for line in EXAMPLES["statement code"] if re.search(r"\w{4}-\w{4}", line)]


class Terminal(io.StringIO):
    """Standard input as of somebody who sits there."""

    def isatty(self) -> bool:
        return True


def test_a_code_is_asked_for_without_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def getpass(question: str) -> str:
        asked.append(question)
        return "0000-0000"

    monkeypatch.setattr("getpass.getpass", getpass)
    monkeypatch.setattr("sys.stdin", Terminal("echoed"))
    assert codes._typed() == "0000-0000"
    assert asked == ["Code: "]


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [(403, 1, "nobody was asked"), (413, 1, "nobody was asked"), (502, 4, "may not have arrived")],
)
def test_what_a_server_says_is_told(
    crisis: Cli, phone: Phone, status: int, code: int, told: str
) -> None:
    phone.status = status
    said = crisis("statement", "ask", "INC-1", "ST-1", "lex")
    assert (said.code, told in said.err) == (code, True), said
    assert CANARY not in said.out + said.err
    assert len(crisis.json("asks")) == (1 if code == 4 else 0)


def test_who_cannot_be_reached_is_called(crisis: Cli) -> None:
    said = crisis.refused(1, "statement", "ask", "INC-1", "ST-1", "lex", "--way", "fax")
    assert "no messenger reaches Lex Law by fax" in said.err
    assert "lex" in crisis.refused(2, "statement", "ask", "INC-1", "ST-1", "nobody").err


def test_without_its_token_nobody_is_asked(crisis: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NTFY")
    assert "NTFY" in crisis.refused(1, "statement", "ask", "INC-1", "ST-1", "lex").err
    assert crisis.ok("asks").out == "nobody was asked\n"


@pytest.mark.parametrize("act", ["void", "refused"])
def test_a_no_and_a_wrong_address(crisis: Cli, phone: Phone, act: str) -> None:
    crisis.ok("statement", "ask", "INC-1", "ST-1", "lex")
    said = crisis.json("asks", act, "INC-1", "K-1", "which batch?")
    assert said["state"] == ("void" if act == "void" else "rejected")
    heard = crisis.refused(1, "statement", "code", "ST-1", stdin=phone.code.encode())
    assert phone.code not in heard.err
    assert "state" in crisis.refused(1, "asks", act, "K-1", "x", "--json").error["code"]


def test_a_reply_is_asked_about_the_same_way(crisis: Cli) -> None:
    assert "R-1 is a reply" in crisis.refused(2, "statement", "ask", "R-1", "lex").err
    assert "no R-1" in crisis.refused(2, "reply", "ask", "INC-1", "R-1", "lex").err
    assert "no R-1" in crisis.refused(2, "reply", "code", "R-1", stdin=b"0000-0000").err


def test_an_error_of_ours_shows_no_code(
    crisis: Cli, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crisisroom.room import asking

    def broken(*words: object) -> Callable[[], None]:
        raise RuntimeError(str(words))

    monkeypatch.setattr(asking, "_asked", broken)
    said = crisis("statement", "ask", "INC-1", "ST-1", "lex")
    assert said.code == 70
    assert phone.code not in said.out + said.err
    assert phone.code.encode() not in everything_kept()


def test_the_doctor_says_which_place_gives_each_secret(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "given").mkdir(mode=0o700)
    (tmp_path / "given" / "password").write_text(CANARY)
    (tmp_path / "given" / "password").chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "given"))
    path = command_path("vault")
    path.parent.mkdir(parents=True, mode=0o700)
    path.write_text(f"#!/bin/sh\necho {CANARY}\n")
    path.chmod(0o700)
    Path("crisisroom.yaml").write_text(
        "schema: 1\nbrand: {name: Kessel}\naccounts:\n"
        "  - {id: help, type: mail, host: a.test, smtp: a.test, handle: a@a.test,"
        " token_credential: password}\n"
        "messengers:\n"
        "  - {id: post, type: mail, account: help}\n"
        '  - {id: phone, type: ntfy, server: "https://a.test", token_command: vault}\n'
        '  - {id: gone, type: ntfy, server: "https://a.test", token_command: none}\n'
        "sources: [{id: d, type: demo}]\n"
    )
    said = cli("doctor", "--offline")
    lines = [
        line for line in said.lines if "  messenger " in line or "  account help: mail" in line
    ]
    assert lines[0] == "ok    account help: mail, its token is there: handed over by systemd"
    assert lines[1].endswith("messenger post: mail, goes by the account help")
    assert lines[2].endswith("messenger phone: ntfy, its token is there: by a command of ours")
    assert lines[3].startswith("fail  messenger gone: ")
    assert str(command_path("none")) in lines[3]
    assert CANARY not in said.out + said.err
    assert str(path) in cli.ok("doctor", "--paths").out
