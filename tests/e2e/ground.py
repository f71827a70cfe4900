"""A room of its own for one test: its folder, its processes, and what is in it afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from e2e.terminal import PATIENT, Terminal
from e2e.wire import SCREEN, Rules

from crisisroom.clock import SystemClock
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry
from crisisroom.report import verify_entries
from crisisroom.room import Actor, Room, reading

T = TypeVar("T")

CRISISROOM = (sys.executable, "-m", "crisisroom")
_POLL = 0.05  # seconds

# Small and without approvals: these tests are about what survives, not about who may say what.
PLAYBOOK = """\
schema: 1
id: proof
title: "Proof"
version: 1
severities:
  - {id: sev1, label: "Crisis", when_to_use: "always"}
facts:
  - {id: affected, label: "who is affected", ask: "How many?"}
roles:
  - {id: lead, title: "Lead"}
phases:
  - id: first
    title: "First"
    tasks:
      - {id: see, title: "See it with your own eyes", role: lead}
      - {id: tell, title: "Tell the others", role: lead}
"""

CONFIG = """\
schema: 1
room: {{address: {room}, name: "Proof", zone: UTC}}
brand: {{name: "Ferrow"}}
accounts:
  - {{id: fake, type: mastodon, server: "{server}", private: yes, token_file: {token}}}
sources:
  - {{id: replies, type: mastodon, account: fake, notifications: yes, every: 2s}}
"""


class Ground:
    """One room's folder, an environment that sees nothing else, and what was started in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.room = folder / "room.db"
        self.env = _environment(folder)
        self._terminals: list[Terminal] = []
        self._processes: list[subprocess.Popen[str]] = []
        (folder / "playbooks").mkdir(parents=True)
        (folder / "playbooks" / "proof.yaml").write_text(PLAYBOOK)

    def configure(self, server: str, token: str) -> None:
        """Write a configuration with one account and one source at a loopback server."""
        kept = self.folder / "token"
        kept.touch(0o600)
        kept.write_text(token)
        said = CONFIG.format(room=self.room, server=server, token=kept)
        (self.folder / "crisisroom.yaml").write_text(said)

    # Running the program.

    def start(
        self, *args: str, env: Mapping[str, str] | None = None, **streams: Any
    ) -> subprocess.Popen[str]:
        """Start a verb in pipes; it is ended with the ground."""
        pipes: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        started = subprocess.Popen(
            [*CRISISROOM, "--room", str(self.room), *args],
            cwd=self.folder, env={**self.env, **(env or {})},
            encoding="utf-8", errors="surrogateescape", **(pipes | streams),
        )  # fmt: skip
        self._processes.append(started)
        return started

    def run(
        self, *args: str, given: str | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end, in pipes."""
        stdin = subprocess.DEVNULL if given is None else subprocess.PIPE
        started = self.start(*args, env=env, stdin=stdin)
        out, err = started.communicate(given, timeout=2 * PATIENT)
        self._processes.remove(started)
        return subprocess.CompletedProcess(started.args, started.returncode, out, err)

    def do(self, *args: str, given: str | None = None) -> str:
        """Run a verb that has to succeed; return what it printed."""
        done = self.run(*args, given=given)
        said = f"{done.stderr}{done.stdout}"[-2000:]
        assert done.returncode == 0, f"{args}: exit {done.returncode}: {said}"
        return done.stdout

    def told(self, *args: str) -> Any:
        """Run a verb with --json; return what it told."""
        return json.loads(self.do(*args, "--json"))

    def ingest(self, mentions: Iterable[Mapping[str, Any]]) -> None:
        """Take mentions in through the program's own front door."""
        self.do("ingest", "-", given="".join(f"{json.dumps(one)}\n" for one in mentions))

    def declare(self) -> None:
        """Declare INC-1 by the small playbook."""
        self.do("declare", "Something happened", "--playbook", "proof")

    def screen(
        self,
        *args: str,
        size: tuple[int, int] = (120, 36),
        watch: bool = False,
        env: Mapping[str, str] | None = None,
        rules: Rules = SCREEN,
        verb: str = "open",
    ) -> Terminal:
        """Open the room on a terminal; `verb` puts something else there."""
        argv = [*CRISISROOM, "--room", str(self.room), verb, *args]
        if verb == "open" and not watch:
            argv.append("--no-watch")
        terminal = Terminal(
            argv, env={**self.env, **(env or {})}, cwd=self.folder, size=size, rules=rules
        )
        self._terminals.append(terminal)
        return terminal

    # Looking into the room, without the program's front ends.

    def look(self, read: Callable[[Room], Awaitable[T]], actor: str = "proof") -> T:
        """Open the room in this process and read something."""

        async def work() -> T:
            opened = await Room.open(str(self.room), actor=Actor(actor), clock=SystemClock())
            async with opened as room:
                return await read(room)

        return asyncio.run(work())

    def timeline(self, incident: str = "INC-1") -> tuple[Entry, ...]:
        """Return an incident's entries."""
        return self.look(lambda room: reading.timeline(room, incident))

    def incident(self, incident: str = "INC-1") -> Incident:
        """Return an incident as it stands."""
        return self.look(lambda room: reading.incident(room, incident))

    def broken(self) -> list[str]:
        """Verify every chain; return what does not hold."""

        async def verify(room: Room) -> list[str]:
            chains = [("room", await reading.room_log(room))]
            for one in await reading.incidents(room):
                chains.append((one.id, await reading.timeline(room, one.id)))
            return [str(bad) for name, log in chains for bad in verify_entries(log, name)]

        return self.look(verify)

    def watcher(self) -> int:
        """Return the pid of the watcher at work, 0 for none."""
        if not self.room.exists():
            return 0
        found = self.look(reading.status).watcher
        return found.pid if found is not None and _alive(found.pid) else 0

    def until(self, met: Callable[[], T], why: str, seconds: float = PATIENT) -> T:
        """Wait until a condition outside any screen holds; return what it came to."""
        end = time.monotonic() + seconds
        while not (found := met()):
            assert time.monotonic() < end, f"{seconds:g} s without {why}"
            time.sleep(_POLL)
        return found

    # Leaving.

    def close(self) -> None:
        """End everything that was started here, the watcher that a screen started too."""
        for terminal in self._terminals:
            terminal.close()
        for process in self._processes:
            process.kill()
            process.communicate()
        self._end_watcher()
        # A watcher that was only about to begin finds its room gone and ends by itself.
        self.room.unlink(missing_ok=True)

    def _end_watcher(self) -> None:
        pid = self.watcher()
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def __enter__(self) -> Ground:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment without ours: a home of its own, UTF-8, many colours, byte code."""
    home = folder / "home"
    home.mkdir(parents=True)
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return kept | {"HOME": str(home), "LANG": "C.UTF-8", "TERM": "xterm-256color"}


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
