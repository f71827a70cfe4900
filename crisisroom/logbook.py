"""The program's own log: one line an event in a private file, no locals, no secrets."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

from crisisroom.clock import Clock
from crisisroom.core.timeline import stamp

LARGEST = 1_000_000  # bytes; the file is begun anew, with one predecessor kept


def state_folder() -> Path:
    """Return the private folder for logs and error reports."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "crisisroom"


class Logbook:
    """Appends lines to one file, 0600 from its first byte."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock

    @classmethod
    def usual(cls, clock: Clock, name: str = "crisisroom") -> Logbook:
        """Return the log in this person's state folder."""
        return cls(state_folder() / f"{name}.log", clock)

    def say(self, event: str) -> None:
        """Write one event, control signs made visible."""
        shown = "".join(char if char.isprintable() else "?" for char in event)
        self._write(f"{stamp(self._clock.now())} {os.getpid()} {shown}\n")

    def error(self, event: str, error: BaseException) -> None:
        """Write an error: its kind and where it arose, never values."""
        frames = traceback.extract_tb(error.__traceback__)
        where = " < ".join(
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-6:]
        )
        self.say(f"{event}: {type(error).__name__} at {where}")

    def _write(self, line: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path.exists() and self.path.stat().st_size > LARGEST:
            self.path.replace(self.path.with_suffix(".log.1"))
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        with os.fdopen(os.open(self.path, flags, 0o600), "a", encoding="utf-8") as file:
            file.write(line)
