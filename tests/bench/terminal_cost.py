"""What a tree of processes costs: CPU to the nanosecond and resident memory, from the kernel."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def cpu(pid: int) -> float:
    """Return the CPU ms of a process, its children and those of them that ended."""
    return sum(_clock(one) + _reaped(one) for one in tree(pid))


def rss(pid: int) -> float:
    """Return the resident MB of a process and its children."""
    return sum(_rss(one) for one in tree(pid))


def tree(pid: int) -> list[int]:
    """Return a process and all its children."""
    found = [pid]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in task.read_text().split():
                found += tree(int(child))
    return found


def _clock(pid: int) -> float:
    """Return the CPU ms of a process with all its threads, ended ones too."""
    with contextlib.suppress(OSError):
        return time.clock_gettime_ns((~pid << 3) | 2) / 1e6  # CPUCLOCK_SCHED of another process
    return 0.0


def _reaped(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) * 1000 / _TICK
    return 0.0


def _rss(pid: int) -> float:
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text()
        if "VmRSS:" in status:
            return int(status.partition("VmRSS:")[2].split()[0]) / 1024
    return 0.0
