"""Which processes of this host are alive: a pid alone can be somebody else's by now."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def started_at(pid: int) -> str:
    """Return what tells this process from a later one with the same pid; empty where unknown."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(") ", 1)[1].split(" ")[19]
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
    now = started_at(pid)
    return bool(now and started and now != started)
