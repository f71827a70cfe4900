"""The room's figures in a file that Prometheus' node exporter picks up, written whole or not."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from crisisroom.clock import Clock
from crisisroom.core.errors import Refused
from crisisroom.room import Room
from crisisroom.room.metrics_text import metrics_text
from crisisroom.room.vitals import vitals_of

EVERY = 15.0  # seconds
FIRST = 2.0  # seconds until the first: by then it is clear who leads
MODE = 0o600


def place(path: Path, text: str, mode: int = MODE) -> None:
    """Put a text in a file's place at once; Refused where that cannot be done. Blocks."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise Refused("file", message, "its folder has to be there, and ours to write") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, mode)
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise Refused("file", f"cannot write {path}: {error.strerror}") from error


def nothing_read(clock: Clock) -> str:
    """Return what is written where the room could not be read."""
    return metrics_text(None, up=False, at=clock.now())


async def taken(room: Room) -> str:
    """Return the room's figures as of now."""
    return metrics_text(await vitals_of(room, full=True), up=True, at=room.clock.now())


async def keep_written(
    room: Room, path: Path, mode: int, failed: Callable[[str, BaseException], None]
) -> None:
    """Go on for ever: write the figures anew; what cannot be written is tried again."""
    await asyncio.sleep(FIRST)
    while True:
        try:
            text = await taken(room)
        except Refused as error:
            failed("metrics", error)
            text = nothing_read(room.clock)
        try:
            await asyncio.to_thread(place, path, text, mode)
        except Refused as error:
            failed("metrics", error)
        await asyncio.sleep(EVERY)
