"""Files that are all there or none of them: written beside their place, moved there in the end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.placing import put
from crisisroom.store import leftover

T = TypeVar("T")

_FULL = (errno.ENOSPC, errno.EDQUOT)


class Stop(threading.Event):
    """Set by whoever has had enough; the work then ends with nothing written."""

    def check(self) -> None:
        """Refuse to go on once it is set."""
        if self.is_set():
            raise Refused("stopped", "stopped: nothing was written")


async def in_thread(work: Callable[[], T], stop: Stop) -> T:
    """Run work in a thread; when cancelled, tell it and wait until it has let go of its files."""
    going = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(going)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.gather(going, return_exceptions=True)
        raise


@contextlib.contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give a hidden folder inside another, which is made if need be; nothing of it stays.

    A folder that was made and is still empty in the end goes as well. Refused where nothing can
    be written there, Unavailable on a full disk.
    """
    made = _make(folder)
    beside: Path | None = None
    try:
        leftover.clear(folder)
        beside = folder / leftover.name()
        beside.mkdir(mode=0o700)
        yield beside
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
        for one in made:
            with contextlib.suppress(OSError):  # there is something in it: it stays
                one.rmdir()


def _make(folder: Path) -> list[Path]:
    """Make a folder and those above it; returns what is new, the innermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return missing


def write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file that only its owner may read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def place(staged: Path, folder: Path, names: Iterable[Path], *, force: bool) -> list[Path]:
    """Move what is staged under these names (of `free_names`) to its place.

    Where that fails, what was moved goes again; Refused where something came in the way since.
    """
    placed: list[Path] = []
    try:
        for name in names:
            target = folder / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (staged / name).replace(target) if force else put(staged / name, target)
            placed.append(target)
    except OSError as error:
        if not force:  # then it is all ours
            for one in placed:
                one.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            raise taken(target) from None
        raise cannot_write(target, error) from error
    return placed


def free_names(staged: Path, folder: Path, *, force: bool) -> list[Path]:
    """Return the names of what is staged; Refused where something is in the way of one."""
    names = [one.relative_to(staged) for one in sorted(staged.rglob("*")) if one.is_file()]
    refuse_taken([folder / name for name in names], force=force)
    return names


def refuse_taken(paths: Iterable[Path], *, force: bool) -> None:
    """Refuse where one of these is there already, unless it is a file to be written over."""
    for path in paths:
        if not force and os.path.lexists(path):
            raise taken(path)
        if path.exists() and not path.is_file():
            raise Refused("file", f"{path} is no plain file", "name another one")


def taken(path: Path) -> Refused:
    """Return the refusal of writing over something."""
    return Refused("exists", f"there is something at {path} already", "--force writes over it")


def cannot_write(path: Path, error: OSError) -> Refused:
    """Return the refusal for what the system says; Unavailable where the disk is full."""
    message = f"cannot write {path}: {error.strerror}"
    if error.errno in _FULL:
        return Unavailable("disk-full", message, "free some space; nothing was left half written")
    return Refused("file", message, "name another folder")
