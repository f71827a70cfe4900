"""What is not finished yet lies under a hidden name that tells whose it is.

A process that was killed takes nothing away; whoever works in that folder next does.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from crisisroom.store.processes import proven_dead, started_at

_NAME = re.compile(
    r"\.(?:.+\.)?crisisroom-([0-9a-f]{8})-([0-9]+)-([0-9]*)-[0-9a-f]{8}(?:-wal|-shm|-journal)?"
)


def name(finished: str = "") -> str:
    """Return a new name for what this process has not finished yet, of what it will be called."""
    pid = os.getpid()
    own = f"crisisroom-{_here()}-{pid}-{started_at(pid)}-{secrets.token_hex(4)}"
    return f".{finished}.{own}" if finished else f".{own}"


def clear(folder: Path) -> None:
    """Delete what processes of this host that certainly do not run any more left in a folder."""
    with suppress(OSError):
        for one in list(folder.iterdir()):
            if _is_left(one.name):
                _delete(one)


def _is_left(called: str) -> bool:
    match = _NAME.fullmatch(called)
    if match is None or match[1] != _here():
        return False
    return proven_dead(socket.gethostname(), int(match[2]), match[3])


def _delete(one: Path) -> None:
    if one.is_dir() and not one.is_symlink():
        shutil.rmtree(one, ignore_errors=True)
    else:
        with suppress(OSError):
            one.unlink()


def _here() -> str:
    """Return what tells this host from others, and containers on it: their pids are not ours."""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = ""
    return sha256(f"{socket.gethostname()} {space}".encode()).hexdigest()[:8]
