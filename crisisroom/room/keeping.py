"""Keeping the room: a copy of it while it is in use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.timeline import ROOM, Draft, Entry
from crisisroom.room import Room
from crisisroom.store import Tx, log


async def backup(room: Room, path: Path) -> Entry:
    """Copy the room to a new file that only its owner may read, and put that on record.

    Refused where there is a file already; what could not be finished is not left behind.
    """
    with _new_file(path) as whole:
        await room.store.copy_to(whole)

    async def work(tx: Tx) -> Entry:
        draft = Draft(kind="backup.made", text="made a backup", data={"file": str(whole)})
        written = await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
        return written[0]

    return await room.store.write(work)


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """Make an empty file, and have it on disk in the end; take it away if that fails."""
    whole = path.absolute()
    _create(whole)
    try:
        yield whole
        _settle(whole)
    except BaseException:
        whole.unlink(missing_ok=True)
        raise


def _create(path: Path) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        hint = "a backup never writes over anything"
        raise Refused("exists", f"there is something at {path} already", hint) from None
    except OSError as error:
        raise Unavailable("file", f"cannot write {path}: {error.strerror}") from error


def _settle(path: Path) -> None:
    """Have the copy on disk, and its name too, before anybody is told that it is there."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
