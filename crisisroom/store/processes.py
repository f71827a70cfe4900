"""Which processes of this host are alive: a pid alone can be somebody else's by now."""

from __future__ import annotations

import os
import socket
from functools import lru_cache
from pathlib import Path

_STATE, _STARTED = 0, 19  # fields of /proc/PID/stat after the program's name
_ENDED = ("Z", "X")  # ended, and only waiting for its parent to notice


def started_at(pid: int) -> str:
    """Return what tells this process from a later one with the same pid; empty where unknown."""
    return _field(pid, _STARTED)


@lru_cache
def boot_id() -> str:
    """Return which run of the machine this is; empty where it does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _field(pid: int, number: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split(" ")[number]
    except (OSError, IndexError):
        return ""


def proven_dead(host: str, pid: int, started: str) -> bool:
    """Return whether that process certainly does not run any more; False in any doubt."""
    if host != socket.gethostname():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    if _field(pid, _STATE) in _ENDED:
        return True
    now = started_at(pid)
    return bool(now and started and now != started)
