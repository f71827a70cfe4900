"""Anchors by a real mail server, to a program that is called, and into a file: by the watcher.

Then the room is cut, replayed and written anew, and each time what was kept elsewhere shows it.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from report.tampering import Copy, opened
from report.tampering_room import end_cut_with_care, written_anew

from crisisroom.report.anchor import parse
from real.conftest import standing
from real.program import Program
from real.servers.base import wait_until
from real.servers.submission import MailHost
from real.test_sending_webhook import SECRET, Intranet

PLAYBOOK = "service-outage"


@pytest.fixture(scope="module")
def host() -> Iterator[MailHost]:
    with standing(MailHost) as ground:
        yield ground


@pytest.fixture
def intranet() -> Iterator[Intranet]:
    server = Intranet()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def room(program: Program, host: MailHost, intranet: Intranet) -> Program:
    """INC-1, with three places for anchors: a file, a mail address, a webhook."""
    program.variables |= {"MAIL": host.password, "HOOK": SECRET}
    program.accounts += [
        f"{{id: press, type: mail, smtp: {host.smtp!r}, handle: {host.user!r}, private: yes,"
        f" ca_file: {str(host.ca_file)!r}, token_env: MAIL}}",
        f"{{id: hook, type: webhook, server: 'http://127.0.0.1:{intranet.server_address[1]}',"
        " private: yes, token_env: HOOK}",
    ]
    program.configure()
    (program.folder / "elsewhere").mkdir()
    with (program.folder / "crisisroom.yaml").open("a") as file:
        file.write(
            "anchors:\n"
            "  - {id: vault, to: 'file:elsewhere/anchors', every: 60s}\n"
            "  - {id: notary, account: press, to: notary@law.test, every: 60s}\n"
            "  - {id: ledger, account: hook, to: /anchors, every: 60s}\n"
        )
    program.run("declare", "App down", "--playbook", PLAYBOOK, "--severity", "sev2")
    return program


def anchors_mailed(host: MailHost, folder: Path) -> list[Path]:
    """Return the texts of the mails with anchors of a room as files, oldest first.

    The server keeps those of other rooms too: the room's own are of the vault's room.
    """
    vault = parse((folder / "elsewhere/anchors").read_bytes(), "vault")
    found = {}
    for mail in host.outside("Anchor of"):
        body = mail.get_payload(decode=True)
        assert isinstance(body, bytes)
        (anchor,) = parse(body, "mail").anchors
        if anchor.room == vault.anchors[0].room:
            found[anchor.at] = folder / f"mail-{anchor.sha256[:12]}.txt"
            found[anchor.at].write_bytes(body)
    return [found[at] for at in sorted(found)]


def test_the_watcher_sends_each_place_its_anchor(
    room: Program, host: MailHost, intranet: Intranet
) -> None:
    with room.watching():
        wait_until(lambda: (room.folder / "elsewhere/anchors").exists(), "the file of anchors")
        wait_until(lambda: host.outside("Anchor of"), "a mail with an anchor")
        wait_until(lambda: intranet.kept, "a call with an anchor")
    places = room.json("anchor", "list")["places"]
    assert [one["state"] for one in places] == ["ok", "ok", "ok"]
    (mail,) = anchors_mailed(host, room.folder)
    (room.folder / "call.txt").write_text(intranet.kept[0]["text"])
    for file in ("elsewhere/anchors", mail.name, "call.txt"):
        room.run("verify", "--anchor", file)


def test_an_outage_is_told_and_made_up_for(room: Program, host: MailHost) -> None:
    before = len(host.outside("Anchor of"))
    host.outage()
    try:
        room.run("anchor", "send", "notary", codes=(1,))
        assert "notary failing" in room.run("status").stdout
    finally:
        host.begin()
    room.run("anchor", "send", "notary")
    assert len(host.outside("Anchor of")) == before + 1
    assert "notary failing" not in room.run("status").stdout


def test_a_lost_answer_is_on_record(room: Program, host: MailHost) -> None:
    host.fault("mute")
    (sent,) = room.json("anchor", "send", "notary", codes=(1,))
    assert sent["state"] == "unknown"
    room.run("verify")


@pytest.mark.parametrize("act", [end_cut_with_care, written_anew])
def test_what_was_kept_elsewhere_shows_a_cut_and_a_rewrite(
    room: Program, host: MailHost, act: object
) -> None:
    for number in range(12):
        room.run("note", "INC-1", f"note {number}")
    room.run("anchor", "send")
    mail = anchors_mailed(host, room.folder)[-1]
    path, seed = room.folder / "forged.db", 7
    _settled(room.room)
    with opened(room.room, path, Random(seed)) as copy:
        assert isinstance(copy, Copy)
        act(copy)  # type: ignore[operator]
    room.run("--room", str(path), "verify")
    for file in ("elsewhere/anchors", mail.name):
        said = room.run("--room", str(path), "verify", "--anchor", file, codes=(1,))
        assert "INC-1 entry" in said.stdout


def test_an_older_copy_put_back_shows(room: Program, host: MailHost) -> None:
    _settled(room.room)
    shutil.copyfile(room.room, room.folder / "older.db")
    room.run("note", "INC-1", "what nobody shall know")
    room.run("anchor", "send", "vault")
    said = room.run(
        "--room", "older.db", "verify", "--anchor", "elsewhere/anchors", "--all", codes=(1,)
    )
    assert "INC-1 entry" in said.stdout
    assert "its end was cut" in said.stdout


def _settled(path: Path) -> None:
    """Bring what lies beside the room's file into it, so that it can be copied."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
