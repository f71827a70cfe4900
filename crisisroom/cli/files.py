"""Files that the command line reads and writes: private, whole or not at all, never overwritten."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from crisisroom.core.errors import Usage
from crisisroom.placing import put
from crisisroom.room.writing import cannot_write, taken, write

MOST = 1 << 30  # bytes of a file that is read at once


def read_bytes(name: str) -> bytes:
    """Return a file's bytes; Usage where it cannot be read."""
    try:
        with open(name, "rb") as file:
            data = file.read(MOST + 1)  # a pipe has no size, and a device no end
        if len(data) > MOST:
            raise Usage("file", f"{name} is larger than {MOST >> 20} MiB")
        return data
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


Pieces = bytes | Iterable[bytes]


def write_files(files: Mapping[Path, Pieces], *, force: bool = False) -> None:
    """Write files that only their owner may read; Refused where one is there already."""
    if not force:
        for path in files:
            if os.path.lexists(path):
                raise taken(path)
    for path, data in files.items():
        try:
            _write(path, data, force)
        except FileExistsError:
            raise taken(path) from None
        except OSError as error:
            raise cannot_write(path, error) from error


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, where it is not there already."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def _write(path: Path, data: Pieces, force: bool) -> None:
    """Write beside the place and move there: nobody ever sees half a file."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write(beside, [data] if isinstance(data, bytes) else data)
        beside.replace(path) if force else put(beside, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
