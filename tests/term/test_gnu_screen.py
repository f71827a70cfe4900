"""In GNU screen, which fills nothing: every row in its columns, scrolled or not.

Its hardcopy has the low byte of each glyph and no colours.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from term import small_app

SCREEN = shutil.which("screen")
pytestmark = pytest.mark.skipif(SCREEN is None, reason="GNU screen is not installed")

PATIENT = 30.0
TAIL = b"\x8e" + b" " * 11 + b"\x02\n"  # the list's border and the bar's
ROWS = 20  # of the list, in 80x24
DOWN, PAGE_DOWN, UP, END = "\x1b[B", "\x1b[6~", "\x1b[A", "\x1b[F"


class Session:
    """The small app, detached."""

    def __init__(self, folder: Path) -> None:
        self._copy = folder / "copy"
        kept = ("TMUX", "COLUMNS", "LINES", "STY")
        self._env = {name: value for name, value in os.environ.items() if name not in kept}
        self._env |= {"LC_ALL": "C.UTF-8", "SCREENDIR": str(folder / "sockets"), "TERM": "xterm"}
        (folder / "sockets").mkdir(mode=0o700)
        config = folder / "screenrc"
        config.write_text("startup_message off\nterm screen-256color\ndefutf8 on\n")
        app = [sys.executable, str(small_app.__file__), "lean"]
        self.ask("-U", "-c", str(config), "-dm", *app)

    def ask(self, *args: str) -> None:
        """Call screen."""
        argv = [str(SCREEN), "-S", "small", *args]
        subprocess.run(argv, env=self._env, check=False, capture_output=True)

    def press(self, keys: str) -> None:
        """Type."""
        self.ask("-X", "stuff", keys)

    def still(self, words: bytes) -> bytes:
        """Wait until words are shown and nothing changes any more."""
        until, before, same = time.monotonic() + PATIENT, b"", 0
        while same < 5:
            self.ask("-X", "hardcopy", str(self._copy))
            now = self._copy.read_bytes() if self._copy.exists() else b""
            same = same + 1 if now == before and words in now else 0
            before = now
            assert time.monotonic() < until, f"never {words!r}: {now!r}"
            time.sleep(0.05)
        return before


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = Session(tmp_path)
    yield made
    made.ask("-X", "quit")


def test_every_row_is_in_its_columns(session: Session) -> None:
    shown = session.still(b"a coloured row")
    assert shown.count(TAIL) == ROWS
    for keys, words in (
        (DOWN * 3, b" 003 "),
        (DOWN * 27, b" 030 "),
        (PAGE_DOWN, b" 048 "),
        (UP * 20, b" 028 "),
        (END, b" 089 "),
    ):
        session.press(keys)
        assert session.still(words).count(TAIL) == ROWS
