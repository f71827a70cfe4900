"""Hearing of what others write, and noticing within seconds that the server is gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from crisisroom.core.errors import Refused
from crisisroom.store.postgres.connection import Raw
from crisisroom.store.postgres.schema import SPACE
from crisisroom.store.postgres.servers import FAILURES, Lost, let_go, on_time
from crisisroom.tasks import spawn

if TYPE_CHECKING:
    from crisisroom.store.postgres.engine import PostgresEngine

BEAT = 1.0  # seconds between looks at the server
AGAIN = 0.5  # seconds between tries to reach it
SILENCE = 4.0  # seconds without an answer after which it counts as gone
CHANNEL = SPACE  # where a commit is told of


class Ear:
    """Listens on a connection of its own; every second it asks whether the server is there."""

    def __init__(self, engine: PostgresEngine) -> None:
        self._engine = engine
        self._task: asyncio.Task[Any] | None = None
        self._raw: Raw | None = None
        self._newest = -1

    async def begin(self) -> None:
        """Begin to listen, if that was not begun; returns when it does, or the link is lost."""
        if self._task is None:
            ready = asyncio.Event()
            self._task = spawn(self._listen(ready), name="ear", on_error=self._failed)
            self._task.add_done_callback(lambda _: ready.set())
            await ready.wait()

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._raw is not None:
            await let_go(self._raw)

    async def _listen(self, ready: asyncio.Event) -> None:
        while True:
            try:
                await self._once(ready)
            except (Lost, Refused, *FAILURES):
                if self._raw is not None:
                    self._raw.terminate()
                self._engine.lose()
                ready.set()
            await asyncio.sleep(AGAIN)

    async def _once(self, ready: asyncio.Event) -> None:
        """Connect and listen until the link is lost."""
        raw = self._raw = await self._engine.servers.connect()
        await on_time(raw.add_listener(CHANNEL, self._told), SILENCE, raw)
        self._engine.found()
        ready.set()
        while True:
            await self._look(raw)
            await asyncio.sleep(BEAT)

    async def _look(self, raw: Raw) -> None:
        """Ask for the newest change: whether the server answers, and whether a call was missed."""
        newest = await on_time(raw.fetchval("SELECT max(seq) FROM change"), SILENCE, raw)
        if newest != self._newest:
            self._newest = newest
            self._engine.heard()

    def _told(self, *_: object) -> None:
        self._engine.heard()

    def _failed(self, name: str, error: BaseException) -> None:
        self._task = None  # the next one who listens begins anew
