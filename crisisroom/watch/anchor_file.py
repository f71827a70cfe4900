"""A file of anchors: a line each, only ever longer, every line with the hash of the one before."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path

import msgspec

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.timeline import GENESIS
from crisisroom.report.anchor import Anchor, encode, parse, sum_of
from crisisroom.store.copies import settle

_TAIL = 1 << 21  # bytes at the end in which the last line has to begin


def append(path: Path, anchor: Anchor) -> None:
    """Add an anchor to the file, which is made if it is not there, and have it on disk.

    The file is 0600 when we make it; its group may read or write it, others only read. Refused for
    what is no file of anchors: nothing is ever added to anything else. Blocks.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise _cannot(path, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _append(descriptor, path, anchor)
    except OSError as error:
        raise _cannot(path, error) from error
    finally:
        os.close(descriptor)


def _append(descriptor: int, path: Path, anchor: Anchor) -> None:
    size = _require_ours(descriptor, path)
    last, whole = _last_line(descriptor, path, size)
    before = sum_of(last) if size else GENESIS
    line = encode(msgspec.structs.replace(anchor, prev=before)) + b"\n"
    if not whole:  # a power cut left half a line: it stays, and the next vouches for it
        line = b"\n" + line
    written = os.write(descriptor, line)
    if written != len(line):
        os.ftruncate(descriptor, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)
    if not size:
        settle(path.parent)


def _require_ours(descriptor: int, path: Path) -> int:
    """Return the file's size; Refused for what is no plain file, or open to everybody's hands."""
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise Refused("anchor", f"{path} is no ordinary file", "name a file for the anchors")
    if found.st_mode & stat.S_IWOTH:
        hint = f"chmod o-w {path}"
        raise Refused("anchor", f"everybody can change {path}: what is there proves nothing", hint)
    return found.st_size


def _last_line(descriptor: int, path: Path, size: int) -> tuple[bytes, bool]:
    """Return the last line and whether it is whole; Refused where the file holds something else."""
    if not size:
        return b"", True
    tail = os.pread(descriptor, _TAIL, max(0, size - _TAIL))
    whole = tail.endswith(b"\n")
    rows = tail.removesuffix(b"\n").split(b"\n")
    sound = rows if whole else rows[:-1]
    if sound and not parse(sound[-1], str(path)).anchors:
        if len(sound) < 2 or not parse(sound[-2], str(path)).anchors:
            raise _no_anchors(path)
    elif not sound and not b'{"anchor":'.startswith(rows[-1][:10]):
        raise _no_anchors(path)
    return rows[-1], whole


def _no_anchors(path: Path) -> Refused:
    message = f"{path} holds something else than anchors: nothing is added to it"
    return Refused("anchor", message, "name another file")


def _cannot(path: Path, error: OSError) -> Refused:
    if error.errno == errno.ELOOP:
        return Refused("anchor", f"{path} is a link", "name the file itself")
    return Unavailable("anchor", f"cannot write {path}: {error.strerror}", "check its folder")
