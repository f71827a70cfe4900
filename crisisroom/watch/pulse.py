"""Whether the watcher's own loops still go round: what systemd's watchdog stands for."""

from __future__ import annotations

from crisisroom.clock import Clock

LONGEST = 60.0  # seconds that a loop may take for one round before it counts as stuck


class Pulse:
    """Until when each loop has to begin its next round, in seconds that never jump."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def beat(self, loop: str, longest: float = LONGEST) -> None:
        """Say that a loop begins a round, which may take so many seconds."""
        self._until[loop] = self._clock.monotonic() + longest

    def still(self) -> tuple[str, ...]:
        """Return the loops whose round takes too long, none while all go round."""
        now = self._clock.monotonic()
        return tuple(sorted(name for name, until in self._until.items() if until < now))
