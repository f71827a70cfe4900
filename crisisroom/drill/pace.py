"""The time of a drill that nobody watches: it moves from beat to beat, never by itself."""

from __future__ import annotations

import asyncio
import math
from datetime import datetime, timedelta

from crisisroom.clock import ScaledClock


class SteppedClock(ScaledClock):
    """A clock whose `now` stands still until somebody sleeps; `monotonic` stays the machine's.

    With a `speed` it never runs faster than so many times the machine's time.
    """

    def __init__(self, start: datetime, speed: float | None = None) -> None:
        super().__init__(start, speed or math.inf)
        self._first = self._now = start
        self._begun = self.monotonic()

    def now(self) -> datetime:
        """Return the time it has reached."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Move on by so many seconds, waiting no longer than the speed asks for."""
        self._now += timedelta(seconds=max(0.0, seconds))
        told = self.real((self._now - self._first).total_seconds())
        await asyncio.sleep(max(0.0, told - (self.monotonic() - self._begun)))
