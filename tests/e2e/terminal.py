"""A terminal of our own: a program on a real pty, its screen emulated, every byte inspected."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from e2e.keys import ANSWERS, KEYS
from e2e.wire import SCREEN, Rules, Token, Wire

PATIENT = 30.0  # seconds to wait for what should take a fraction of one
_LOOK = 0.05  # seconds between looks at what no byte announces

# The new session takes the pty as its terminal, then becomes the program: same pid. In the C locale
# Python sets LC_CTYPE for whom it starts; the program gets no more than it was given.
_TAKE_TTY = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    " os.environ.pop(sys.argv[1], None); os.execvp(sys.argv[2], sys.argv[2:])"
)

_DRAWN = "mHABCDGJKr"  # final letters of the sequences that the emulator is given


class Ended(AssertionError):
    """What was waited for did not come."""


class Terminal:
    """One program on one pty. A thread reads, so that a waiting test never stalls the program."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        size: tuple[int, int] = (80, 24),
        rules: Rules = SCREEN,
        answers: bool = True,
    ) -> None:
        self.size = size
        self.wire = Wire(rules)
        self.modes: dict[str, bool] = {}
        self.keyboard = 0  # how often its protocol was changed and not changed back
        self.arrivals: list[tuple[float, int]] = []  # when (monotonic seconds), how many bytes
        self.after = ""  # what was printed outside the alternate screen
        self._answers = answers
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)
        self._news = threading.Condition(threading.RLock())
        self._reading = threading.Event()
        self._reading.set()
        self._ended = False
        self._master, slave = pty.openpty()
        self._wake, self._waker = os.pipe()
        _set_size(slave, size)
        self.attributes = termios.tcgetattr(slave)
        made_up = "" if "LC_CTYPE" in env else "LC_CTYPE"
        self.program = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _TAKE_TTY, made_up, *argv],
            stdin=slave, stdout=slave, stderr=slave,
            cwd=cwd, env=dict(env), start_new_session=True,
        )  # fmt: skip
        self.slave = slave  # kept open, so that the terminal outlives its program
        self._thread = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._thread.start()

    # What is seen.

    @property
    def lines(self) -> list[str]:
        """The screen as it reads now; while a frame is being drawn, as it reads after it."""
        with self._news:
            self._news.wait_for(lambda: self._ended or not self.modes.get("2026"), 1.0)
            return [self._line(row).rstrip() for row in range(self._screen.lines)]

    def _line(self, row: int) -> str:
        """Return a row; the second cell of a wide character holds nothing."""
        cells = self._screen.buffer[row]
        return "".join(cells[column].data for column in range(self._screen.columns))

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        with self._news:
            return self._screen.cursor.x, self._screen.cursor.y

    def shows(self, *words: str) -> bool:
        """Whether each of these stands on the screen, on one line."""
        text = self.text
        return all(word in text for word in words)

    def line_with(self, words: str) -> str:
        """Return the first line that holds these words, empty where none does."""
        return next((line for line in self.lines if words in line), "")

    @property
    def on_alternate(self) -> bool:
        """Whether the alternate screen is on."""
        return self.modes.get("1049", False)

    # Waiting.

    def wait_for(
        self,
        wanted: str | Callable[[Terminal], object],
        *,
        seconds: float = PATIENT,
        why: str = "",
    ) -> Self:
        """Wait until the screen shows words, or until a condition holds; Ended says what was seen.

        A condition is tried at each change of the screen, and now and then without one.
        """
        met = (lambda term: term.shows(wanted)) if isinstance(wanted, str) else wanted
        until = time.monotonic() + seconds
        with self._news:
            while not met(self):
                if self._ended and not met(self):
                    raise Ended(self._told(f"the program ended before {why or wanted!r}"))
                left = until - time.monotonic()
                if left <= 0:
                    raise Ended(self._told(f"{seconds:g} s without {why or wanted!r}"))
                self._news.wait(min(left, _LOOK))
        return self

    def wait_end(self, seconds: float = PATIENT) -> int:
        """Wait until the program ends; return its exit code, negative for a signal."""
        try:
            return self.program.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Ended(self._told(f"it still runs after {seconds:g} s")) from None

    def drained(self, seconds: float = PATIENT) -> Self:
        """Wait until every byte an ended program wrote was read."""
        with self._news:  # it counts as ended once nothing more comes
            self._news.wait_for(lambda: self._ended, seconds)
        return self

    def _told(self, what: str) -> str:
        frame = "\n".join(f"|{line}" for line in self.lines)
        code = self.program.poll()
        return f"{what} (exit code {code}); the screen:\n{frame}\n{self.after[-2000:]}"

    # What is done to it.

    def press(self, *keys: str) -> Self:
        """Press keys by name (`enter`, `ctrl+s`) or by their letter."""
        self.send("".join(KEYS.get(key, key) for key in keys))
        return self

    def send(self, text: str) -> None:
        """Send characters as they are."""
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(self._master, data) :]

    def paste(self, text: str) -> None:
        """Paste as a terminal does that was asked to bracket pastes."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def click(self, column: int, row: int) -> None:
        """Press and release the first button on a cell, counted from 0."""
        at = f"{column + 1};{row + 1}"
        self.send(f"\x1b[<0;{at}M\x1b[<0;{at}m")

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; the program is told by SIGWINCH."""
        with self._news:
            self.size = (columns, rows)
            self._screen.resize(max(rows, 1), max(columns, 1))
            self._screen.reset()
        _set_size(self._master, (columns, rows))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program alone."""
        self.program.send_signal(number)

    def stop_reading(self) -> None:
        """Read nothing any more, as a frozen client does."""
        self._reading.clear()

    def go_on_reading(self) -> None:
        """Read again."""
        self._reading.set()

    def hang_up(self) -> None:
        """Drop the line: the pty goes away, and the program's session gets SIGHUP."""
        os.write(self._waker, b"x")
        self._thread.join()
        for name in ("slave", "_master"):
            self._close(name)

    def close(self) -> None:
        """End the program, whatever it does, and give everything back."""
        if self._master >= 0:
            self.hang_up()
        if self.program.poll() is None:
            self.program.kill()
        self.program.wait()
        for name in ("_wake", "_waker"):
            self._close(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _close(self, name: str) -> None:
        descriptor = getattr(self, name)
        if descriptor >= 0:
            os.close(descriptor)
            setattr(self, name, -1)

    # Reading.

    def _read(self) -> None:
        while True:
            wanted = [self._wake, self._master] if self._reading.is_set() else [self._wake]
            ready = select.select(wanted, [], [], _LOOK)[0]
            if self._wake in ready:
                break
            if self._master in ready:
                try:
                    data = os.read(self._master, 1 << 16)
                except OSError:  # the last writer left
                    break
                self._take(data)
            elif self.program.poll() is not None and not self._ended:
                with self._news:
                    self._ended = True
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _take(self, data: bytes) -> None:
        with self._news:
            self.arrivals.append((time.monotonic(), len(data)))
            for token in self.wire.feed(data):
                self._show(token)
            self._news.notify_all()

    def _show(self, token: Token) -> None:
        if token.kind == "csi":
            self._obey(token.text)
        elif token.kind in ("text", "newline", "control"):
            if not self.on_alternate:
                self.after += token.text
            self._stream.feed(token.text)
        elif token.text == "\x1bM":
            self._stream.feed(token.text)

    def _obey(self, text: str) -> None:
        if text.startswith("\x1b[?") and text[-1] in "hl":
            on = text[-1] == "h"
            self.modes[text[3:-1]] = on
            if text[3:-1] == "1049":
                self._screen.reset()
        elif text[-1] == "u":
            self.keyboard += 1 if text[2] == ">" else -1
        elif text == "\x1b[6n":
            column, row = self.cursor
            self._answer(f"\x1b[{row + 1};{column + 1}R")
        elif text in ANSWERS:
            self._answer(ANSWERS[text])
        elif text[-1] in _DRAWN and text[2:3] not in ("?", ">", "<"):
            self._stream.feed(text)

    def _answer(self, text: str) -> None:
        if self._answers:
            os.write(self._master, text.encode())


def _set_size(descriptor: int, size: tuple[int, int]) -> None:
    columns, rows = size
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
