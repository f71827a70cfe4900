"""`doctor`: who else could look, the team, what hangs, and rooms of other versions."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli

from crisisroom.cli.health import Finding
from crisisroom.cli.health_db import _file
from crisisroom.cli.health_team import _gaps
from crisisroom.clock import ManualClock
from crisisroom.core.rota import Shift
from crisisroom.store.examining import FileFacts, answering, racy
from crisisroom.store.schema import SCHEMA

WHOLE = 10.0  # seconds that all of it may take, whatever hangs


def write(text: str) -> None:
    Path("crisisroom.yaml").write_text(f"schema: 1\nbrand: {{name: Ferrow}}\n{text}")


def found(said: str, where: str) -> list[str]:
    return [line for line in said.splitlines() if f"  {where}: " in line]


def test_sections_are_chosen_and_titled(cli: Cli) -> None:
    write("sources: [{id: d, type: demo}]\n")
    said = cli.ok("doctor", "config", "host")
    titles = [line for line in said.lines if line.endswith(":") and " " not in line]
    assert titles == ["config:", "host:"]
    assert "sources, tokens" in cli.refused(2, "doctor", "weather").err
    document = cli("doctor", "team", "--json").json
    assert {one["section"] for one in document["problems"]} == {"team"}


def test_a_room_of_an_older_program_is_looked_at_and_left_alone(cli: Cli) -> None:
    write("sources: [{id: d, type: demo}]\n")
    cli.ok("mention", "add", "Ferrow smokes")
    with contextlib.closing(sqlite3.connect(room_file())) as older:
        older.execute(f"PRAGMA user_version = {SCHEMA - 1}")
    said = cli.ok("doctor", "room", "--offline")
    assert f"older program (schema {SCHEMA - 1}" in found(said.out, "room")[0]
    with contextlib.closing(sqlite3.connect(room_file())) as same:
        assert same.execute("PRAGMA user_version").fetchone() == (SCHEMA - 1,)


def test_who_could_look_in_is_said(cli: Cli) -> None:
    write("sources: [{id: d, type: demo}]\n")
    cli.ok("mention", "add", "Ferrow smokes")
    assert "nobody else" in found(cli.ok("doctor", "room").out, "readers")[0]
    room_file().parent.chmod(0o750)
    assert "group" in found(cli("doctor", "room").out, "room")[-1]
    room_file().chmod(0o640)
    said = cli("doctor", "room")
    assert "crisisroom authorized-keys" in found(said.out, "readers")[0]
    assert f"chmod 600 {room_file()}" in said.out
    room_file().chmod(0o600)
    room_file().parent.chmod(0o700)
    Path("crisisroom.yaml").chmod(0o666)
    assert "chmod go-w" in cli("doctor", "room").out


def test_a_link_in_the_way_is_told_of(cli: Cli) -> None:
    cli.ok("mention", "add", "Ferrow smokes")
    link = Path("link.db").absolute()
    link.symlink_to(room_file())
    assert "is a link to" in cli("--room", str(link), "doctor", "room").out


def test_an_interrupted_erasure_is_told_of_and_not_ended(cli: Cli) -> None:
    cli.ok("mention", "add", "Ferrow smokes")
    with contextlib.closing(sqlite3.connect(room_file())) as other:
        other.execute("INSERT INTO room VALUES ('erase.unsettled', '1')")
        other.commit()
    for _ in range(2):
        assert "one was interrupted" in found(cli("doctor", "room").out, "erasure")[0]
        assert cli("health", "erasure").lines == ["erasure: one was interrupted"]


def test_to_look_puts_no_settings_into_force(cli: Cli) -> None:
    cli.ok("mention", "add", "smokes")
    write("sources: [{id: d, type: demo}]\n")
    said = cli("doctor", "config", "--offline").out
    assert "it is not what is in force in the room -> crisisroom apply" in said
    assert cli("health", "sources").lines == ["well: 0 sources heard"]


def test_a_damaged_file_is_found(cli: Cli) -> None:
    cli.ok("mention", "add", "Ferrow smokes")
    assert "its file is sound" in cli.ok("doctor", "database").out
    facts = FileFacts(
        version="3.51.0", racy=True, problems=("row 1 missing",), journal="wal", free_share=0.7
    )
    codes = {one.code: one.level for one in _file(facts)}
    assert codes == {"damaged": "fail", "wal_reset": "ok", "spare": "warn"}


@pytest.mark.parametrize(
    ("version", "is_racy"),
    [((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 6, 9), False)],
)
def test_versions_with_the_race_are_known(version: tuple[int, ...], is_racy: bool) -> None:
    assert racy(version) is is_racy


def test_the_team_is_looked_at_person_by_person(cli: Cli) -> None:
    me = cli.json("--as", "x", "version") and os.environ.get("USER", "root")
    write(
        "sources: [{id: d, type: demo}]\n"
        "messengers: [{id: push, type: ntfy, server: https://ntfy.example}]\n"
        "team:\n"
        f"  - {{id: {me}, name: Me, roles: [lead], reach: [{{by: ntfy, to: me-on-call}}]}}\n"
        "  - {id: bo, name: Bo, reach: [{by: pigeon, to: roof}]}\n"
        "  - {id: cy, name: Cy}\n"
    )
    said = cli("doctor", "team", "--offline").out
    assert "no messenger serves their ways" in found(said, "team bo")[-1]
    assert "nothing reaches them" in found(said, "team cy")[-1]
    assert found(said, f"team {me}")[-1] == f"ok    team {me}: ntfy by push"
    assert "has no SSH key" in found(said, f"team {me}")[0]
    assert "nobody of the team can give the approval" in said


def test_who_lacks_only_the_approval_is_named(cli: Cli) -> None:
    write("team:\n  - {id: bo, name: Bo, roles: [exec, lead], approves: [reply-words]}\n")
    said = [one for one in cli("doctor", "team", "--offline").lines if "(exec)" in one]
    assert [one for one in said if "hoax" in one] == [
        "fail  playbooks account-takeover, billing-error, campaign-backlash, executive-conduct,"
        " hoax, injury, regulator-complaint: nobody of the team can give the approval"
        " public-words (exec)"
        " -> add public-words to approves: of bo, or leave that line out"
    ]
    assert len({one.partition(" the approval ")[2] for one in said}) == len(said)


def test_a_room_that_moved_says_so_first(cli: Cli, tmp_path: Path) -> None:
    cli.ok("declare", "Kettles overheat", "--playbook", "product-defect")
    other = str(tmp_path / "other.db")
    assert "print authorized-keys" in cli.ok("room", "move", other).out
    assert cli("status").out.startswith(f"MOVED to {other} at ")
    assert cli.json("--room", other, "status")["moved_to"] == ""
    assert cli("status", "--json").json["moved_to"] == other
    assert f"fail  room: it moved to {other}" in cli("doctor", "room").out


def test_the_rooms_own_account_moves_it_and_tries_the_ways_to_people(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("team: [{id: bo, name: Bo}]\n")
    monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: "crisis")
    cli.ok("apply", "--service", "crisisroom.yaml")
    assert "not in this room's team" in cli("note", "x").err
    assert "a file of" in cli.ok("room", "show").out
    assert "not in this room's team" not in cli("notify", "test", "--no-wait").err
    cli.ok("room", "move", str(tmp_path / "other.db"))
    cli.ok("room", "stay")


def test_gaps_of_a_rota(clock: ManualClock) -> None:
    from datetime import timedelta

    now, hour = clock.now(), timedelta(hours=1)
    shifts = (Shift("ada", now + hour, now + 2 * hour), Shift("bo", now + 2 * hour, now + 3 * hour))
    assert list(_gaps(shifts, now, now + 4 * hour)) == [
        (now, now + hour),
        (now + 3 * hour, now + 4 * hour),
    ]
    assert list(_gaps(shifts, now + hour, now + 3 * hour)) == []


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes every connection and never says a word."""
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen(100)
        yield ear.getsockname()[1]


