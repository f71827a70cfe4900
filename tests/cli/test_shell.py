"""What an SSH key opens: its person's room and a list of verbs, and nothing of the host."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from cli.conftest import room_file
from cli.driver import Cli
from real.shell_attempts import commands

from crisisroom.cli import run
from crisisroom.cli.commands import load, works_over_key
from crisisroom.cli.context import Globals
from crisisroom.cli.helptext import EVERY_VERB, OVER_KEY
from crisisroom.cli.shell import COMMAND, one, scrub
from crisisroom.cli.verbs import SUMMARIES
from crisisroom.logbook import state_folder

TEAM = """\
schema: 1
room: {name: Ours}
team:
  - {id: ada, name: Ada, roles: [lead, social]}
  - {id: kim, name: Kim, access: observer}
"""
SHUT = {
    *("demo", "drill", "init", "apply", "login", "check", "doctor", "watch", "ingest", "triage"),
    *("backtest", "authorized-keys", "shell", "sign", "import", "import contacts", "backup"),
    *("import messages", "restore", "erase", "purge", "review edit", "evidence add"),
    *("evidence save", "pause run", "playbook new", "anchor send"),
}


@pytest.fixture
def ours(crisis: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A room with a team, set up by ada."""
    (tmp_path / "team.yaml").write_text(TEAM)
    monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: "ada")
    crisis.ok("apply", "team.yaml")
    return crisis


def by_key(capsys: pytest.CaptureFixture[str], who: str, *words: str) -> tuple[int, str, str]:
    """Run a verb as an SSH key does."""
    capsys.readouterr()
    code = run(words, Globals(room=str(room_file()), person=who))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_what_is_not_said_to_work_over_a_key_does_not() -> None:
    known = works_over_key()
    assert SHUT.isdisjoint(known)
    assert {"status", "note", "export", "brief", "timeline", "statement approve"} <= known.keys()
    assert all(load(name).over_key is None for name in SUMMARIES if name not in known)


