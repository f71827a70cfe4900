"""Starting a watcher of one's own, when a screen finds none: detached, and silent."""

from __future__ import annotations

import subprocess
import sys

from crisisroom.room import Room
from crisisroom.store import leases
from crisisroom.watch.lease import LEASE, MEMBER


async def ensure_watcher(room: Room, config_file: str = "") -> bool:
    """Start a watcher for the room unless one lives, on whatever machine; returns whether it was.

    It has a session of its own, so that a dropped line does not take it along, and leaves ten
    minutes after the last screen when no incident is open.
    """
    if await room.store.read(lambda tx: leases.held(tx, room.clock, LEASE, MEMBER)):
        return False
    spawn_watcher(room.address, config_file)
    return True


def spawn_watcher(address: str, config_file: str = "") -> int:
    """Start `crisisroom watch` as a process of its own; returns its pid."""
    command = [sys.executable, "-P", "-m", "crisisroom", "--room", address]
    if config_file:
        command += ["--config", config_file]
    started = subprocess.Popen(
        [*command, "watch", "--with-screens"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        close_fds=True,
    )
    return started.pid