def test_it_ends_in_time_when_everything_hangs(silent: int, tmp_path: Path) -> None:
    commands = Path(os.environ["XDG_CONFIG_HOME"]) / "crisisroom" / "commands"
    commands.mkdir(parents=True, mode=0o700)
    (commands / "slow").write_text("#!/bin/sh\nsleep 60\n")
    (commands / "slow").chmod(0o700)
    url = f"http://127.0.0.1:{silent}"
    (tmp_path / "crisisroom.yaml").write_text(
        "schema: 1\nbrand: {name: Ferrow}\n"
        "accounts: [{id: a, type: mastodon, server: https://a.test, token_command: slow}]\n"
        f'sources:\n  - {{id: h, type: feed, url: "{url}", private: yes}}\n'
        "  - {id: m, type: mastodon, account: a, home: yes}\n"
    )
    room = f"postgresql://127.0.0.1:{silent}/room"
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "crisisroom", "--room", room, "doctor"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert time.monotonic() - begun < WHOLE + 5  # a busy machine starts it late
    assert done.returncode == 1
    assert done.stderr == ""
    for where in ("source h", "source m", "account a", "room"):
        assert any(line.startswith("fail") for line in found(done.stdout, where)), where


def test_a_finding_carries_its_section() -> None:
    one = Finding("warn", "x", "disk", "full", "make room", "room")
    assert one.as_problem()["section"] == "room"


def test_a_server_where_nothing_listens_is_told_in_plain_words() -> None:
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    answers = asyncio.run(answering([("127.0.0.1", port)]))
    assert answers == {("127.0.0.1", port): "Connection refused"}
