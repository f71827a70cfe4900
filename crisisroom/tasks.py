"""The one way to start a background task: named, kept alive, its failure shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

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
