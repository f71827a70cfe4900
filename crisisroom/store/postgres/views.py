"""One consistent view after the other, each begun ahead: so a read is one trip a statement.

What a view sees is settled by its first statement, not where it is begun: one that waits holds
nothing back on the server, and after a moment without a reader none waits.
"""

from __future__ import annotations

import asyncio

from crisisroom.store.postgres.connection import Raw

IDLE = 5.0  # seconds after which no view is kept waiting


class Views:
    """The views of one connection; one at a time is in use."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self._begun = False
        self._underway: asyncio.Task[None] | None = None
        self._rest: asyncio.TimerHandle | None = None

    async def begin(self) -> None:
        """Begin a view, if none waits; what went wrong since the last one comes up here."""
        if self._rest is not None:
            self._rest.cancel()
        underway, self._underway = self._underway, None
        if underway is not None:
            await underway
        if not self._begun:
            await self.raw.execute("BEGIN")
        self._begun = False

    def end(self) -> None:
        """End the view and begin the next one, while whoever asked goes on already."""
        if not self.raw.is_closed():
            self._do("ROLLBACK; BEGIN", begun=True)
            self._rest = asyncio.get_running_loop().call_later(IDLE, self._let_rest)

    def _let_rest(self) -> None:
        if self._underway is not None and self._underway.done() and self._begun:
            self._do("ROLLBACK", begun=False)

    def _do(self, command: str, *, begun: bool) -> None:
        async def doing() -> None:
            await self.raw.execute(command)
            self._begun = begun

        self._underway = asyncio.ensure_future(doing())
        self._underway.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def close(self) -> None:
        """Wait for what is under way; its failure is nobody's any more."""
        if self._rest is not None:
            self._rest.cancel()
        if self._underway is not None:
            await asyncio.wait({self._underway}, timeout=1.0)
