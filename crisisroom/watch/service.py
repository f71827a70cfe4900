"""What a service says to systemd: that it is ready, that it lives, what it does, that it ends.

The protocol is a datagram to the socket that NOTIFY_SOCKET names; without one nothing is said.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Mapping

from crisisroom.clock import Clock

_EVERY = 15.0  # seconds between two looks where systemd asks for no sign of life
_SOON = 0.05  # seconds between two looks whether it works already
_MOST = 200  # bytes of a status


class Service:
    """One process as systemd's service; every message is lost quietly where nobody listens."""

    def __init__(self, address: str, watchdog: float, clock: Clock) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog = watchdog  # seconds after which systemd gives up, 0 for never
        self._clock = clock

    @classmethod
    def of(cls, env: Mapping[str, str], clock: Clock) -> Service:
        """Return what systemd asked this process for."""
        address = env.get("NOTIFY_SOCKET", "")
        meant = env.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
        told = env.get("WATCHDOG_USEC", "") if meant else ""
        return cls(address, int(told) / 1e6 if told.isdecimal() else 0.0, clock)

    @property
    def every(self) -> float:
        """Return the seconds between two signs of life."""
        return min(self.watchdog / 3, _EVERY) if self.watchdog else _EVERY

    def ready(self, status: str) -> None:
        """Say that it works, or works again after a reload."""
        self._say("READY=1", _status(status))

    def reloading(self) -> None:
        """Say that settings are being read anew; `ready` follows."""
        now = int(self._clock.monotonic() * 1e6)
        self._say("RELOADING=1", f"MONOTONIC_USEC={now}")

    def stopping(self) -> None:
        """Say that it ends."""
        self._say("STOPPING=1", _status("ending"))

    async def tell(
        self, works: Callable[[], bool], alive: Callable[[], bool], status: Callable[[], str]
    ) -> None:
        """Say once that it works, then for ever: that it lives, while it does, and what it does."""
        ready = False
        while True:
            if not ready and works():
                self.ready(status())
                ready = True
            if alive():
                self._say("WATCHDOG=1")
            if ready:
                self._say(_status(status()))
            await asyncio.sleep(self.every if ready else _SOON)

    def _say(self, *lines: str) -> None:
        if not self._address:
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as mouth,
        ):
            mouth.setblocking(False)
            mouth.sendto("\n".join(lines).encode(), self._address)


def _status(words: str) -> str:
    return f"STATUS={' '.join(words.split())[:_MOST]}"
