"""The messenger of drills: nothing goes anywhere, everything stands in a file beside the room."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import msgspec

from crisisroom.core.codes_letter import SPOKEN
from crisisroom.core.timeline import stamp
from crisisroom.notifiers.messages import Message

LABEL = "DRILL: a stand-in took this, it reached nobody"


class StandIns:
    """Serves every kind of reach of a drill's room that takes a written message."""

    def __init__(self, room: Path) -> None:
        self._path = room.with_name(f"{room.name}-messages.jsonl")

    def serving(self, by: str) -> StandIn | None:
        """Return the stand-in for one kind of reach, None for a call."""
        return None if by in SPOKEN else StandIn(self._path, by)


class StandIn:
    """Writes down what would have gone out."""

    id = "stand-in"

    def __init__(self, path: Path, by: str) -> None:
        self._path = path
        self._by = by

    async def carry(self, to: str, message: Message) -> None:
        """Write the message down, one JSON line, readable by its owner alone."""
        line = {
            "label": LABEL,
            "by": self._by,
            "to": to,
            "title": message.title,
            "text": message.text,
            "at": stamp(message.at),
        }
        await asyncio.to_thread(self._append, msgspec.json.encode(line) + b"\n")

    def _append(self, line: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        with os.fdopen(os.open(self._path, flags, 0o600), "ab") as file:
            file.write(line)
