"""The lines by which sshd lets the team in."""

from __future__ import annotations

import getpass
import shlex
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli

from crisisroom.config.sshkey import fingerprint
from crisisroom.logbook import state_folder

ADA = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
BO = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEyfL7GKNvgoSBCXybv95nbIFeiGhYsPwpZShAyOrB77"
TEAM = f"""\
schema: 1
room: {{name: Ours}}
team:
  - {{id: ada, name: Ada, roles: [lead], keys: ["{ADA} ada@laptop"]}}
  - {{id: bo, name: Bo, approves: []}}
"""


@pytest.fixture
def ours(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: "ada")
    monkeypatch.setattr("crisisroom.cli.keys_sshd.SETTINGS", tmp_path / "sshd" / "none")
    (tmp_path / "team.yaml").write_text(TEAM)
    cli.ok("apply", "team.yaml")
    return cli


def test_each_key_is_tied_to_its_person_and_room(ours: Cli) -> None:
    *comments, line = ours.ok("authorized-keys").lines
    assert all(one.startswith("# ") for one in comments)
    assert "without a key: bo" in comments[-1]
    options, kind, blob, who = line.rsplit(" ", 3)
    assert (f"{kind} {blob}", who) == (ADA, "ada")
    command = options.removeprefix('restrict,pty,command="').removesuffix('"')
    words = shlex.split(command.replace('\\"', '"'))
    assert words[1:4] == ["-I", "-m", "crisisroom"]
    assert words[-4:] == ["--as", "ada", "shell", fingerprint(ADA)]
    assert words[words.index("--room") + 1] == str(room_file())


def test_a_path_with_quotes_and_blanks_stays_one_word(ours: Cli, tmp_path: Path) -> None:
    odd = tmp_path / 'o\'clock "x" $(id)'
    odd.mkdir()
    ours.ok("apply", "team.yaml", "--room", str(odd / "r.db"))
    line = ours.ok("authorized-keys", "--room", str(odd / "r.db")).lines[-1]
    inner = line.removeprefix('restrict,pty,command="').split('" ssh-ed25519')[0]
    words = shlex.split(inner.replace('\\"', '"'))
    assert words[words.index("--room") + 1] == str(odd / "r.db")


def test_a_path_that_sshd_cannot_be_told_is_refused(ours: Cli, tmp_path: Path) -> None:
    odd = tmp_path / "a\\b"
    odd.mkdir()
    ours.ok("apply", "team.yaml", "--room", str(odd / "r.db"))
    assert (
        "give it another name"
        in ours.refused(1, "authorized-keys", "--room", str(odd / "r.db")).err
    )


def test_sshd_is_given_the_one_line_it_asks_for(ours: Cli) -> None:
    me = getpass.getuser()
    (line,) = ours.ok("authorized-keys", "--for", me, "--key", ADA).lines
    assert line == ours.ok("authorized-keys").lines[-1]
    for words in (("--for", me, "--key", BO), ("--for", "nobody", "--key", ADA)):
        said = ours.refused(1, "authorized-keys", *words)
        assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert ours.refused(1, "authorized-keys", "--for", "no-such-account", "--key", ADA).out == ""
    assert ours.refused(2, "authorized-keys", "--for", me, "--key", "ssh-dss AAAA").out == ""
    assert ours.refused(2, "authorized-keys", "--for", me).out == ""
    assert ours.refused(2, "authorized-keys", "--key", ADA).out == ""


def test_what_is_in_force_counts_and_not_a_file_beside_it(ours: Cli, tmp_path: Path) -> None:
    changed = TEAM.replace("approves: []", f'keys: ["{BO}"]')
    (tmp_path / "crisisroom.yaml").write_text(changed)
    me = getpass.getuser()
    assert ours.refused(1, "authorized-keys", "--for", me, "--key", BO).out == ""
    ours.ok("apply", "crisisroom.yaml")
    assert ours.ok("authorized-keys", "--for", me, "--key", BO).lines[-1].endswith(" bo")


def test_without_a_room_or_keys_nothing_is_printed(cli: Cli, tmp_path: Path) -> None:
    me = getpass.getuser()
    assert cli.refused(1, "authorized-keys", "--for", me, "--key", ADA).out == ""
    cli.ok("mention", "add", "a room, and no team")
    assert "nobody of the team has a key" in cli.refused(1, "authorized-keys").err
    room_file().write_bytes(b"no database at all" * 100)
    assert cli.refused(3, "authorized-keys", "--for", me, "--key", ADA).out == ""


