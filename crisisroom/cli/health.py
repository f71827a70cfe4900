"""What `doctor` finds: one line each, with what to do; and who is examined."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Literal, Protocol

import msgspec

from crisisroom.cli.context import Context
from crisisroom.config import RoomConfig
from crisisroom.room import Room

Level = Literal["ok", "warn", "fail"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that is well, worth a look, or broken: `why`, and in `hint` what to do."""

    level: Level
    code: str
    where: str
    why: str
    hint: str = ""
    section: str = ""

    def __str__(self) -> str:
        """Return the line a person reads."""
        return f"{self.level:4}  {self.where}: {self.why}" + (
            f" -> {self.hint}" if self.hint else ""
        )

    def as_problem(self) -> dict[str, Any]:
        """Return the problem of the JSON contract."""
        return {
            "code": self.code,
            "where": self.where,
            "message": self.why,
            "hint": self.hint,
            "level": self.level,
            "section": self.section,
        }


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """What is examined: `room` is None where there is none yet, `config` what is in force.

    `address` is empty where what was given is none; `patience` are the seconds for one thing.
    """

    context: Context
    address: str
    room: Room | None
    config: RoomConfig
    offline: bool = False
    patience: float = 8.0
    hangs: bool = False  # whether the room did not answer in time


class Check(Protocol):
    """One examination; it yields what it finds."""

    @property
    def __name__(self) -> str:
        """Return what it is called, for where it finds nothing in time."""
        ...

    def __call__(self, patient: Patient, /) -> AsyncIterator[Finding]:
        """Examine."""
        ...
