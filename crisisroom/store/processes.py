"""Which processes are alive, as far as this one can see: a pid alone can be somebody else's.

Pids mean something on one machine only, and inside one container of it. `here` says which; hosts'
names do not, for containers share them.
"""

from __future__ import annotations

import os
import socket
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

_STATE, _STARTED = 0, 19  # fields of /proc/PID/stat after the program's name
_ENDED = ("Z", "X")  # ended, and only waiting for its parent to notice
_MACHINE_IDS = ("/etc/machine-id", "/var/lib/dbus/machine-id")
_OUTERMOST = "pid:[4026531836]"  # the machine's own pids, those of no container
_APART = "~"  # what no host's name holds


def started_at(pid: int) -> str:
    """Return what tells this process from a later one with the same pid; empty where unknown."""
    return _field(pid, _STARTED)


@lru_cache
def boot_id() -> str:
    """Return which run of the machine this is; empty where it does not say."""
    return _said("/proc/sys/kernel/random/boot_id")


@lru_cache
def here() -> str:
    """Return where pids are ours: the host's name, its machine, the run of it, the container."""
    machine = next((said for one in _MACHINE_IDS if (said := _said(one))), "")
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = _OUTERMOST
    inside = "" if space == _OUTERMOST else _short(space)
    return _APART.join((socket.gethostname(), _short(machine), _short(boot_id()), inside))


def host_of(place: str) -> str:
    """Return the host's name of a place that `here` gave, or of a name alone."""
    return place.partition(_APART)[0]


def same_run(place: str) -> bool:
    """Tell whether a place is of this very run of the machine, in whatever container."""
    parts = place.split(_APART)
    return len(parts) == 4 and parts[2] == here().split(_APART)[2]


def proven_dead(place: str, pid: int, started: str) -> bool:
    """Return whether that process certainly does not run any more; False in any doubt.

    `place` is what `here` gave there, or, of older rooms, the host's name alone.
    """
    if place not in (here(), socket.gethostname()):
        return _before_a_restart(place)
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


def _before_a_restart(place: str) -> bool:
    """Tell whether a place is this machine, outside containers, before it was started anew."""
    then, now = place.split(_APART), here().split(_APART)
    if len(then) != 4 or not _said(_MACHINE_IDS[0]) or not boot_id():
        return False
    return then[:2] == now[:2] and then[2] != now[2] and not then[3] and not now[3]


def _field(pid: int, number: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split(" ")[number]
    except (OSError, IndexError):
        return ""


def _said(file: str) -> str:
    try:
        return Path(file).read_text().strip()
    except OSError:
        return ""


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