def test_who_acts_is_the_key_s_person(ours: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = by_key(capsys, "ada", "note", "INC-1", "it", "rang")
    assert (code, "it rang" in out) == (0, True)
    entry = ours.json("timeline", "INC-1")[-1]
    assert (entry["actor"], entry["text"]) == ("ada", "it rang")
    assert "by_uid" not in entry
    code, _, err = by_key(capsys, "eve", "status")
    assert (code, "eve is not in this room's team" in err) == (1, True)


def test_a_room_is_not_made_over_a_key(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = by_key(capsys, "ada", "declare", "boom", "--playbook", "product-defect")
    assert (code, "there is no room" in err) == (1, True)
    assert not room_file().exists()


@pytest.mark.parametrize("words", [("note", "hi"), ("resolve", "INC-1"), ("pin", "1")])
def test_who_reads_only_is_told_so(
    ours: Cli, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert by_key(capsys, "kim", "brief")[0] == 0
    code, out, err = by_key(capsys, "kim", *words)
    assert (code, out) == (1, "")
    assert "Kim reads only (observer)" in err


@pytest.mark.parametrize(
    "words",
    [
        ("export", "INC-1", "-o", "x"),
        ("export", "INC-1", "-ox"),
        ("export", "--output=x"),
        ("export", "--evidence"),
        ("team", "-o", "x"),
        ("team", "--playbook", "/etc/passwd"),
        ("verify", "/etc/passwd"),
        ("verify", "--anchor", "/etc/passwd"),
        ("playbook", "show", "./x.yaml"),
        ("narratives", "--from", "/etc/passwd"),
        ("pause", "run", "--all"),
        ("backup", "x"),
        ("evidence", "--help", "add"),
    ],
)
def test_the_host_is_out_of_reach(
    ours: Cli, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    code, out, err = by_key(capsys, "ada", *words)
    if words[0] != "evidence":
        assert (code, out, "not over this key" in err) == (1, "", True)
    else:
        assert "add" not in out.split()
    assert sorted(tmp_path.rglob("*")) == before


def test_whatever_is_sent_is_refused_in_one_line(
    ours: Cli, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    door, flaws = Globals(room=str(room_file()), person="ada"), dict[str, object]()
    before = sorted(tmp_path.rglob("*"))
    for command in commands(str(tmp_path / "OUT")):
        code = one(command, door)
        told = capsys.readouterr()
        lines = told.err.splitlines()
        if code not in (1, 2) or told.out or len(lines) != 1 or "crisisroom: " not in lines[0]:
            flaws[command[:80]] = (code, told)
    assert flaws == {}
    assert sorted(tmp_path.rglob("*")) == before


def test_help_lists_what_there_is(ours: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = by_key(capsys, "ada", "help")
    assert "\n  note " in out
    assert "backup" not in out
    assert by_key(capsys, "ada", "backup", "--help")[0] == 1


@pytest.mark.parametrize("verb", ["backup", "shell", "authorized-keys", "watch", "evidence add"])
def test_help_says_nothing_of_what_is_shut(
    ours: Cli, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    for asked in ("help", "--help", "-h"):
        code, out, err = by_key(capsys, "ada", asked, *verb.split())
        assert (code, out, f"not over this key: {verb}" in err) == (1, "", True)


def test_help_of_a_verb_names_only_what_works_over_a_key(
    ours: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in works_over_key():
        code, out, _ = by_key(capsys, "ada", *name.split(), "--help")
        assert (code, EVERY_VERB in out, OVER_KEY in out) == (0, False, True)
        assert "--room" not in out
        assert "--config" not in out
    export = by_key(capsys, "ada", "help", "export")[1]
    assert "--format" in export
    assert not [one for one in ("--sign", "--evidence", "[-o", "--force") if one in export]


def test_an_environment_keeps_only_how_things_look() -> None:
    env = {
        "TERM": "xterm-256color",
        "LANG": "de_DE.UTF-8",
        "LC_TIME": "C",
        "NO_COLOR": "1",
        "CRISISROOM_ROOM": "/x",
        "EDITOR": "vi",
        "LD_PRELOAD": "/x",
        "TEXTUAL": "debug",
        "LC_ALL": "../../x",
        "COLORTERM": "$(id)",
        "PATH": "/x",
        "HOME": "/x",
        "USER": "eve",
        "XDG_CONFIG_HOME": "/x",
        "XDG_RUNTIME_DIR": "/x",
        "PGHOST": "x",
        "LC_x": "y",
        "SSH_CONNECTION": "::1 50000 ::1 22",
        "SSH_TTY": "/dev/pts/3",
        COMMAND: "status",
    }
    scrub(env)
    assert {name: env.pop(name) for name in ("TERM", "LANG", "LC_TIME", "NO_COLOR")} == {
        "TERM": "xterm-256color",
        "LANG": "de_DE.UTF-8",
        "LC_TIME": "C",
        "NO_COLOR": "1",
    }
    assert (env.pop("SSH_CONNECTION"), env.pop("SSH_TTY")) == ("::1 50000 ::1 22", "/dev/pts/3")
    assert env.pop("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}") == f"/run/user/{os.getuid()}"
    assert env.keys() == {"HOME", "USER", "LOGNAME", "PATH"}
    assert env["HOME"] != "/x"


def shell(command: str | None, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the forced command of a key as sshd does."""
    env = {"PATH": os.environ["PATH"]} | ({} if command is None else {COMMAND: command})
    argv = [sys.executable, "-I", "-m", "crisisroom", *more, "shell"]
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=False, stdin=-3)


def test_the_forced_command(ours: Cli) -> None:
    door = ("--room", str(room_file()), "--as", "ada")
    done = shell("note 'by a key; it is quoted'", *door)
    assert (done.returncode, done.stderr) == (0, "")
    assert "by a key; it is quoted" in done.stdout
    off = shell("status; id", *door)
    assert (off.returncode, off.stdout, len(off.stderr.splitlines())) == (2, "", 1)
    screen = shell(None, *door)
    assert (screen.returncode, "needs a terminal" in screen.stderr) == (2, True)
    bare = shell("status")
    assert (bare.returncode, "authorized-keys prints the whole line" in bare.stderr) == (2, True)


def test_what_follows_ends_when_nobody_reads_any_more(ours: Cli) -> None:
    argv = [sys.executable, "-I", "-m", "crisisroom", "--room", str(room_file()), "--as", "ada"]
    env = {"PATH": os.environ["PATH"], COMMAND: "timeline INC-1 --follow"}
    with subprocess.Popen([*argv, "shell"], env=env, stdin=-3, stdout=-1) as following:
        assert following.stdout is not None
        assert following.stdout.readline()
        following.stdout.close()  # as sshd does when a line drops that has no terminal
        assert following.wait(60) == 0


def test_an_error_is_json_where_it_was_asked_for(ours: Cli) -> None:
    done = shell("status --json; id", "--room", str(room_file()), "--as", "ada")
    assert json.loads(done.stderr)["error"]["code"] == "command"


def test_who_is_refused_is_in_the_log_without_what_they_typed(ours: Cli) -> None:
    print_of = f"SHA256:{'a' * 43}"
    door = Globals(room=str(room_file()), person="ada", key=print_of)
    codes = [one(words, door) for words in ("status; id", "note hi --as eve", "backup /secret")]
    one("secret words", door)
    one("status", door)  # the team has no such key
    one("status", msgspec.structs.replace(door, key=""))
    log = (state_folder() / "keys.log").read_text()
    told = [line.split(" pid=")[0].split()[1:] for line in log.splitlines()]
    assert codes == [2, 2, 1]
    assert told == [["warn", "keys", "shell.refused"]] * 2 + [["warn", "keys", "shell.ended"]] * 3
    assert "code=command who=ada" in log
    assert "code=forced who=ada" in log
    assert "exit=1 verb=backup who=ada" in log
    assert "exit=1 verb=status who=ada" in log
    assert log.count(f"key={print_of}") == 5
    assert "secret" not in log


def test_no_key_of_the_terminal_stops_it_or_leaves_its_memory(ours: Cli) -> None:
    argv = [sys.executable, "-I", "-m", "crisisroom", "--room", str(room_file()), "--as", "ada"]
    env = {"PATH": os.environ["PATH"], COMMAND: "timeline INC-1 --follow"}
    with subprocess.Popen([*argv, "shell"], env=env, stdin=-3, stdout=-1) as following:
        assert following.stdout is not None
        assert following.stdout.readline()
        for number in (signal.SIGTSTP, signal.SIGQUIT):
            following.send_signal(number)
        status = Path(f"/proc/{following.pid}/status").read_text()
        limits = Path(f"/proc/{following.pid}/limits").read_text()
        assert following.poll() is None
        assert "State:\tT" not in status
        assert next(one for one in limits.splitlines() if "core" in one).split()[4] == "0"
        following.terminate()


def test_ctrl_c_while_it_is_being_read_ends_without_a_word(tmp_path: Path) -> None:
    code = "import sys; sys.argv = ['crisisroom', 'status']\n"
    code += "import builtins; real = builtins.__import__\n"
    code += "def stopped(name, *more):\n"
    code += "    if name == 'crisisroom.cli': raise KeyboardInterrupt\n"
    code += "    return real(name, *more)\n"
    code += "builtins.__import__ = stopped\n"
    code += "from crisisroom.__main__ import main; main()\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
