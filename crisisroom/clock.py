"""Time, injected: the only module that asks the machine for it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


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
