"""Whether somebody still reads what is printed: what follows for ever ends when nobody does."""

from __future__ import annotations

import asyncio
import contextlib
import io
import select
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from crisisroom.tasks import off_signal, on_signal, spawn

LOOK = 1.0  # seconds between two looks
TERMINATED = 143  # by SIGTERM, as shells count


async def while_read(work: Coroutine[Any, Any, int]) -> int:
    """Return what the work comes to, or 0 as soon as nobody reads any more.

    A line that dropped without a terminal tells nobody: the pipe is shut, and no signal comes.
    SIGTERM ends the work too, in order: the room is let go, and no line is broken off.
    """
    following, terminated = asyncio.ensure_future(work), False

    def terminate() -> None:
        nonlocal terminated
        terminated = True
        following.cancel()

    on_signal(signal.SIGTERM, terminate)
    watching = spawn(_unread(following), name="reader", on_error=lambda name, error: None)
    try:
        return await following
    except asyncio.CancelledError:
        if terminated:
            return TERMINATED
        if watching.done():
            return 0
        raise
    finally:
        watching.cancel()
        off_signal(signal.SIGTERM)


async def _unread(following: asyncio.Future[int]) -> None:
    """End the work once the other end of stdout is gone; of a file or a terminal it never is."""
    with contextlib.suppress(io.UnsupportedOperation):
        ends = select.poll()
        ends.register(sys.stdout.fileno(), 0)  # that it hung up is told without being asked for
        while True:
            if ends.poll(0):
                following.cancel()
                return
            await asyncio.sleep(LOOK)
