"""Fair turns at writing, between processes: lock `gate`, then `write`, then let `gate` go.

Whoever waits stands at `gate`, so a bulk writer cannot overtake itself. The kernel frees both
locks when a process dies. Opening, closing and checkpointing a writer happen inside a turn too,
which removes the WAL-reset race of SQLite 3.7.0 to 3.51.2.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from crisisroom.core.errors import Unavailable

WAIT = 15.0  # seconds before a person is told that the room is busy


class _Waiter:
    """Waits for locks in a thread that keeps no program from ending."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[Callable[[], None], Future[None]] | None] = SimpleQueue()
        Thread(target=self._work, name="crisisroom-turn", daemon=True).start()

    def submit(self, work: Callable[[], None]) -> Future[None]:
        """Do this after what was asked for before."""
        done: Future[None] = Future()
        self._asked.put((work, done))
        return done

    def end(self) -> None:
        """Do what was asked for, and then nothing any more."""
        self._asked.put(None)

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            work, done = asked
            try:
                work()
            except OSError as error:
                done.set_exception(error)
            else:
                done.set_result(None)


class Turns:
    """The two locks beside one database file."""

    def __init__(self, database: Path) -> None:
        self._gate = _open(database.with_name(f"{database.name}-gate"))
        self._write = _open(database.with_name(f"{database.name}-turn"))
        self._waiting = _Waiter()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn and hold it; Unavailable after WAIT seconds."""
        taken = self._waiting.submit(self._take)
        try:
            async with asyncio.timeout(WAIT):
                await asyncio.shield(asyncio.wrap_future(taken))
        except TimeoutError:
            taken.add_done_callback(lambda _: self._give())  # when it comes after all
            raise Unavailable(
                "busy", "another program has been writing to this room for too long", "try again"
            ) from None
        try:
            yield
        finally:
            self._give()

    def _take(self) -> None:
        fcntl.flock(self._gate, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._write, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._gate, fcntl.LOCK_UN)

    def _give(self) -> None:
        fcntl.flock(self._write, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let both locks go for good, once nothing waits for them here."""
        self._waiting.submit(self._let_go)
        self._waiting.end()

    def _let_go(self) -> None:
        os.close(self._gate)
        os.close(self._write)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
