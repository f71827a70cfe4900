"""The wake-up after a commit: a UNIX datagram to everyone who has this room open.

It carries nothing; who hears it looks into the database. Whoever misses it (a full socket, another
host's process) is covered by `PRAGMA data_version` once a second.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import tempfile
from pathlib import Path


def runtime_folder(database: Path) -> Path:
    """Return the short, private folder in which this room's processes listen."""
    base = os.environ.get("XDG_RUNTIME_DIR") or f"{tempfile.gettempdir()}/crisisroom-{os.getuid()}"
    name = hashlib.sha256(str(database).encode()).hexdigest()[:12]
    return Path(base) / "crisisroom" / name


class Bell:
    """Hears and rings the wake-up of one room."""

    def __init__(self, database: Path) -> None:
        self._folder = runtime_folder(database)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._own = self._folder / f"{os.getpid()}-{os.urandom(3).hex()}"
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.setblocking(False)
        self.ear.bind(str(self._own))
        self._voice = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._voice.setblocking(False)

    def drain(self) -> None:
        """Take what has arrived, so that the next ring wakes again."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self.ear.recv(16)

    def ring(self) -> None:
        """Wake everyone who listens; remove the ears of the dead."""
        for ear in self._folder.iterdir():
            try:
                self._voice.sendto(b"!", str(ear))
            except ConnectionRefusedError:
                ear.unlink(missing_ok=True)
            except (BlockingIOError, FileNotFoundError):
                continue

    def close(self) -> None:
        """Stop listening."""
        self.ear.close()
        self._voice.close()
        self._own.unlink(missing_ok=True)
