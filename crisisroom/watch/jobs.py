"""The tasks of a watcher by name: begun, begun again after a fault, ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from crisisroom.tasks import spawn

Start = Callable[[], Coroutine[Any, Any, None]]


class Jobs:
    """What runs side by side; a task that fails goes to `on_failure`, by its name."""

    def __init__(self, on_failure: Callable[[str, BaseException], None]) -> None:
        self._on_failure = on_failure
        self._starts: dict[str, Start] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return what was started and not stopped, in that order."""
        return tuple(self._tasks)

    def start(self, name: str, start: Start, delay: float = 0.0) -> None:
        """Begin a job under a name, after so many seconds."""

        async def run() -> None:
            await asyncio.sleep(delay)
            await start()

        def failed(_: str, error: BaseException) -> None:
            if self._tasks.get(name) is task:
                self._on_failure(name, error)

        self._starts[name] = start
        task = self._tasks[name] = spawn(run(), name=name, on_error=failed)

    def again(self, name: str, delay: float) -> None:
        """Begin a job that failed once more, after so many seconds."""
        self.start(name, self._starts[name], delay)

    def stop(self, *names: str) -> asyncio.Future[list[Any]]:
        """End jobs; what is returned is done when they have ended."""
        ending = [task for name in names if (task := self._tasks.pop(name, None)) is not None]
        for task in ending:
            task.cancel()
        return asyncio.gather(*ending, return_exceptions=True)

    async def stop_all(self) -> None:
        """End every job, and wait until they have ended."""
        await self.stop(*self.names)
