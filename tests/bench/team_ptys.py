"""Several programs, each on a pty; a thread reads all of them and remembers when what came."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_CODES = re.compile(rb"\x1b\[[0-9;?<>=]*[ -/]*[@-~]")
_QUERY = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[c": b"\x1b[?62c", b"\x1b[6n": b"\x1b[1;1R"}


@dataclass
class _Screen:
    pid: int
    terminal: int
    written: bytearray = field(default_factory=bytearray)
    arrivals: list[tuple[float, int]] = field(default_factory=list)  # when, bytes by then


class Ptys:
    """The programs of a bench; all of them end with it."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._screens: list[_Screen] = []
        self._news = threading.Condition()
        self._over = False
        self._reader = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Ptys:
        self._reader.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._over = True
        for one in self._screens:
            os.kill(one.pid, signal.SIGTERM)
        for one in self._screens:
            os.waitpid(one.pid, 0)
        self._reader.join()
        for one in self._screens:
            os.close(one.terminal)

    def start(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        """Run a program on a pty of its own."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(argv[0], list(argv), dict(environ))
        width, height = self._size
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        with self._news:
            self._screens.append(_Screen(pid, terminal))

    def _read(self) -> None:
        while not self._over:
            with self._news:
                by_file = {one.terminal: one for one in self._screens}
            ready = select.select(list(by_file), [], [], 0.05)[0]
            now = time.monotonic()
            for terminal in ready:
                self._take(by_file[terminal], now)

    def _take(self, one: _Screen, now: float) -> None:
        try:
            piece = os.read(one.terminal, 1 << 16)
        except OSError:  # it ended
            time.sleep(0.01)
            return
        for query, answer in _QUERY.items():
            if query in piece:
                os.write(one.terminal, answer)
        with self._news:
            one.written += piece
            one.arrivals.append((now, len(one.written)))
            self._news.notify_all()

    def press(self, number: int, keys: str) -> None:
        """Type on a screen."""
        os.write(self._screens[number].terminal, keys.encode())

    def written(self, number: int) -> bytes:
        """Return everything a program wrote."""
        with self._news:
            return bytes(self._screens[number].written)

    def see(self, number: int, words: bytes, patience: float) -> None:
        """Wait until a program writes these words from now on."""
        one = self._screens[number]
        start = max(0, len(one.written) - len(words))
        self._until(lambda: words in _bare(one.written[start:]), patience, words)

    def wait_for(self, words: bytes, patience: float) -> None:
        """Wait until all programs have written these words."""
        self._until(
            lambda: all(words in _bare(one.written) for one in self._screens), patience, words
        )

    def _until(self, true: Callable[[], bool], patience: float, words: bytes) -> None:
        with self._news:
            if not self._news.wait_for(true, patience):
                raise AssertionError(f"never written: {words!r}")

    def seen(self, words: bytes, began: float, patience: float) -> list[float | None]:
        """Return when each program wrote these words after `began`; None where it did not."""
        with self._news:
            found = [self._at(one, words, began) for one in self._screens]
            while None in found and (left := began + patience - time.monotonic()) > 0:
                self._news.wait(left)
                pairs = zip(self._screens, found, strict=True)
                found = [at if at is not None else self._at(one, words, began) for one, at in pairs]
        return found

    def _at(self, one: _Screen, words: bytes, began: float) -> float | None:
        late = [index for index, (at, _) in enumerate(one.arrivals) if at >= began]
        if not late:
            return None
        start = one.arrivals[late[0] - 1][1] if late[0] else 0
        for index in late:
            at, size = one.arrivals[index]
            if words in _bare(one.written[start:size]):
                return at
        return None

    def rest(self, quiet: float, patience: float) -> None:
        """Wait until no program has written anything for so long."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            with self._news:
                last = max(
                    (one.arrivals[-1][0] for one in self._screens if one.arrivals), default=0
                )
            if time.monotonic() - last >= quiet:
                return
            time.sleep(0.1)

    def cpu(self) -> float:
        """Return the CPU time of all programs so far, in milliseconds."""
        found = 0.0
        for one in self._screens:
            for task in Path(f"/proc/{one.pid}/task").glob("*/schedstat"):
                found += int(task.read_text().split()[0]) / 1e6
        return found

    def size(self) -> int:
        """Return how many bytes all programs have written."""
        return sum(len(one.written) for one in self._screens)


def _bare(written: bytes | bytearray) -> bytes:
    """Return what was written without what only moves and colours."""
    return _CODES.sub(b"", bytes(written))
