"""A named pipe of JSON lines: it gives everything once, so it is held open and nothing is let go.

A writer to a pipe is done once the system has its words, and the system forgets them with the last
reader. So a pipe stays open from one stream to the next, also while settings change, and what was
handed on and not kept is handed on again. The beginning of a line lies in the cursor.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

from crisisroom.core.mention import Incoming
from crisisroom.sources import Batch
from crisisroom.sources.jsonl import LINE_CAP, Bad, Problem, parse_lines, values_of
from crisisroom.sources.unread import kept_of, unread_in

AT_ONCE = 2 << 20  # bytes of one reading; more than a line
_SIZE = 1 << 20  # bytes a pipe holds between two readings, where the system lets us ask
_GRACE = 10.0  # seconds that a pipe stays open after its last stream
_LOOK = 2.0  # seconds between two looks whether the path is still this pipe


class Pipe:
    """One pipe of this process, whoever reads it; `of` finds it by its path."""

    _open: ClassVar[dict[str, Pipe]] = {}
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = _opened(path)
        self._number = _number(os.fstat(self._fd))
        self._lock = threading.Lock()
        self._kept: dict[str, Any] | None = None  # the cursor of what is known to be stored
        self._given: dict[str, Any] = {}  # the cursor of what was handed on last
        self._unsure = b""  # what was handed on, and may not be stored
        self._streams = 0
        self._users = 0

    @classmethod
    def of(cls, path: Path) -> Pipe:
        """Return the pipe at a path, opened where it is not open yet; OSError where it cannot be.

        Where another pipe stands there by now, that one is opened.
        """
        with cls._guard:
            known = cls._open.get(str(path))
            if known is not None and known.is_there():
                return known
            made = cls._open[str(path)] = cls(path)
            if known is not None:
                known._close_unless_used()
            return made

    def is_there(self) -> bool:
        """Tell whether the path still leads to this pipe."""
        try:
            return _number(self._path.stat()) == self._number
        except OSError:
            return False

    def hold(self) -> None:
        """Keep it open until `leave` was called as often."""
        self._users += 1

    def leave(self) -> None:
        """Let it go: it is closed a little later, unless somebody holds it again by then."""
        self._users -= 1
        try:
            asyncio.get_running_loop().call_later(_GRACE, self._close_unless_used)
        except RuntimeError:  # the program ends, and with it the pipe
            return

    def _close_unless_used(self) -> None:
        if self._users or self._fd < 0:
            return
        os.close(self._fd)
        self._fd = -1
        if self._open.get(str(self._path)) is self:
            del self._open[str(self._path)]

    def poll(self, cursor: dict[str, Any], source: str, now: datetime) -> Batch:
        """Read what is in it; nothing where a stream reads it, which tells at once."""
        if self._streams:
            kept = self._kept if self._kept is not None else cursor
            return Batch((), kept, unread_in(kept).and_((), now).note)
        with self._lock:
            if self._unsure and cursor == self._given:
                self._stored()
        return self._read(cursor, source, now)

    async def stream(
        self, cursor: dict[str, Any], source: str, now: Callable[[], datetime]
    ) -> AsyncGenerator[Batch, None]:
        """Yield what is written, at once, until the path is no longer this pipe.

        `now` is called for the time. That the generator goes on says that a batch is stored. Where
        its task is cancelled, it first yields what is in the pipe.
        """
        woken = asyncio.Event()
        loop, own = asyncio.get_running_loop(), os.dup(self._fd)
        self.hold()
        self._streams += 1
        loop.add_reader(own, woken.set)
        last: asyncio.CancelledError | None = None
        try:
            while last is None:
                try:
                    batch = await self._next(woken, cursor, source, now)
                except asyncio.CancelledError as error:  # its writers are done: tell it before
                    last, batch = error, self._more(cursor, source, now())
                if batch is None:
                    break
                yield batch
                cursor = batch.cursor
                with self._lock:
                    self._stored()
            if last is not None:
                raise last
        finally:
            loop.remove_reader(own)
            os.close(own)
            self._streams -= 1
            self.leave()

    async def _next(
        self, woken: asyncio.Event, cursor: dict[str, Any], source: str, now: Callable[[], datetime]
    ) -> Batch | None:
        """Wait for what is written; None once the path is no longer this pipe."""
        while True:
            woken.clear()
            there = self.is_there()  # what was written before that is told
            batch = await asyncio.to_thread(self._more, cursor, source, now())
            if batch is not None or not there:
                return batch
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await woken.wait()

    def _more(self, cursor: dict[str, Any], source: str, now: datetime) -> Batch | None:
        """Return what there is, None where there is nothing."""
        batch = self._read(cursor, source, now)
        return batch if self._unsure else None

    def _stored(self) -> None:
        self._kept, self._unsure = self._given, b""

    def _read(self, cursor: dict[str, Any], source: str, now: datetime) -> Batch:
        """Read whole lines, after those that may not be stored; what this program knows counts."""
        with self._lock:
            before = self._kept if self._kept is not None else cursor
            begun = str(before.get("tail", "")).encode("latin-1")
            fresh = _available(self._fd, AT_ONCE - len(self._unsure))
            data = _joined(begun, self._unsure + fresh)
            cut = data.rfind(b"\n") + 1
            whole, tail = (data[:cut], data[cut:]) if len(data) - cut <= LINE_CAP else (data, b"")
            line = int(before.get("line", 0))
            found = list(parse_lines(BytesIO(whole), source, now, first=line + 1))
            problems = [one for one in found if isinstance(one, Problem)]
            unread = unread_in(before).and_(problems, now)
            after = {"tail": tail.decode("latin-1"), "line": line + whole.count(b"\n")}
            after |= kept_of(unread)
            self._unsure += fresh
            self._given, more = after, len(self._unsure) >= AT_ONCE
        mentions = tuple(one for one in found if isinstance(one, Incoming))
        return Batch(mentions, after, unread.note, more)


def _joined(begun: bytes, data: bytes) -> bytes:
    """Put the beginning of a line before the rest, unless its writer never came to the end.

    What comes next is then a whole line by itself.
    """
    line = data[: data.find(b"\n") + 1]
    if begun and line and not _is_object(begun + line) and _is_object(line):
        return data
    return begun + data


def _is_object(line: bytes) -> bool:
    try:
        values_of(line)
    except Bad:
        return False
    return True


def _number(state: os.stat_result) -> tuple[int, int]:
    return state.st_dev, state.st_ino


def _opened(path: Path) -> int:
    """Open a pipe to read it for good: as a writer too, so that it does not end between writers."""
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    with contextlib.suppress(ImportError, OSError, AttributeError):  # Linux only; 64 KiB elsewhere
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _SIZE)
    return pipe


def _available(pipe: int, most: int) -> bytes:
    """Read what a pipe holds now, at most so many bytes, without waiting for more."""
    parts, size = [], 0
    with contextlib.suppress(BlockingIOError):
        while size < most and (part := os.read(pipe, min(1 << 16, most - size))):
            parts.append(part)
            size += len(part)
    return b"".join(parts)
