"""Files that somebody hands in: read as they are, never more of them than the room takes."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from crisisroom.core.errors import Usage
from crisisroom.room.evidence import MOST_FILE, Found, too_large

_CHUNK = 1 << 20  # bytes


async def read_files(names: Sequence[str]) -> list[Found]:
    """Return plain files with their bytes; `~` is the home of whoever asks.

    Usage for what cannot be read, Refused for too much.
    """
    return await asyncio.to_thread(_read, names)


def _read(names: Sequence[str]) -> list[Found]:
    found: list[Found] = []
    left = MOST_FILE
    for name in names:
        found.append(Found(Path(name).name, _bytes_of(name, left, alone=len(names) == 1)))
        left -= len(found[-1].data)
    return found


def _bytes_of(name: str, most: int, *, alone: bool) -> bytes:
    """Read a plain file as it is; a pipe or a device is none, and would never end."""
    try:
        descriptor = os.open(os.path.expanduser(name), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Usage("file", f"{name} is no plain file")
        with os.fdopen(descriptor, "rb") as file:
            data = bytearray()
            while chunk := file.read(_CHUNK):
                data += chunk
                if len(data) > most:
                    raise too_large(name if alone else "all of it together")
    except OSError as error:
        raise Usage("file", f"{error.strerror}: {name}") from error
    return bytes(data)
