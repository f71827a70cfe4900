"""`units`: what systemd and cron are given, every path quoted, and systemd's own verdict on it."""

from __future__ import annotations

import configparser
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from cli.conftest import room_file
from cli.driver import Cli
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.cli.units_text import quoted
from crisisroom.core.errors import Usage

ODD = "a b'c\"d\\e$HOME%n;#ü"


def write(text: str = "") -> None:
    Path("crisisroom.yaml").write_text(f"schema: 1\nbrand: {{name: Ferrow}}\n{text}")


def read(text: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None, strict=False, comment_prefixes="#")
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(text)
    return unit


def unquoted(word: str) -> str:
    """Read a quoted word as systemd does, specifiers and variables included."""
    if word.startswith('"'):
        assert word.endswith('"')
        assert len(word) > 1
        word = word[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return word.replace("$$", "$").replace("%%", "%")


def test_folders_that_are_given_as_one_stands_are_meant_from_there(cli: Cli) -> None:
    write("messengers: [{id: m, type: ntfy, server: https://n.test, token_credential: push}]\n")
    made = cli.json("units", "--backup-to", "copies", "--credentials", "tokens")
    command = shlex.split(read(made["crisisroom-backup.service"])["Service"]["ExecStart"])
    assert command[command.index("--to") + 1] == str(Path("copies").absolute())
    given = read(made["crisisroom-watch.service"])["Service"]["LoadCredential"]
    assert given == f"push:{Path('tokens/push').absolute()}"


def test_folders_that_have_to_be_there_first_are_told_of(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    me, figures = pwd.getpwuid(os.getuid()).pw_name, tmp_path / "it's" / "room.prom"
    said = cli.ok("units", "-o", "units", "--metrics", str(figures)).lines
    steps = [shlex.split(line)[1:] for line in said if line.startswith("first: ")]
    folders = [str(room_file().parent), str(figures.parent)]
    assert steps == [["install", "-d", "-m", "0700", "-o", me, folder] for folder in folders]
    for folder in folders:
        Path(folder).mkdir()
    assert "first: " not in cli.ok("units", "-o", "units", "--force").out
    other = SimpleNamespace(pw_uid=os.getuid() + 4711, pw_gid=os.getgid() + 4711)
    monkeypatch.setattr("crisisroom.cli.units.pwd.getpwnam", lambda name: other)
    monkeypatch.setattr("crisisroom.cli.units.os.getgrouplist", lambda name, gid: [gid])
    said = cli.ok("units", "-o", "units", "--force", "--account", "crisis").lines
    assert f"first: setfacl -m u:crisis:rwx {folders[0]}" in said
    Path(folders[0]).chmod(0o777)
    assert "first: " not in cli.ok("units", "-o", "u2", "--account", "crisis").out


def test_a_crontab_copies_to_where_its_account_may_write(cli: Cli) -> None:
    write()
    (line,) = [one for one in cli.ok("units", "--cron").lines if "backup --to" in one]
    assert f"--to {os.environ['XDG_STATE_HOME']}/crisisroom/backups " in line


def test_the_watcher_restarts_and_is_shut_in(cli: Cli) -> None:
    write()
    cli.ok("mention", "add", "Ferrow smokes")
    made = cli.json("units")
    unit = read(made["crisisroom-watch.service"])["Service"]
    assert unit["Type"] == "notify"
    assert unit["Restart"] == "always"
    assert int(unit["WatchdogSec"]) > 60
    assert unit["UMask"] == "0077"
    assert unit["ProtectSystem"] == "strict"
    assert str(room_file().parent) in unit["ReadWritePaths"]
    command = shlex.split(unit["ExecStart"])
    assert os.access(command[0], os.X_OK)
    assert Path(command[0]).parent == Path(sys.executable).parent
    assert command[-1] == "watch"
    assert command[command.index("--room") + 1] == str(room_file())
    assert command[command.index("--config") + 1] == str(Path("crisisroom.yaml").absolute())


def test_timers_are_for_what_is_configured(cli: Cli) -> None:
    write()
    assert {name.removeprefix("crisisroom-") for name in cli.json("units")} == {
        *("watch.service", "backup.service", "backup.timer", "health.service", "health.timer")
    }
    write('retention: {mentions: 90d}\nanchors: [{id: usb, to: "file:/mnt/usb/a.jsonl"}]\n')
    made = cli.json("units")
    assert {"crisisroom-purge.timer", "crisisroom-anchor.timer"} <= made.keys()
    assert "/mnt/usb" in made["crisisroom-watch.service"]


def test_tokens_are_handed_over_as_credentials(cli: Cli) -> None:
    write(
        "accounts: [{id: a, type: mastodon, server: https://a.test, token_credential: main}]\n"
        "sources: [{id: a, type: mastodon, account: a, home: yes}]\n"
    )
    unit = read(cli.json("units", "--credentials", "/etc/keys")["crisisroom-watch.service"])
    assert unit["Service"]["LoadCredential"] == "main:/etc/keys/main"


def test_written_units_can_be_asked_for_and_are_not_written_over(cli: Cli) -> None:
    write()
    said = cli.ok("units", "-o", "u", "--metrics", "/var/lib/m/c.prom", "--mode", "0644")
    file = Path("u/crisisroom-watch.service")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert "--metrics /var/lib/m/c.prom --metrics-mode 0644" in file.read_text()
    assert "systemctl enable --now crisisroom-watch.service" in said.out
    cli.refused(1, "units", "-o", "u")
    cli.ok("units", "-o", "u", "--force")


def test_a_password_never_gets_into_a_unit(cli: Cli) -> None:
    said = cli("--room", "postgresql://ada:s3cret@db.test/room", "units")
    assert said.code in (1, 2)
    assert "s3cret" not in said.out


def test_a_room_on_servers_is_not_copied_by_us(cli: Cli) -> None:
    write()
    made = cli.json("--room", "postgresql://a.test,b.test/room", "units")
    assert "crisisroom-backup.timer" not in made
    unit = read(made["crisisroom-watch.service"])["Service"]
    assert "postgresql://a.test,b.test/room" in unit["ExecStart"]
    assert unit["PrivateTmp"] == "yes"


def test_cron_is_for_hosts_without_systemd(cli: Cli) -> None:
    write()
    lines = cli.ok("units", "--cron").lines
    jobs = [line for line in lines if not line.startswith("#") and "=" not in line.split(" ")[0]]
    assert jobs[0].startswith("@reboot cd ")
    assert all("flock -n" in line for line in jobs[:2])
    assert any(line.startswith("40 2 * * * ") and " backup --to " in line for line in jobs)
    cli.refused(2, "units", "--cron", "-o", "u")


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40))
def test_every_word_comes_back_as_it_was(word: str) -> None:
    assert unquoted(quoted(word, command=True)) == word


@pytest.mark.parametrize("word", ["a\nb", "a\x00b", "a\x1bb"])
def test_a_control_sign_fits_into_no_unit(word: str) -> None:
    with pytest.raises(Usage):
        quoted(word)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("odd", ["plain", ODD])
def test_systemd_has_nothing_to_say_against_it(
    cli: Cli, tmp_path: Path, own: bool, odd: str
) -> None:
    folder = tmp_path / odd
    folder.mkdir()
    write(
        'retention: {mentions: 90d}\nanchors: [{id: usb, to: "file:/mnt/usb/a.jsonl"}]\n'
        "accounts: [{id: a, type: mastodon, server: https://a.test, token_credential: main}]\n"
    )
    more = ("--user",) if own else ()
    room = str(folder / "room" / "room.db")
    cli.ok("--room", room, "units", *more, "-o", "u", "--metrics", str(folder / "m.prom"))
    files = sorted(map(str, Path("u").iterdir()))
    asked = ["systemd-analyze", *more, "verify", *files]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
