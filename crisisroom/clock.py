"""Time, injected: the only module that asks the machine for it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Protocol

_MEASURES = 9  # of which the greatest counts: it was under way for the shortest time


class Clock(Protocol):
    """Where everything takes its time from; `now` may run faster than `monotonic` in a drill."""

    def now(self) -> datetime:
        """Return the room's time, zone-aware UTC, in whole milliseconds."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump, for leases and timeouts."""
        ...

    def real(self, seconds: float) -> float:
        """Return how many of the machine's seconds so many of the room's take."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for so many of the room's seconds."""
        ...


class SystemClock:
    """The machine's own time."""

    of_the_machine = True

    def now(self) -> datetime:
        """Return the machine's time in UTC, cut to milliseconds."""
        moment = datetime.now(UTC)  # noqa: TID251
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def real(self, seconds: float) -> float:
        """Return the seconds as they are."""
        return seconds

    async def sleep(self, seconds: float) -> None:
        """Wait for real seconds."""
        await asyncio.sleep(seconds)


class ScaledClock(SystemClock):
    """A drill's time: starts at `start` and runs `speed` times as fast as the machine's."""

    of_the_machine = False

    def __init__(self, start: datetime, speed: float) -> None:
        self._start = start
        self._speed = speed
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """Return the drill's time in UTC, cut to milliseconds."""
        elapsed = (time.monotonic() - self._origin) * self._speed
        moment = self._start + timedelta(seconds=elapsed)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def real(self, seconds: float) -> float:
        """Return how long so many of the drill's seconds really are."""
        return seconds / self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait for so many of the drill's seconds."""
        await asyncio.sleep(self.real(seconds))


class ServerClock:
    """A clock put right by a server's: what many machines write has one time.

    Only the machine's own time is put right. A drill's time, or one set by hand, stays as it is.
    """

    def __init__(self, inner: Clock) -> None:
        self._inner = inner
        self._follows = getattr(inner, "of_the_machine", False)
        self._measures: deque[timedelta] = deque(maxlen=_MEASURES)
        self.off = timedelta()  # what the server's clock is ahead of ours

    @property
    def by_hand(self) -> bool:
        """Whether the time is set by hand, as in tests: then no server's time is beside it."""
        return isinstance(self._inner, ManualClock)

    def measured(self, moment: datetime) -> None:
        """Take note of the server's time as it is at this moment."""
        if self._follows:
            self._measures.append(moment - self._inner.now())
            self.off = max(self._measures)

    def now(self) -> datetime:
        """Return the server's time in UTC, cut to milliseconds."""
        return self._inner.now() + self.off

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return self._inner.monotonic()

    def real(self, seconds: float) -> float:
        """Return how long so many of the room's seconds really are."""
        return self._inner.real(seconds)

    async def sleep(self, seconds: float) -> None:
        """Wait for so many of the room's seconds."""
        await self._inner.sleep(seconds)


class ManualClock:
    """A clock that moves only when it is told to, for tests and headless drills."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Return the time it was last set to."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds it has been moved by."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds."""
        self._now += timedelta(seconds=seconds)
        self._elapsed += seconds

    def real(self, seconds: float) -> float:
        """Return the seconds as they are."""
        return seconds

    async def sleep(self, seconds: float) -> None:
        """Move on by so many seconds at once, letting others run."""
        self.advance(max(0.0, seconds))
        await asyncio.sleep(0)
