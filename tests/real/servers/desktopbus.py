"""A desktop without a screen: a session bus, and a daemon that writes every notice down."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from real.servers import install
from real.servers.base import Daemon, Server

_PACKAGES = ("dbus", "python3-dbusmock", "gir1.2-glib-2.0", "libnotify-bin")
_NAME = "org.freedesktop.Notifications"
_CALL = re.compile(r"Notify \"(.*)$")


class DesktopBus(Server):
    """The bus of one desktop session; `address` is what programs find it by."""

    name: ClassVar[str] = "desktop"

    def __init__(self) -> None:
        super().__init__()
        self.address = f"unix:path={self.state / 'bus'}"
        self._calls = self.state / "calls"
        self._notices: Daemon | None = None

    @classmethod
    def install(cls) -> None:
        for package in _PACKAGES:
            install.apt(package)

    def prepare(self) -> Daemon:
        argv = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.address}"]
        return Daemon(argv, self.log)

    def start(self) -> None:
        super().start()
        argv = ["/usr/bin/python3", "-u", "-m", "dbusmock", "--session"]
        argv += ["--template", "notification_daemon", "-l", str(self._calls)]
        env = {"DBUS_SESSION_BUS_ADDRESS": self.address}
        self._notices = Daemon(argv, self.log, env=env)
        self._notices.start()
        self.wait_ready()

    def ready(self) -> bool:
        if not Path(self.state / "bus").exists():
            return False
        return self._notices is None or self._serves()

    def _serves(self) -> bool:
        argv = ["dbus-send", f"--bus={self.address}", "--print-reply", f"--dest={_NAME}"]
        argv += ["/org/freedesktop/Notifications", f"{_NAME}.GetServerInformation"]
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0

    def stop(self) -> None:
        if self._notices is not None:
            self._notices.stop()
            self._notices = None
        super().stop()

    @property
    def env(self) -> dict[str, str]:
        """What a program of this session finds in its environment."""
        found = {key: value for key, value in os.environ.items() if not key.startswith("SSH_")}
        return found | {"DBUS_SESSION_BUS_ADDRESS": self.address}

    def notices(self) -> list[str]:
        """What the desktop was asked to show, oldest first, as the daemon wrote it down."""
        if not self._calls.exists():
            return []
        return [match[1] for match in map(_CALL.search, self._calls.read_text().splitlines())
                if match]  # fmt: skip


def has_notify_send() -> bool:
    """Whether the program is there that shows notices."""
    return shutil.which("notify-send") is not None
