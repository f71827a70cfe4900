"""The one way to start a background task, named and kept alive; and to hear a signal beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

_DEAF = (NotImplementedError, RuntimeError, ValueError)  # not the main thread, not this system
_kept: set[asyncio.Task[Any]] = set()


def spawn(
    work: Coroutine[Any, Any, Any],
    *,
    name: str,
    on_error: Callable[[str, BaseException], None],
) -> asyncio.Task[Any]:
    """Start `work` as a task called `name`; an exception that ends it goes to `on_error`."""

    def finished(task: asyncio.Task[Any]) -> None:
        _kept.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            on_error(name, error)

    task = asyncio.create_task(work, name=name)  # noqa: TID251
    _kept.add(task)
    task.add_done_callback(finished)
    return task


def on_signal(number: int, act: Callable[..., object], *args: object) -> None:
    """Call `act` in the running loop when a signal comes; nothing where the loop can hear none."""
    with suppress(*_DEAF):
        asyncio.get_running_loop().add_signal_handler(number, act, *args)


def off_signal(number: int) -> None:
    """Listen for a signal no more."""
    with suppress(*_DEAF):
        asyncio.get_running_loop().remove_signal_handler(number)