def test_the_team_is_listed_without_its_keys(ours: Cli) -> None:
    said = ours.ok("team", "list")
    assert "ada  Ada: may be lead" in said.lines
    assert "bo  Bo: may hold no role; approves nothing" in said.lines
    assert "AAAA" not in said.out
    ada, bo = ours.json("team", "list")
    assert (ada["keys"], ada["approves"], bo["approves"]) == (1, None, [])


def test_a_room_without_a_team_says_so(cli: Cli) -> None:
    cli.ok("mention", "add", "a room, and no team")
    assert "this room has no team" in cli.ok("team", "list").out
    assert cli.json("team", "list") == []


def test_the_account_that_runs_the_room_is_nobody_of_the_team(
    ours: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: "crisis")
    assert "crisis is not in this room's team" in ours.refused(1, "incidents").err
    assert ours.ok("authorized-keys").lines
    (tmp_path / "team.yaml").write_text(TEAM.replace("name: Bo", "name: Bob"))
    assert "team.bo.name" in ours.ok("apply", "team.yaml").out
    room = str(tmp_path / "other" / "r.db")
    locked = ours.refused(1, "apply", "team.yaml", "--room", room)
    assert "or --service, if this account only runs the room" in locked.err
    ours.ok("apply", "--service", "team.yaml", "--room", room)


def test_on_a_server_one_is_whom_the_server_let_in(
    ours: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisroom.store.Store.session_user", "bo")
    ours.ok("mention", "add", "said by whom the server knows")
    ours.ok("declare", "boom", "--playbook", "product-defect", "--severity", "sev2")
    assert ours.json("timeline", "INC-1")[0]["actor"] == "bo"
    assert "--as is not for this room" in ours.refused(1, "incidents", "--as", "ada").err
    monkeypatch.setattr("crisisroom.store.Store.session_user", "eve")
    assert "eve is not in this room's team" in ours.refused(1, "incidents").err


def test_a_key_of_two_people_opens_nothing(
    ours: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = TEAM.replace("approves: []", f'keys: ["{BO}", "{ADA} bo@laptop"]')
    (tmp_path / "team.yaml").write_text(shared)
    assert "has this key already" in ours.refused(1, "apply", "team.yaml").err
    monkeypatch.setattr("crisisroom.config.team_rules._keys", lambda run, team: None)
    ours.ok("apply", "team.yaml")  # as a room of before the rule may have it
    me = getpass.getuser()
    for words in ((), ("--for", me, "--key", ADA)):
        said = ours.refused(1, "authorized-keys", *words)
        assert (said.out, "ada and bo have the same key SHA256:" in said.err) == ("", True)
    assert ours.ok("authorized-keys", "--for", me, "--key", BO).lines[-1].endswith(" bo")


def test_whom_sshd_is_told_no_line_for_is_in_the_log(ours: Cli) -> None:
    me = getpass.getuser()
    ours.refused(1, "authorized-keys", "--for", me, "--key", BO)
    room_file().write_bytes(b"no database at all" * 100)
    ours.refused(3, "authorized-keys", "--for", me, "--key", ADA)
    stranger, broken = (state_folder() / "keys.log").read_text().splitlines()
    assert " info keys sshd.refused " in stranger
    assert stranger.endswith(f"code=no-key key={fingerprint(BO)}")
    assert " warn keys sshd.refused " in broken
    assert broken.endswith(f"code=unreadable key={fingerprint(ADA)}")


def test_a_broken_file_beside_the_room_shuts_nobody_out(ours: Cli, tmp_path: Path) -> None:
    (tmp_path / "crisisroom.yaml").write_text("team: [{id: ada, keys: [")
    me = getpass.getuser()
    assert ours.ok("authorized-keys", "--for", me, "--key", ADA).lines[-1].endswith(" ada")


def test_what_sshd_lets_through_is_told_beside_the_lines(
    ours: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "sshd_config"
    settings.write_text("AcceptEnv LANG LC_*\nacceptenv=LD_*  # old\n")
    monkeypatch.setattr("crisisroom.cli.keys_sshd.SETTINGS", settings)
    said = ours("authorized-keys")
    assert said.code == 0
    assert f"{settings}:2 lets LD_PRELOAD through" in said.err
    assert len(said.err.splitlines()) == 1
    assert ours.ok("authorized-keys", "--for", getpass.getuser(), "--key", ADA).err == ""
    assert f"{settings}:2 lets LD_PRELOAD through" in ours("doctor", "team").out
    settings.write_text("AcceptEnv LANG LC_*\n")
    assert "lets" not in ours("doctor", "team").out
