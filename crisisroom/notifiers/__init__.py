"""Telling a person who looks elsewhere: the terminal's bell, and the desktop where there is one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TITLE = "crisisroom"
SECONDS = 3.0


def has_desktop() -> bool:
    """Return whether a notice could reach a desktop: not over SSH, and with a session bus."""
    if os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"):
        return False
    named = "DBUS_SESSION_BUS_ADDRESS" in os.environ
    usual = Path(f"/run/user/{os.getuid()}/bus")
    return sys.platform == "darwin" or named or usual.exists()


def desktop(notice: str) -> None:
    """Show a notice of our own fixed words; never a stranger's, which the desktop may interpret.

    It runs in a process of its own with silent streams: plyer blocks, warns, and lets its helper
    write into the terminal.
    """
    if has_desktop():
        subprocess.Popen(
            [sys.executable, "-P", "-m", "crisisroom.notifiers.desktop", notice],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
