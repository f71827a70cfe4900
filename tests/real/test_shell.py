"""Whatever is sent over a key gets a refusal in one line, and nothing gets out of the room."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from real.servers.base import free_port
from real.shell_attempts import commands, sample
from real.shell_door import AT_ONCE, Door, back, finished, flaw, notes, on_screen, open_door, said
from real.shell_hostile import hostile

pytestmark = pytest.mark.together

ATTEMPTS = 200


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with open_door() as made:
        yield made


def _refusals(door: Door, every: Sequence[str]) -> None:
    """Hold every command to a refusal in one line that leaves everything as it was."""
    before = door.state()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = [*pool.map(lambda one: door.run("ada", one), every)]
    flaws = {one[:60]: off for one, got in zip(every, done, strict=True) if (off := flaw(got))}
    assert flaws == {}
    assert not door.mark.exists()
    assert door.state() == before


@pytest.mark.timeout(300, func_only=True)  # of a busy machine; half a minute on one that is not
def test_nothing_gets_out(door: Door) -> None:
    """Of every kind as many as make 200; tests/cli/test_shell.py tries all of them, in process."""
    every = sample(str(door.mark), ATTEMPTS)
    assert len(every) == ATTEMPTS
    _refusals(door, every)


@pytest.mark.full
@pytest.mark.timeout(600, func_only=True)
def test_nothing_gets_out_by_any_of_them(door: Door) -> None:
    _refusals(door, commands(str(door.mark)))


def test_ssh_itself_carries_nothing_else(door: Door) -> None:
    before, port = door.state(), free_port()
    login, mark = door.keys["ada"], str(door.mark)
    config, alone = ["-F", str(login.config)], ["-o", "ControlPath=none"]
    strict = [*alone, "-o", "ExitOnForwardFailure=yes"]
    attempts = [
        ["scp", *config, "/etc/hostname", f"room:{mark}"],
        ["scp", "-O", *config, "/etc/hostname", f"room:{mark}"],
        ["scp", "-O", *config, f"room:{door.program.room}", str(door.traps / "got")],
        ["sftp", *config, "-b", "/dev/null", "room"],
        ["ssh", *config, *alone, "-s", "room", "sftp"],
        ["ssh", *config, *alone, "-W", f"127.0.0.1:{door.sshd.port}", "room"],
        ["ssh", *config, *strict, "-N", "-R", f"{port}:127.0.0.1:{door.sshd.port}", "room"],
        ["ssh", *config, *strict, "-N", "-R", f"{door.program.folder}/s:127.0.0.1:1", "room"],
        ["ssh", *config, *alone, "-A", "room", "env"],
        ["ssh", *config, *alone, "-X", "room", "xterm"],
        ["ssh", *config, *alone, "-t", "-t", "room", "sh"],
        ["ssh", *config, *alone, "-T", "room"],
        ["ssh", *config, *alone, "room", "--", "-oProxyCommand=touch"],
        ["ssh", *config, *alone, "-s", "room", "shell"],
        ["ssh", *config, *alone, "-s", "room", "status"],
        ["ssh", *config, *alone, "-o", "RequestTTY=force", "-o", "RemoteCommand=sh", "room"],
        ["ssh", *config, *alone, "-tt", "room", "mosh-server", "new"],
        ["ssh", *config, *strict, "-R", "0", "room", "status"],
        ["ssh", *config, *strict, "-R", f"{port}", "room", "status"],
        ["ssh", *config, *alone, "room", "note", *["x" * 120_000] * 9],
        ["sftp", *config, "room:/etc/passwd", str(door.traps / "got")],
        ["scp", *config, "-r", "room:/etc", str(door.traps / "got")],
        [
            "git",
            "-c",
            f"core.sshCommand=ssh -F {login.config}",
            "archive",
            "--remote=room:/x",
            "HEAD",
        ],
        ["git", "-c", f"core.sshCommand=ssh -F {login.config}", "push", "room:/srv/x", "HEAD"],
        ["git", "-c", f"core.sshCommand=ssh -F {login.config}", "ls-remote", "room:/srv/x"],
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = [*pool.map(finished, attempts)]

    wrong = [(one, done) for one, done in zip(attempts, ended, strict=True) if not done.returncode]
    assert wrong == []
    assert all(b"Traceback" not in done.stderr + done.stdout for done in ended)
    assert not door.mark.exists()
    assert door.state() == before


def test_no_variable_says_who_where_or_what_to_start(door: Door) -> None:
    env = hostile(str(door.mark), str(door.traps))
    plain = json.loads(door.run("cy", "status --json").stdout)
    before = door.state()
    seen = door.run("cy", "status --json", env=env)
    edited = door.run("cy", "review edit INC-1", env=env)
    one_by_one = [
        ("EDITOR", "review edit INC-1"),
        ("PAGER", "timeline --pager x"),
        ("LESS", "less"),
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = [
            *pool.map(lambda one: door.run("cy", one[1], env={one[0]: env[one[0]]}), one_by_one)
        ]
    after = door.state()
    noted = door.run("cy", "note 'in spite of everything'", env=env)

    assert (seen.returncode, said(seen), json.loads(seen.stdout)["room"]) == (
        0,
        [],
        plain["room"],
    )
    assert [flaw(one) for one in (edited, *ended)] == [""] * (1 + len(ended))
    assert after == before
    assert noted.returncode == 0
    assert any("in spite of everything" in text for text in notes(door)["cy"])
    assert not door.mark.exists()


def test_ctrl_c_before_anything_is_shown_tells_nothing_of_the_host(door: Door) -> None:
    """At any moment of the start: no words of Python's, no path, and no way to a shell."""
    for after in (0.05, 0.15, 0.3, 0.5):
        with on_screen(door, "cy") as screen:
            time.sleep(after)
            screen.send("\x03\x1a\x1c")
            time.sleep(0.5)
            assert "Traceback" not in screen.text
            assert ".py" not in screen.text


def test_a_screen_starts_nothing_whatever_is_pressed(door: Door) -> None:
    env = hostile(str(door.mark), str(door.traps))
    env |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    del env["SSH_ORIGINAL_COMMAND"]  # where there is none of sshd's, it is read as a command
    before = {str(path) for path in door.program.folder.rglob("*")}
    with on_screen(door, "dee", env) as screen:
        screen.wait_for("INC-1")
        screen.press("ctrl+z").press("w").wait_for("not in this shell")
        back(screen.press("w").wait_for("nothing can be fetched out of this shell"))
        screen.press("5", "e", "o", "ctrl+p").wait_for("type to narrow").send("export")
        back(screen.wait_for("write the incident to a file")).press("Q")
        assert screen.wait_end() == 0
    made = {str(path) for path in door.program.folder.rglob("*")} - before

    assert not door.mark.exists()
    assert {one for one in made if "/ssh-" not in one} <= {
        f"{door.program.room}-wal",
        f"{door.program.room}-shm",
    }
