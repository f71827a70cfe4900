"""A room with its world outside, and two watchers that can be killed, stopped and cut off."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from real.outside import Outside
from real.servers.base import Daemon

APART = ("unshare", "--pid", "--uts", "--fork", "--mount-proc", "--kill-child")
_ASIDE = """
from datetime import timedelta
from crisisroom.clock import SystemClock
right = SystemClock.now
SystemClock.now = lambda self: right(self) + timedelta(seconds={seconds})
"""


@dataclass
class Two:
    """A room with its world, and two watchers of it."""

    address: str
    folder: Path
    apart: bool
    outside: Outside
    aside: tuple[float, float] = (0.0, 0.0)  # seconds by which the watchers' clocks are wrong
    reached: str = ""  # where the first one finds the room, if not at its address
    watchers: list[Daemon] = field(default_factory=list)
    killed: list[float] = field(default_factory=list)  # when one of them was

    def begin(self) -> None:
        """Start both watchers."""
        for number in range(2):
            log = self.folder / f"watch-{number}.log"
            address = (not number and self.reached) or self.address
            command = [sys.executable, "-m", "crisisroom", "--room", address, "watch"]
            argv = [*APART, *command] if self.apart else command
            self.watchers.append(Daemon(argv, log, env=self.env(number)))
            self.watchers[-1].start()

    def env(self, number: int) -> dict[str, str]:
        """Return a watcher's environment: of a machine of its own, or of the same."""
        home = self.folder / (f"home-{number}" if self.apart else "home")
        for part in ("", "run", "state", "tmp"):
            (home / part).mkdir(mode=0o700, exist_ok=True)
        (home / "sitecustomize.py").write_text(_ASIDE.format(seconds=self.aside[number]))
        wrong = {"PYTHONPATH": str(home)} if self.aside[number] else {}
        run = {"XDG_RUNTIME_DIR": "run", "XDG_STATE_HOME": "state", "TMPDIR": "tmp", "HOME": ""}
        return {name: str(home / part) for name, part in run.items()} | wrong

    def kill(self, number: int) -> None:
        """Kill a watcher, which has no say in it, and start it again."""
        self.killed.append(time.monotonic())
        process = self.watchers[number].process
        assert process is not None
        process.kill()
        process.wait()
        self.watchers[number].start()

    def freeze(self, number: int, how: signal.Signals) -> None:
        """Stop a watcher in the middle of whatever it does, or let it go on as if nothing was."""
        process = self.watchers[number].process
        assert process is not None
        os.killpg(process.pid, how)

    def logs(self) -> str:
        """What the watchers said last, and whether they run."""
        logs = {one.log.name: one.log.read_text()[-2000:] for one in self.watchers}
        return f"{[one.alive for one in self.watchers]} {logs}"

    def end(self) -> None:
        """End both."""
        for one in self.watchers:
            one.stop()

    def around(self, most: float) -> list[tuple[float, list[float]]]:
        """The gaps longer than this, each with when in it a watcher was killed."""
        return [
            (later - earlier, [at - earlier for at in self.killed if earlier - 1 < at < later])
            for moments in self.outside.asked.values()
            for earlier, later in itertools.pairwise(moments)
            if later - earlier > most
        ]

    def gaps(self) -> list[float]:
        """The seconds between two polls of a feed, of all feeds."""
        return [
            later - earlier
            for moments in self.outside.asked.values()
            for earlier, later in itertools.pairwise(moments)
        ]
