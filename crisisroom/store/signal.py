"""The wake-up after a commit: a UNIX datagram to everyone who has this room open.

It carries nothing; who hears it looks into the database. Whoever misses it (a full socket, another
runtime folder) is covered by `PRAGMA data_version` once a second.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import tempfile
from pathlib import Path

from crisisroom.core.errors import Unavailable

_ADDRESS = 100  # bytes of a socket's path; the kernel takes 104 to 108
_NAME = len("/4194304-abcdef")  # what an ear adds to its folder


def runtime_folders(database: Path) -> list[Path]:
    """Return where this room's processes may listen, the best first: short, private folders."""
    name = hashlib.sha256(os.fsencode(database)).hexdigest()[:12]
    own = f"{tempfile.gettempdir()}/crisisroom-{os.getuid()}"
    bases = [os.environ.get("XDG_RUNTIME_DIR", ""), own, f"/tmp/crisisroom-{os.getuid()}"]
    folders = [Path(base) / "crisisroom" / name for base in dict.fromkeys(bases) if base]
    return [one for one in folders if len(os.fsencode(one)) + _NAME <= _ADDRESS]


def _own_folder(database: Path) -> Path:
    """Make the first folder that can be had and is ours; Unavailable where none can."""
    folders = runtime_folders(database)
    for folder in folders:
        with contextlib.suppress(OSError):
            for part in (folder.parent.parent, folder.parent, folder):
                part.mkdir(mode=0o700, exist_ok=True)
            if folder.parent.stat().st_uid == os.getuid() and os.access(folder, os.W_OK):
                return folder
    tried = " and ".join(str(folder.parent) for folder in folders)
    raise Unavailable("runtime-folder", f"no place to listen in: {tried}", "set XDG_RUNTIME_DIR")


class Bell:
    """Hears and rings the wake-up of one room."""

    def __init__(self, database: Path) -> None:
        self._folder = _own_folder(database)
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
        """Wake everyone who listens; remove the ears of the dead.

        Never fails: what it follows is committed, and who hears nothing looks once a second.
        """
        with contextlib.suppress(OSError):
            for ear in tuple(self._folder.iterdir()):
                self._wake(ear)

    def _wake(self, ear: Path) -> None:
        with contextlib.suppress(OSError):
            try:
                self._voice.sendto(b"!", str(ear))
            except ConnectionRefusedError:
                ear.unlink(missing_ok=True)

    def close(self) -> None:
        """Stop listening."""
        self.ear.close()
        self._voice.close()
        with contextlib.suppress(OSError):
            self._own.unlink(missing_ok=True)
