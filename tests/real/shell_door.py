"""The room behind a real sshd that forbids nothing by itself, with people who come by keys."""

from __future__ import annotations

import getpass
import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from e2e.terminal import Terminal

from real.conftest import standing
from real.program import Json, Program
from real.servers.sshd import Login, Sshd
from real.shell_hostile import HOSTILE

PEOPLE = ("ada", "bo", "cy", "dee", "eli")
LOOKER = "kim"
AT_ONCE = 5


class Generous(Sshd):
    """A server that forbids nothing by itself: what holds is what the line of the key says."""

    def _configure(self) -> None:
        super()._configure()
        lines = [
            *(f"AcceptEnv {name}" for name in HOSTILE),
            "Subsystem sftp internal-sftp",
            "AllowTcpForwarding yes",
            "AllowAgentForwarding yes",
            "X11Forwarding yes",
            "PermitTunnel yes",
            "GatewayPorts yes",
            "PermitUserRC yes",
            "MaxSessions 100",
            "MaxStartups 100",
            "SetEnv SHLVL=9",  # else bash reads its user's .bashrc first, and that talks
        ]
        with (self.state / "sshd_config").open("a") as file:
            file.writelines(f"{line}\n" for line in lines)


@dataclass(frozen=True)
class Door:
    """The room behind the server, and who may come in."""

    program: Program
    sshd: Sshd
    keys: Mapping[str, Login]
    traps: Path

    @property
    def mark(self) -> Path:
        """The file that appears once anything got out."""
        return self.program.folder / "OUT"

    def ssh(self, who: str, *words: str, tty: bool = False) -> list[str]:
        """A command line of somebody's; all of theirs share one connection."""
        argv = self.keys[who].argv(*words, tty=tty)
        way = f"{self.program.folder}/ssh-{who}"
        shared = ["ControlMaster=auto", f"ControlPath={way}", "ControlPersist=60"]
        options = [part for one in shared for part in ("-o", one)]
        to = argv.index("room")  # what follows is the command, also where it begins with -
        return [argv[0], *options, *argv[1:to], "--", *argv[to:]]

    def run(
        self,
        who: str,
        *words: str,
        env: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        stdin: str = "",
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a verb over somebody's key."""
        argv = self.ssh(
            who, *(os.fsencode(word).decode("utf-8", "surrogateescape") for word in words)
        )
        argv[1:1] = [*options, *(part for name in env or {} for part in ("-o", f"SendEnv={name}"))]
        return subprocess.run(
            argv,
            input=stdin.encode(),
            env={**os.environ, **(env or {})},
            capture_output=True,
            timeout=60,
            check=False,
        )

    def state(self) -> tuple[object, ...]:
        """Everything that is in the room, and every file there is beside it."""
        with sqlite3.connect(f"file:{self.program.room}?mode=ro", uri=True) as database:
            dump = tuple(database.iterdump())
        files = sorted(str(path) for path in self.program.folder.rglob("*"))
        return dump, [one for one in files if "/ssh-" not in one], os.listdir("/")


@contextmanager
def open_door() -> Iterator[Door]:
    """The server with its room and its people, for as long as the tests of a file last."""
    with ExitStack() as stack:
        program = Program(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="room-"))))
        sshd = stack.enter_context(standing(Generous))
        keys = {name: sshd.new_key(name) for name in (*PEOPLE, LOOKER)}
        _set_up(program, keys)
        sshd.admit(*program.run("authorized-keys").stdout.splitlines())
        traps = program.folder / "traps"
        _lay(traps, program.folder / "OUT")
        made = Door(program, sshd, keys, traps)
        for name in keys:
            assert made.run(name, "status").returncode == 0
        yield made
        for name in keys:
            subprocess.run([*made.ssh(name)[:-2], "-O", "exit", "room"], capture_output=True)


def _set_up(program: Program, keys: Mapping[str, Login]) -> None:
    every = "roles: [lead, social, legal, care, scribe]"
    lines = [f'  - {{id: {getpass.getuser()}, name: "Host", {every}}}']
    for name, login in keys.items():
        may = "access: observer" if name == LOOKER else every
        lines.append(f'  - {{id: {name}, name: "{name.title()}", {may}, keys: ["{login.public}"]}}')
    text = "schema: 1\nroom: {address: room.db, name: Ours}\nbrand: {name: Acme}\nteam:\n"
    (program.folder / "crisisroom.yaml").write_text(text + "\n".join(lines) + "\n")
    program.run("apply", str(program.folder / "crisisroom.yaml"))
    program.open_incident()


def _lay(traps: Path, mark: Path) -> None:
    """Put what would run if anything looked there."""
    traps.mkdir()
    for name in ("sitecustomize.py", "usercustomize.py", "crisisroom.py", "os.py"):
        (traps / name).write_text(f"open({str(mark)!r}, 'w')\n")
    (traps / "sh").write_text(f"#!/bin/sh\ntouch {mark}\n")
    (traps / "sh").chmod(0o755)
    settings = f"schema: 1\nroom: {{address: {mark}}}\nbrand: {{name: Trap}}\n"
    (traps / "crisisroom").mkdir()
    (traps / "crisisroom" / "crisisroom.yaml").write_text(settings)
    (traps / ".bashrc").write_text(f"touch {mark}\n")


@contextmanager
def on_screen(door: Door, who: str, env: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """Somebody's screen over their key."""
    argv = door.ssh(who, tty=True)
    argv[1:1] = [part for name in env or {} for part in ("-o", f"SendEnv={name}")]
    given = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})}
    with Terminal(argv, env=given, cwd=door.program.folder, size=(100, 30)) as screen:
        yield screen


def back(screen: Terminal) -> Terminal:
    """Leave what stands over the room's own screen."""
    return screen.press("escape").wait_for(": more")


def notes(door: Door) -> dict[str, set[str]]:
    """What the timeline says everybody wrote."""
    entries: list[Json] = door.program.json("timeline", "INC-1")
    found: dict[str, set[str]] = {}
    for one in entries:
        found.setdefault(one["actor"], set()).add(one["text"])
    return found


def said(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """What was told, without what a login shell thinks of a locale."""
    told = done.stderr.decode("utf-8", "replace").splitlines()
    return [one for one in told if "warning: setlocale" not in one]


def flaw(done: subprocess.CompletedProcess[bytes]) -> str:
    """Say what is not a refusal in one line about how a command ended."""
    told = said(done)
    if done.returncode not in (1, 2) or len(told) != 1 or not told[0].startswith("crisisroom: "):
        return f"{done.returncode}: {told}"
    return f"printed {done.stdout[:100]!r}" if done.stdout else ""


def finished(argv: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end."""
    return subprocess.run(
        argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
    )
