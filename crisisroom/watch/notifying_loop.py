"""Telling people for as long as this process watches: a way that hangs keeps nobody else waiting.

What one person is told goes out one after the other, different people's side by side.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from crisisroom.room import Room, notifying_live, reading
from crisisroom.store.leases import LeaseLost
from crisisroom.tasks import spawn
from crisisroom.watch.notifying import LONGEST_TRY, Notifier

AT_WORK = 1.0  # seconds, at most, between two looks while something is on its way
_TOPICS = ("entry", "page", "config", "reset")

Step = Callable[[], Awaitable[None]]


class Telling:
    """A notifier's steps, begun when they are due and left to themselves."""

    def __init__(self, room: Room, notifier: Notifier) -> None:
        self._room = room
        self._notifier = notifier
        self._tasks: dict[object, asyncio.Task[None]] = {}
        self._fault: BaseException | None = None
        self._settled = False

    async def run(self) -> None:
        """Go on until cancelled, or until a step fails in a way that is not the step's own."""
        try:
            while self._fault is None:
                latest = await reading.latest_change(self._room)
                if notifying_live.works(self._room):
                    await self._settle()
                    await self._step()
                await self._changed(latest, await self._notifier.wait())
            raise self._fault
        except LeaseLost:
            raise  # whoever has it now sends what is left
        except Exception:
            await self._let_arrive()
            raise
        finally:
            await self._end()

    async def _settle(self) -> None:
        """Begin with what somebody who died left half done."""
        if self._settled:
            return
        left: dict[object, list[Step]] = {}
        for one in await self._notifier.half_done():
            steps = left.setdefault((one.person, one.urgent), [])
            steps.append(partial(self._notifier.settle, one))
        for key, steps in left.items():
            self._begin(key, steps)
        self._settled = True

    async def _step(self) -> None:
        """Begin what is due, for everybody to whom nothing is on its way."""
        await self._notifier.notice()
        self._begin("answers", [self._notifier.listen])
        due: dict[object, list[Step]] = {}
        for batch in await self._notifier.due():
            steps = due.setdefault((batch.person.id, batch.important), [])
            steps.append(partial(self._notifier.tell, batch))
        for key, steps in due.items():
            self._begin(key, steps)
        self._begin("broken ways", [self._notifier.prove])

    def _begin(self, key: object, steps: Sequence[Step]) -> None:
        """Take some steps one after the other, unless those before them are under way."""
        if key in self._tasks and not self._tasks[key].done():
            return

        async def take() -> None:
            for step in steps:
                await step()

        self._tasks[key] = spawn(take(), name="notifying step", on_error=self._failed)

    def _failed(self, _: str, error: BaseException) -> None:
        self._fault = self._fault or error

    def _at_work(self) -> Iterator[asyncio.Task[None]]:
        return (task for task in self._tasks.values() if not task.done())

    async def _changed(self, latest: int, seconds: float) -> None:
        """Wait until something happened since then, or for so many seconds."""
        if any(self._at_work()):
            seconds = AT_WORK
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for batch in self._room.changes(latest):
                    if any(change.topic in _TOPICS for change in batch):
                        return

    async def _let_arrive(self) -> None:
        """Wait for what is on its way to others: cut off, it would go out once more."""
        if under_way := list(self._at_work()):
            await asyncio.wait(under_way, timeout=LONGEST_TRY)

    async def _end(self) -> None:
        tasks = list(self._at_work())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
