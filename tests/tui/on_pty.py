"""A room on a real pty: everything the program writes, and its end."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from term.emulated import Emulated

PROGRAM = """
import asyncio, sys
from crisisroom.clock import SystemClock
from crisisroom.room import Actor, Room
import os
from crisisroom import terminals
from crisisroom.tui.app import RoomApp
room = asyncio.run(Room.open(sys.argv[1], actor=Actor("ada"), clock=SystemClock()))
app = RoomApp(room, remote=False, ascii_only=not terminals.here().utf8)
code = app.run(mouse=False)
asyncio.run(room.close())
sys.exit(code or app.return_code or 0)
"""
SIZE = (80, 24)
QUIET = 1.6  # seconds without a byte after which the program is taken to rest


class OnPty:
    """One running program and what it has written."""

    def __init__(self, pid: int, terminal: int) -> None:
        self.pid = pid
        self._terminal = terminal
        self.written = b""

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._terminal, keys.encode())

    def rest(self, quiet: float = QUIET) -> bytes:
        """Return what is written from now on until the program rests."""
        before = len(self.written)
        while select.select([self._terminal], [], [], quiet)[0]:
            try:
                if not self._read():
                    break
            except OSError:  # the program is gone
                break
        return self.written[before:]

    def _read(self) -> bytes:
        """Take in what was written, and tell whoever asks where the cursor is."""
        piece = os.read(self._terminal, 65536)
        self.written += piece
        os.write(self._terminal, b"\x1b[1;1R" * piece.count(b"\x1b[6n"))
        return piece

    def shows(self, words: str) -> bool:
        """Say whether words stand on the screen, in one row."""
        seen = Emulated(*SIZE)
        seen.feed(self.written.decode(errors="replace"))
        return any(words in row for row in seen.screen.display)

    def idle(self, quiet: float, patience: int = 20) -> bool:
        """Wait until nothing is written for so long; a busy machine and a new minute delay it."""
        return any(self.rest(quiet) == b"" for _ in range(patience))

    def wake(self, patience: float = 30.0) -> bytes:
        """Wait until something is written, and return all of it up to the next rest."""
        if not select.select([self._terminal], [], [], patience)[0]:
            raise AssertionError("nothing was written")
        return self.rest()

    def until(self, words: str, patience: float = 30.0) -> None:
        """Wait until words stand on the screen."""
        while not self.shows(words):
            if not select.select([self._terminal], [], [], patience)[0]:
                raise AssertionError(f"never shown: {words}")
            self._read()

    def hang_up(self) -> None:
        """Drop the line, as a lost connection does."""
        os.close(self._terminal)
        self._terminal = -1

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        status = os.waitpid(self.pid, 0)[1]
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def close(self) -> None:
        """Put an end to what still runs."""
        if self.pid:
            os.kill(self.pid, 9)
            self.end()
        if self._terminal >= 0:
            os.close(self._terminal)


@contextmanager
def on_pty(room: Path, state: Path, environ: Mapping[str, str]) -> Iterator[OnPty]:
    """Run the screen of a room file on a pty of 80x24."""
    pid, terminal = pty.fork()
    if pid == 0:
        full = {**os.environ, "XDG_STATE_HOME": str(state), **environ}
        full.pop("PYTHONDONTWRITEBYTECODE", None)
        os.execve(sys.executable, [sys.executable, "-c", PROGRAM, str(room)], full)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE[::-1], 0, 0))
    running = OnPty(pid, terminal)
    try:
        yield running
    finally:
        running.close()
