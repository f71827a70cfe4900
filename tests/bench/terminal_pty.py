"""A program on a pty of its own, read raw: what came when, and what CPU it had cost by then.

A thread reads and answers what terminals are asked; nothing is emulated while a program is
measured: `screen` catches up when somebody looks. CPU is of the whole tree of processes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.terminal_cost import cpu, rss
from bench.terminal_seen import Emulated
from e2e.keys import KEYS

PATIENT = 60.0  # seconds to wait for what should take one
_STEP = 0.05  # seconds between two reads of a slow line
_ASKED = re.compile(
    rb"\x1b\[(?:0?c|>0?c|5n|6n|\?([0-9]+)\$p|>0?q|\?u)|\x1b\](1[01]);\?(?:\x07|\x1b\\)"
)
_MODES = {b"2026": b"2"}  # synchronised output: known, and off; every other: not known


class Ended(AssertionError):
    """What was waited for did not come, or the program ended before."""


class Arrival(NamedTuple):
    """One piece of output: monotonic seconds, CPU ms of the tree by then, and the bytes."""

    at: float
    cpu: float
    data: bytes


class Pty:
    """One program on one pty. Give `env` whole: nothing is inherited."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        size: tuple[int, int] = (120, 40),
    ) -> None:
        self.size = size
        self.arrivals: list[Arrival] = []
        self.rate = 0.0  # bytes a second that are read, 0 for all there are
        self._screen = Emulated(size)
        self._shown = 0  # arrivals that the emulator has seen
        self._asked = b""
        self._lock = threading.RLock()
        self._news = threading.Condition(self._lock)
        self._reading = threading.Event()
        self._reading.set()
        self._over = threading.Event()
        self._master, slave = pty.openpty()
        _set_size(slave, size)
        self.began = time.monotonic()
        # setsid becomes the program: no interpreter of ours in its CPU
        self.program = subprocess.Popen(
            ["setsid", "--ctty", *argv], stdin=slave, stdout=slave, stderr=slave,
            cwd=cwd, env=dict(env),
        )  # fmt: skip
        os.close(slave)
        self._thread = threading.Thread(target=self._read, name="pty", daemon=True)
        self._thread.start()

    # What it costs.

    @property
    def pid(self) -> int:
        """The program's process."""
        return self.program.pid

    @property
    def sent(self) -> int:
        """Bytes so far."""
        with self._lock:
            return sum(len(one.data) for one in self.arrivals)

    def cpu(self) -> float:
        """Return the CPU time of the tree so far, in milliseconds."""
        return cpu(self.pid)

    def rss(self) -> float:
        """Return the resident memory of the tree, in MB."""
        return rss(self.pid)

    # What is seen.

    @property
    def screen(self) -> Emulated:
        """The screen as it is by now."""
        with self._lock:
            for one in self.arrivals[self._shown :]:
                self._screen.feed(one.data)
            self._shown = len(self.arrivals)
            return self._screen

    def wait_for(self, words: str, patience: float = PATIENT) -> Pty:
        """Wait until words stand on the screen."""
        return self.until(lambda: words in self.screen.text, words, patience)

    def until(self, met: Callable[[], bool], what: str, patience: float = PATIENT) -> Pty:
        """Wait until something holds, looked for at each arrival; say what is seen else."""
        end = time.monotonic() + patience
        with self._news:
            while not met():
                if time.monotonic() > end or self.program.poll() is not None:
                    raise Ended(f"never {what!r}:\n{self.screen.text}")
                self._news.wait(0.1)
        return self

    def next_arrival(self, seen: int, patience: float = 5.0) -> Pty:
        """Wait until there are more arrivals than those."""
        return self.until(lambda: len(self.arrivals) > seen, "an answer", patience)

    def rest(self, quiet: float = 1.0, patience: float = PATIENT) -> Pty:
        """Wait until nothing was written for so long, from now on."""
        last = time.monotonic()
        end = last + patience
        with self._news:
            while time.monotonic() < end:
                last = max([last, *(one.at for one in self.arrivals[-1:])])
                left = last + quiet - time.monotonic()
                if left <= 0:
                    break
                self._news.wait(left)
        return self._alive()

    def _alive(self) -> Pty:
        if self.program.poll() is not None:
            raise Ended(f"it ended with {self.program.returncode}:\n{self.screen.text}")
        return self

    def calm(self, most: float = 10.0, during: float = 0.5) -> float:
        """Wait until hardly any CPU is spent (ms); return what had been spent until then."""
        before = self.cpu()
        while True:
            time.sleep(during)
            now = self.cpu()
            if now - before < most:
                self._alive()
                return before
            before = now

    # What is done to it.

    def press(self, *keys: str) -> None:
        """Press keys by name or by their letter."""
        os.write(self._master, "".join(KEYS.get(key, key) for key in keys).encode())

    def resize(self, size: tuple[int, int]) -> None:
        """Change the size; the kernel tells the program by SIGWINCH."""
        with self._lock:
            self.size = size
            _set_size(self._master, size)

    def fresh_screen(self) -> None:
        """Emulate from here on only: what was sent before was for other sizes."""
        with self._lock:
            self._screen = Emulated(self.size)
            self._shown = len(self.arrivals)

    def forget(self) -> None:
        """Keep nothing of what came so far but the screen."""
        with self._lock:
            self.screen  # noqa: B018 - it catches up
            self.arrivals = self.arrivals[-1:]
            self._shown = len(self.arrivals)

    def stop_reading(self) -> None:
        """Read nothing any more, as a line that hangs."""
        self._reading.clear()

    def go_on_reading(self) -> None:
        """Read again."""
        self._reading.set()

    def close(self) -> None:
        """End the program: kindly, then not."""
        self.rate = 0.0
        self._reading.set()
        if self.program.poll() is None:
            self.program.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.program.wait(5.0)
        if self.program.poll() is None:
            self.program.kill()
            self.program.wait()
        self._over.set()
        self._thread.join()
        os.close(self._master)

    def __enter__(self) -> Pty:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    # Reading.

    def _read(self) -> None:
        with contextlib.suppress(PermissionError):  # this thread alone: so that CPU is exact
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -10)
        while not self._over.is_set():
            if not self._reading.wait(_STEP):
                continue
            if not select.select([self._master], [], [], _STEP)[0]:
                continue
            spent, now = self.cpu(), time.monotonic()
            most = max(1, int(self.rate * _STEP)) if self.rate else 1 << 16
            try:
                data = os.read(self._master, most)
            except OSError:  # it ended
                self._over.wait(_STEP)
                continue
            self._take(Arrival(now, spent, data))
            if self.rate:
                time.sleep(len(data) / self.rate)

    def _take(self, arrival: Arrival) -> None:
        with self._news:
            self.arrivals.append(arrival)
            self._news.notify_all()
        waiting, end = self._asked + arrival.data, 0
        for found in _ASKED.finditer(waiting):
            end = found.end()
            os.write(self._master, self._answer(found))
        self._asked = waiting[end:][-12:]

    def _answer(self, asked: re.Match[bytes]) -> bytes:
        text = asked[0]
        if asked[1]:
            return b"\x1b[?%s;%s$y" % (asked[1], _MODES.get(asked[1], b"0"))
        if asked[2]:
            colour = b"rgb:c0c0/c0c0/c0c0" if asked[2] == b"10" else b"rgb:0000/0000/0000"
            return b"\x1b]%s;%s\x1b\\" % (asked[2], colour)
        if text == b"\x1b[6n":
            column, row = self.screen.cursor
            return f"\x1b[{row + 1};{column + 1}R".encode()
        if text.endswith(b"q"):
            return b"\x1bP>|bench\x1b\\"
        said = {b"5n": b"\x1b[0n", b"?u": b"\x1b[?0u", b">c": b"\x1b[>1;10;0c"}
        return said.get(text[2:].replace(b"0c", b"c"), b"\x1b[?62;22c")


def _set_size(descriptor: int, size: tuple[int, int]) -> None:
    columns, rows = size
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
