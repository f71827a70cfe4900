"""What this process leaves alone for a while: a text or a channel, whoever sets the clock."""

from __future__ import annotations

from datetime import timedelta

from crisisroom.clock import Clock


class Rests:
    """By name, until when nothing is done; measured without the time of day, which may jump."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def leave(self, name: str, wait: timedelta) -> None:
        """Leave something alone for so much of the room's time from now."""
        self._until[name] = self._clock.monotonic() + self._clock.real(wait.total_seconds())

    def rests(self, name: str) -> bool:
        """Tell whether something is left alone now."""
        if self._until.get(name, 0.0) > self._clock.monotonic():
            return True
        self._until.pop(name, None)
        return False
