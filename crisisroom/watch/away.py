"""Whether the room can be reached, told in the log when that changes and not at every try."""

from __future__ import annotations

import asyncio
from typing import Protocol

from crisisroom.clock import Clock
from crisisroom.logbook import Logbook
from crisisroom.store import Link

LOOK = 0.5  # seconds between two looks at the link, which ask nobody


class Linked(Protocol):
    """What says whether its server can be reached."""

    @property
    def link(self) -> Link:
        """Return how the link is."""


class Away:
    """Remembers since when the room is away."""

    def __init__(self, log: Logbook, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._since: float | None = None
        self._losses = 0
        self._by_link = False

    def lost(self, code: str) -> None:
        """Take note that the room cannot be reached, or written to."""
        if self._since is None:
            self._since = self._clock.monotonic()
            self._log.event("room-away", "warn", code=code)

    def back(self) -> None:
        """Take note that it can."""
        if self._since is not None:
            self._log.event("room-back", after=self._clock.monotonic() - self._since)
            self._since = None

    async def mind(self, store: Linked) -> None:
        """Look at the link to a server, for ever."""
        while True:
            self._look(store.link)
            await asyncio.sleep(LOOK)

    def _look(self, link: Link) -> None:
        if link.losses != self._losses:  # it may be back already
            self._losses = link.losses
            self.lost("reconnecting")
            self._by_link = True
        if link.state == "ok" and self._by_link:
            self._by_link = False
            self.back()
