"""Files that the command line reads and writes: private, whole or not at all, never overwritten."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from crisisroom.core.errors import Refused, Unavailable, Usage

MOST = 1 << 30  # bytes of a file that is read at once
_FULL = (errno.ENOSPC, errno.EDQUOT)


def read_bytes(name: str) -> bytes:
    """Return a file's bytes; Usage where it cannot be read."""
    try:
        if os.stat(name).st_size > MOST:
            raise Usage("file", f"{name} is larger than {MOST >> 20} MiB")
        return Path(name).read_bytes()
    except OSError as error:
        raise Usage("file", f"{name} cannot be read: {error.strerror}") from error


@contextlib.contextmanager
def opened(name: str, hint: str = "") -> Iterator[BinaryIO]:
    """Open a file's bytes to read, `-` for stdin; Usage where it cannot be read.

    With a hint, a terminal on stdin is refused with it: nobody types there.
    """
    if name == "-":
        if hint and sys.stdin.isatty():
            raise Usage("usage", "there is nothing on stdin", hint)
        yield sys.stdin.buffer
        return
    try:
        stream = open(name, "rb")  # noqa: SIM115 - closed by the with below
    except OSError as error:
        raise Usage("file", f"{name} cannot be read: {error.strerror}") from error
    with stream:
        yield stream


def write_files(files: Mapping[Path, bytes], *, force: bool = False) -> None:
    """Write files that only their owner may read; Refused where one is there already."""
    if not force:
        for path in files:
            if os.path.lexists(path):
                raise _exists(path)
    for path, data in files.items():
        try:
            _write(path, data, force)
        except FileExistsError:
            raise _exists(path) from None
        except OSError as error:
            raise _cannot(path, error) from error


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, where it is not there already."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot(path, error) from error


def _exists(path: Path) -> Refused:
    return Refused("exists", f"there is something at {path} already", "--force writes over it")


def _cannot(path: Path, error: OSError) -> Refused:
    message = f"cannot write {path}: {error.strerror}"
    if error.errno in _FULL:
        return Unavailable("disk-full", message, "free some space")
    return Refused("file", message)


def _write(path: Path, data: bytes, force: bool) -> None:
    """Write beside the place and move there: nobody ever sees half a file."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(beside, flags, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if force:
            beside.replace(path)
        else:
            os.link(beside, path)  # unlike a move, it never takes the place of another file
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
