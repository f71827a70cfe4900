"""Approvers without a terminal, by real ntfy, mail and apprise: the code arrives, and approves."""

from __future__ import annotations

import email
import email.policy
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from crisisroom.config.settings import Messenger
from crisisroom.notifiers import services
from crisisroom.notifiers.messages import Message, NotDelivered
from crisisroom.notifiers.services import Service
from real.conftest import standing
from real.program import VERB_SECONDS, Json, Program
from real.servers import install
from real.servers.base import ServerError, wait_until
from real.servers.mail import MailServer
from real.servers.ntfy import Ntfy

APPRISE = "apprise==2.2.0"
CANARY = "canary-password-4711"
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
    reach: [{by: ntfy, to: "crisis-lex"}, {by: email, to: "help@acme.test"}]
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
TEXT = "Wir prüfen es.\n\n.A line with a dot – and 🫖 tea.\n> quoted"


@pytest.fixture(scope="module")
def ntfy() -> Iterator[Ntfy]:
    """A real ntfy server."""
    with standing(Ntfy) as ground:
        yield ground


@pytest.fixture
def room(program: Program, ntfy: Ntfy, mail: MailServer) -> Program:
    """INC-1 with a text that waits for Legal, who has a phone and a mailbox."""
    (program.folder / "playbooks").mkdir()
    (program.folder / "playbooks" / "kettle.yaml").write_text(PLAN)
    _executable(program, "ntfy-token", ntfy.token)
    credentials = program.folder / "credentials"
    credentials.mkdir(mode=0o700)
    (credentials / "mail-password").write_text(CANARY)
    (credentials / "mail-password").chmod(0o400)
    program.variables["CREDENTIALS_DIRECTORY"] = str(credentials)
    host, smtp = json.dumps(mail.host), f"127.0.0.1:{mail._smtp_port}"
    program.accounts.append(
        f"{{id: help, type: mail, host: {host}, smtp: {smtp!r}, handle: {mail.user!r},"
        f" private: yes, token_credential: mail-password}}"
    )
    program.configure()
    with (program.folder / "crisisroom.yaml").open("a") as file:
        file.write(
            "messengers:\n"
            f"  - {{id: phone, type: ntfy, server: {ntfy.url!r}, private: yes,"
            " token_command: ntfy-token}\n"
            "  - {id: post, type: mail, account: help}\n"
        )
    program.run("declare", "Kettles", "--playbook", "kettle", "--severity", "sev1")
    program.run("statement", "draft", "INC-1", "holding", "--", TEXT)
    program.run("statement", "submit", "INC-1", "ST-1")
    return program


def _executable(program: Program, name: str, secret: str) -> None:
    folder = program.folder / "home" / ".config" / "crisisroom" / "commands"
    assert program.env  # makes the home
    folder.mkdir(parents=True, mode=0o700)
    (folder / name).write_text(f"#!/bin/sh\necho {secret}\n")
    (folder / name).chmod(0o700)


def entered(program: Program, code: str) -> subprocess.CompletedProcess[str]:
    """Enter a code as a script would: on stdin."""
    return subprocess.run(
        program.command("statement", "code", "INC-1", "ST-1", "--json"),
        cwd=program.folder,
        env=program.env,
        input=f"{code}\n",
        capture_output=True,
        text=True,
        timeout=VERB_SECONDS,
        check=False,
    )


def code_in(text: str) -> str:
    (code,) = re.findall(r"^ {4}(\S{4}-\S{4})\r?$", text, re.M)
    return str(code)


def everything(program: Program) -> bytes:
    """What the program left behind: the room, its logs, its configuration."""
    own = ("commands", "credentials")  # where the secrets are
    files = [one for one in program.folder.rglob("*") if one.is_file()]
    return b"".join(one.read_bytes() for one in files if not set(own) & set(one.parts))


