"""Ctrl+c: a verb that waits is ended at once, and says so by its exit code."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

from crisisroom.cli import STOPPED
from crisisroom.tasks import on_signal


async def until_stopped(work: Coroutine[Any, Any, int]) -> int:
    """Return what the work comes to, or STOPPED as soon as somebody presses ctrl+c.

    The loop's own handler wakes it by a pipe. The one that `asyncio.run` sets does not: a signal
    that came in the moment in which the loop falls asleep was only heard at the next event.
    """
    task, stopped = asyncio.current_task(), False
    assert task is not None

    def stop() -> None:
        nonlocal stopped
        stopped = True
        task.cancel()

    on_signal(signal.SIGINT, stop)
    try:
        return await work
    except asyncio.CancelledError:
        if stopped:
            return STOPPED
        raise
