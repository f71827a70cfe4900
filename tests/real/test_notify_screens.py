"""Calling a person by their desktop and their terminal: a real D-Bus, a real tmux."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crisisroom.fetch import Fetcher
from crisisroom.notifiers.messages import Message
from crisisroom.room import Room
from crisisroom.watch.notifying import Notifier
from real.conftest import standing
from real.notified import ME, TITLE, Team
from real.program import Program
from real.servers import install
from real.servers.base import wait_until
from real.servers.desktopbus import DesktopBus

pytestmark = pytest.mark.together

NOTICE = "a page waits for your answer"
_OSC_9 = b"\x1b]9;crisisroom: a page waits for your answer\x1b\\"
_CALL = "from crisisroom.notifiers import desktop; import sys; desktop(sys.argv[1])"
_WRITE = """
import os, sys, time
from crisisroom.notifiers.terminal import sequence

sys.stdout.write(sequence(sys.argv[1], sys.argv[2], os.environ) + "\\a")
sys.stdout.flush()
open(sys.argv[3], "w").close()
time.sleep(60)
"""


@pytest.fixture(scope="module")
def desktop() -> Iterator[DesktopBus]:
    with standing(DesktopBus) as ground:
        yield ground


def test_a_desktop_shows_a_notice_once_in_our_words(desktop: DesktopBus) -> None:
    argv = [sys.executable, "-c", _CALL]
    subprocess.run([*argv, NOTICE], env=desktop.env, check=True, timeout=30)
    wait_until(desktop.notices, "a notice on the desktop")
    subprocess.run([*argv, "--help"], env=desktop.env, check=True, timeout=30)
    shown = wait_until(lambda: desktop.notices()[1:], "a notice that looks like an option")
    assert len(desktop.notices()) == 2
    assert f"· {NOTICE}" in desktop.notices()[0]
    assert "crisisroom" in desktop.notices()[0]
    assert "· --help" in shown[0]


def test_without_any_bus_nothing_is_even_started(tmp_path: Path) -> None:
    refuses = f"import subprocess; subprocess.Popen = None; {_CALL}"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    usual = Path(f"/run/user/{os.getuid()}/bus")
    if not usual.exists():
        argv = [sys.executable, "-c", refuses, NOTICE]
        done = subprocess.run(argv, env=env, check=True, timeout=30, capture_output=True)
        assert (done.stdout, done.stderr) == (b"", b"")
    gone = env | {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"}
    argv = [sys.executable, "-m", "crisisroom.notifiers.desktop", NOTICE]
    done = subprocess.run(argv, env=gone, check=False, timeout=30, capture_output=True)
    assert b"Traceback" not in done.stderr + done.stdout


def test_without_a_bus_or_over_ssh_no_desktop_is_called(desktop: DesktopBus) -> None:
    before = len(desktop.notices())
    argv = [sys.executable, "-c", _CALL, NOTICE]
    for more in ({"SSH_CONNECTION": "::1 1 ::1 22"}, {"SSH_TTY": "/dev/pts/0"}):
        done = subprocess.run(
            argv, env=desktop.env | more, check=True, timeout=30, capture_output=True
        )
        assert (done.stdout, done.stderr) == (b"", b"")
    time.sleep(1.0)
    assert len(desktop.notices()) == before


@contextmanager
def tmux(folder: Path, settings: str, *argv: str) -> Iterator[int]:
    """A tmux of its own around a program, on a terminal whose bytes are ours to read."""
    install.apt("tmux")
    (folder / "tmux.conf").write_text(f"{settings}\n")
    socket = str(folder / "socket")
    command = ["tmux", "-S", socket, "-f", str(folder / "tmux.conf"), "new-session", *argv]
    pid, terminal = pty.fork()
    if pid == 0:
        env = {key: value for key, value in os.environ.items() if key != "TMUX"}
        os.execvpe("tmux", command, env | {"TERM": "xterm-256color", "LANG": "C.UTF-8"})
    try:
        yield terminal
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], capture_output=True, check=False)
        os.waitpid(pid, 0)
        os.close(terminal)


def written(terminal: int, until: Path) -> bytes:
    """All that the terminal outside is given until a file is there, and a moment longer."""
    taken, late = b"", time.monotonic() + 30
    quiet = 0
    while time.monotonic() < late and quiet < 5:
        if select.select([terminal], [], [], 0.2)[0]:
            taken += os.read(terminal, 65536)
        elif until.exists():
            quiet += 1
    return taken


@pytest.mark.parametrize(
    ("osc", "expected"),
    [
        ("9", b"\x1b]9;crisisroom: a page waits for your answer\x1b\\"),
        ("777", b"\x1b]777;notify;crisisroom;a page waits for your answer\x1b\\"),
        ("99", b"\x1b]99;i=crisisroom:d=1:p=body;a page waits for your answer\x1b\\"),
    ],
)
def test_tmux_lets_a_notice_through_once(tmp_path: Path, osc: str, expected: bytes) -> None:
    done = tmp_path / "done"
    argv = (sys.executable, "-c", _WRITE, osc, NOTICE, str(done))
    with tmux(tmp_path, "set -g allow-passthrough on", *argv) as terminal:
        taken = written(terminal, done)
    assert taken.count(expected) == 1
    assert b"\x07" in taken


def test_a_tmux_that_lets_nothing_through_shows_no_rubbish(tmp_path: Path) -> None:
    done = tmp_path / "done"
    argv = (sys.executable, "-c", _WRITE, "9", NOTICE, str(done))
    with tmux(tmp_path, "set -g allow-passthrough off", *argv) as terminal:
        taken = written(terminal, done)
    assert b"page waits" not in taken
    assert b"\x07" in taken


def test_the_room_s_own_screen_calls_through_tmux_once(tmp_path: Path, program: Program) -> None:
    team = Team(program)
    team.duty = [ME]
    team.mine = ["{by: ntfy, to: crisis-me}"]
    team.messengers.append("{id: pings, type: ntfy}")
    team.more.append('notices: {osc: "9", desktop: no}')
    team.configure()
    team.declare("bo")
    settings = "set -g allow-passthrough on\nset -g default-terminal tmux-256color"
    with tmux(tmp_path, settings, program.script, "open", "--no-watch") as terminal:
        before = heard(terminal, TITLE.encode())
        team.inside(_paged)
        taken = heard(terminal, _OSC_9) + heard(terminal, quiet=2.0)
    assert _OSC_9 not in before
    assert taken.count(_OSC_9) == 1
    assert taken.count(b"\x1b]9;") == 1


class _Takes:
    """A messenger that takes everything."""

    id = "pings"

    async def carry(self, to: str, message: Message) -> str:
        return message.id


async def _paged(room: Room) -> None:
    """Tell whoever is on duty of the incident."""
    async with Fetcher() as fetch:
        await Notifier(room.for_machine(), fetch, carriers=lambda messenger: _Takes()).work()


def heard(terminal: int, wanted: bytes = b"", *, quiet: float = 0.0) -> bytes:
    """What the terminal outside is given until that is among it, or for a while."""
    taken, late = b"", time.monotonic() + (quiet or 30)
    while time.monotonic() < late and not (wanted and wanted in taken):
        if select.select([terminal], [], [], 0.2)[0]:
            taken += os.read(terminal, 65536)
    assert wanted in taken
    return taken