def mailed(mail: MailServer, number: int) -> EmailMessage:
    """Wait for the mails that ask, and return the last of so many."""

    def there() -> list[EmailMessage] | None:
        folder = mail.state / "help" / "Maildir"
        files = [*folder.glob("new/*"), *folder.glob("cur/*")]
        found = [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in sorted(files, key=lambda one: one.stat().st_mtime)
        ]
        asking = [one for one in found if "Please approve" in str(one["Subject"])]
        return asking if len(asking) >= number else None

    return wait_until(there, f"{number} mails that ask")[-1]


def test_a_phone_rings_and_its_code_approves(room: Program, ntfy: Ntfy) -> None:
    before = len(ntfy.messages("crisis-lex"))
    asked: Json = room.json("statement", "ask", "INC-1", "ST-1", "lex")
    assert (asked["way"], asked["state"]) == ("ntfy", "open")
    message = ntfy.wait_message("crisis-lex", before + 1)
    assert (message["title"], message["priority"]) == ("Please approve ST-1: Kettles", 4)
    assert f"\n{TEXT}\n" in message["message"]
    code = code_in(message["message"])
    assert entered(room, "0000-0000").returncode == 1
    done = entered(room, f" {code.lower()} ")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["state"], said["approvals"][0]["by"]) == ("approved", "Lex Law")
    assert room.json("verify", "INC-1")["ok"]
    kept = everything(room) + done.stdout.encode() + done.stderr.encode()
    for secret in (code, code.replace("-", ""), ntfy.token, CANARY):
        assert secret.encode() not in kept


def test_a_mail_arrives_and_a_changed_text_makes_its_code_void(
    room: Program, mail: MailServer
) -> None:
    room.run("statement", "ask", "INC-1", "ST-1", "lex", "--way", "email")
    first = mailed(mail, 1)
    assert (first["To"], first["From"]) == (mail.user, mail.user)
    text = first.get_content().replace("\r\n", "\n")
    assert f"\n{TEXT}\n" in text
    room.run("statement", "edit", "INC-1", "ST-1", "There is news.")
    room.run("statement", "submit", "INC-1", "ST-1")
    late = entered(room, code_in(text))
    assert late.returncode == 1
    assert "no-code" in late.stderr
    room.run("statement", "ask", "INC-1", "ST-1", "lex", "--way", "email")
    again = mailed(mail, 2).get_content()
    assert "There is news." in again
    assert entered(room, code_in(again)).returncode == 0
    kept = everything(room)
    for secret in (code_in(text), code_in(again), CANARY):
        assert secret.encode() not in kept


def test_a_server_that_is_away_asked_nobody(room: Program, ntfy: Ntfy) -> None:
    ntfy.stop()
    try:
        with pytest.raises(ServerError, match="nobody was asked"):
            room.run("statement", "ask", "INC-1", "ST-1", "lex", "--way", "ntfy")
    finally:
        ntfy.start()
    assert room.json("asks") == []


@pytest.fixture
def apprise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real library, in a venv of its own."""
    program = install.venv(APPRISE, "apprise")
    monkeypatch.setattr(services, "find_spec", lambda name: object())
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))


async def test_a_service_brings_it_to_the_person(apprise: None, ntfy: Ntfy) -> None:
    address = f"ntfy://{ntfy.token}@127.0.0.1:{ntfy.port}/{{to}}"
    messenger = Messenger(id="service", type="apprise", token_env="SERVICE")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    message = Message(id="x", title="Please approve", text=f"{TEXT}\n\n    7F3K-92QD\n", at=now)
    await Service(messenger, {"SERVICE": address}).carry("crisis-service", message)
    got = ntfy.wait_message("crisis-service")
    assert got["message"].split() == message.text.split()
    assert code_in(f"{got['message']}\n") == "7F3K-92QD"
    wrong = address.replace(ntfy.token, "tk_" + "x" * 29)
    with pytest.raises(NotDelivered, match="did not take") as failed:
        await Service(messenger, {"SERVICE": wrong}).carry("crisis-service", message)
    assert "tk_" not in str(failed.value)
    with pytest.raises(NotDelivered, match="no such service"):
        await Service(messenger, {"SERVICE": "nonsense://{to}"}).carry("crisis", message)
    assert len(ntfy.messages("crisis-service")) == 1
