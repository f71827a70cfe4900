"""How far long work is, on stderr, for whoever sits at a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from crisisroom.cli.output import note
from crisisroom.clock import Clock

Progress = Callable[[int, int], None]

_PATIENCE = 0.5  # seconds that need no word
_OFTEN = 0.1  # seconds between two words
_CLEAR = "\r\x1b[K"


def steps(*, quiet: bool) -> Callable[[str], None]:
    """Return what to call with each step of long work: nothing is said to programs."""
    return _silence if quiet or not sys.stderr.isatty() else note


def _silence(line: str) -> None:
    """Say nothing: nobody looks, or a program does."""


@contextlib.contextmanager
def told(clock: Clock, words: str) -> Iterator[Progress]:
    """Give what to call with how much is done, of how much (0: unknown).

    `words` has both: `read {done:,} of {of:,} entries`. Nothing is left of it in the end.
    """
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    line = _Line(clock, words)
    try:
        yield line.show
    finally:
        line.clear()


class _Line:
    def __init__(self, clock: Clock, words: str) -> None:
        self._clock, self._words = clock, words
        self._next = clock.monotonic() + _PATIENCE
        self._shown = False

    def show(self, done: int, of: int) -> None:
        now = self._clock.monotonic()
        if now < self._next:
            return
        self._next, self._shown = now + _OFTEN, True
        sys.stderr.write(_CLEAR + self._words.format(done=done, of=of))
        sys.stderr.flush()

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
