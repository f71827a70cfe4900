"""Writes to the terminal in a thread of its own: one piece at a time, and the loop never waits."""

from __future__ import annotations

import os
import select
import termios
import threading
from collections.abc import Callable

AT_ONCE = 4096  # bytes
LOOK = 0.1  # seconds after which a piece that is stuck is looked at again: it may be dropped


class Writer:
    """Takes one piece when idle and calls `done` (in its thread) once the terminal has taken it."""

    def __init__(self, file: int, done: Callable[[], None]) -> None:
        self._file = _opened_anew(file)
        self._done = done
        self._wake = threading.Condition()
        self._piece: bytes | None = None
        self._ends = False
        self._drops = False
        self.gone = False  # whether the terminal is not there any more
        self._thread = threading.Thread(target=self._run, name="lean-output", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether the terminal has not taken the last piece yet."""
        return self._piece is not None

    def write(self, piece: bytes) -> None:
        """Write one piece; only while not busy."""
        with self._wake:
            self._piece, self._drops = piece, False
            self._wake.notify_all()

    def rest(self, patience: float) -> bool:
        """Say whether the terminal took everything within so many seconds."""
        with self._wake:
            return self._wake.wait_for(lambda: self._piece is None, patience)

    def drop(self) -> None:
        """Let go of the piece and of what waits in the kernel: the terminal does not read."""
        self._drops = True
        try:
            termios.tcflush(self._file, termios.TCOFLUSH)
        except termios.error:
            self.gone = True

    def stop(self, patience: float) -> None:
        """End the thread; one that hangs in a dead terminal is left behind."""
        with self._wake:
            self._ends = True
            self._wake.notify_all()
        self._thread.join(patience)
        if not self._thread.is_alive():
            os.close(self._file)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._piece is not None or self._ends)
                piece = self._piece
            if piece is None:
                return
            self._write(piece)
            with self._wake:
                self._piece = None
                self._wake.notify_all()
            self._done()

    def _write(self, piece: bytes) -> None:
        left = memoryview(piece)
        while left and not self.gone and not self._drops:
            try:
                if select.select((), (self._file,), (), LOOK)[1]:
                    left = left[os.write(self._file, left[:AT_ONCE]) :]
            except BlockingIOError:  # room for a byte, and a line's end takes two
                with self._wake:
                    self._wake.wait(LOOK / 10)
            except OSError:  # hung up: nobody sees it, the signal ends the application
                self.gone = True


def _opened_anew(file: int) -> int:
    """Open a terminal once more, for writes that never wait in the kernel, where none can end them.

    `file` itself cannot be told so: it is the shell's, too.
    """
    try:
        return os.open(os.ttyname(file), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:  # the terminal of somebody else, by su
        return os.dup(file)
