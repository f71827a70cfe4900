"""The room's file: private from its first byte, and never on a network filesystem."""

from __future__ import annotations

import os
import re
from pathlib import Path

from crisisroom.core.errors import Refused, Unavailable

_REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs"}

_OCTAL = re.compile(r"\\([0-7]{3})")  # how the kernel writes blanks in a mount point


def prepare(database: Path, *, create: bool) -> None:
    """Make sure the room's file is there and private; Refused or Unavailable says why it is not."""
    if kind := remote_filesystem(database):
        raise Refused(
            "network-filesystem",
            f"{database} lies on a network filesystem ({kind}), where a room can be damaged",
            "put the room on a local disk of the host everybody logs in to",
        )
    if not _seen(database) or (not create and _is_empty(database)):
        if not create:
            raise Refused(
                "no-room",
                f"there is no room at {database}",
                "crisisroom or crisisroom declare opens a new one; --room names another",
            )
        _create(database)
    if not database.is_file():
        raise Refused("not-a-room", f"{database} is not a file", "--room names the room's file")
    if not os.access(database, os.R_OK):
        raise _not_ours(database)
    if not os.access(database.parent, os.W_OK):
        raise Unavailable(
            "no-access",
            f"{database.parent} cannot be written to from here",
            f"crisisroom --room NEW.db restore {database} makes a room of it elsewhere",
        )


def _seen(database: Path) -> bool:
    """Tell whether something is there; Unavailable in a folder that others may not look into."""
    try:
        return database.exists()
    except PermissionError:
        raise _not_ours(database) from None


def _not_ours(database: Path) -> Unavailable:
    hint = "come in by your SSH key, which crisisroom authorized-keys admits; or as that account"
    return Unavailable("no-access", f"{database} belongs to another account", hint)


def _is_empty(database: Path) -> bool:
    """Tell whether it is a file without a byte, which SQLite would take for a new room."""
    return database.is_file() and not database.stat().st_size


def _create(database: Path) -> None:
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise Unavailable("no-access", f"cannot make {database}: {error.strerror}") from error


def remote_filesystem(path: Path, mounts: str | None = None) -> str:
    """Return the name of the network filesystem the path lies on, empty for a local one."""
    listing = mounts if mounts is not None else _mounts()
    best, kind = "", ""
    for line in listing.splitlines():
        fields = line.split(" ")
        if " - " not in line or len(fields) < 10:
            continue
        point = _OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[4])
        fitting = path.is_relative_to(point) and len(point) >= len(best)
        if fitting:
            best, kind = point, line.split(" - ", 1)[1].split(" ")[0]
    return kind if kind in _REMOTE else ""


def _mounts() -> str:
    table = Path("/proc/self/mountinfo")
    return table.read_text(errors="surrogateescape") if table.exists() else ""
