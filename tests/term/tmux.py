"""A terminal that is no toy: tmux, detached, and what it shows in its cells."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from term.emulated import Cell, Emulated

PATIENT = 30.0
TMUX = shutil.which("tmux")


_CHARSET = re.compile(r"\x1b[()][A-Z0-9]|\x1b[=>]|[\x0e\x0f]")


def _environ(more: Mapping[str, str]) -> dict[str, str]:
    told = ("TMUX", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if name not in told}
    return {**kept, "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", **more}


class Tmux:
    """One program in one pane of a server of its own."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        folder: Path,
        term: str = "tmux-256color",
        size: tuple[int, int] = (100, 30),
        env: Mapping[str, str] | None = None,
    ) -> None:
        assert TMUX is not None
        self.size = size
        self._socket = str(folder / f"tmux-{time.monotonic_ns()}")
        config = folder / "tmux.conf"
        config.write_text(
            f"set -g default-terminal {term}\nset -g status off\nset -g escape-time 0\n"
            "set -g remain-on-exit on\nset -as terminal-overrides ',*:Tc'\n"
        )
        self._run(
            *("-f", str(config), "new-session", "-d"),
            *("-x", str(size[0]), "-y", str(size[1]), *argv),
            env=env,
        )

    def _run(self, *args: str, env: Mapping[str, str] | None = None) -> str:
        done = subprocess.run(
            [str(TMUX), "-u", "-S", self._socket, *args],
            capture_output=True, text=True, check=True,
            env=_environ(env or {}),
        )  # fmt: skip
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self._run("send-keys", *keys)

    def resize(self, width: int, height: int) -> None:
        """Change the size."""
        self.size = (width, height)
        self._run("resize-window", "-x", str(width), "-y", str(height))

    def text(self) -> list[str]:
        """Return the rows as text."""
        return self._run("capture-pane", "-p", "-N").splitlines()

    def cells(self) -> list[list[Cell]]:
        """Return the pane's cells, as a client that attaches is told of them."""
        width, height = self.size
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        argv = [str(TMUX), "-u", "-S", self._socket, "attach-session", "-r"]
        client = subprocess.Popen(
            argv, stdin=slave, stdout=slave, stderr=slave, env=_environ({"TERM": "screen-256color"})
        )
        os.close(slave)
        told = b""
        while select.select([master], [], [], 1.0)[0]:
            try:
                told += os.read(master, 65536)
            except OSError:
                break
        client.kill()
        client.wait()
        os.close(master)
        seen = Emulated(width, height)
        seen.feed(_CHARSET.sub("", told.decode()))
        return seen.seen()

    def still(
        self, *words: str, fits: Callable[[list[str]], bool] = lambda rows: True
    ) -> list[str]:
        """Wait until the pane shows words, fits and changes no more; returns its text."""
        until, before, same = time.monotonic() + PATIENT, "", 0
        while same < 5:
            now = self._run("capture-pane", "-p", "-e")
            rows = self.text()
            shown = "\n".join(rows)
            right = all(word in shown for word in words) and fits(rows)
            same = same + 1 if now == before and right else 0
            before = now
            assert time.monotonic() < until, f"never {words}:\n{shown}"
            time.sleep(0.05)
        return self.text()

    def __enter__(self) -> Tmux:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        subprocess.run([str(TMUX), "-S", self._socket, "kill-server"], check=False)
