"""Leaving when the line drops: within two seconds, the terminal restored where there is one."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

from crisisroom.tasks import off_signal, on_signal

PATIENCE = 1.8  # seconds an orderly end may take
SIGNALS = (signal.SIGHUP, signal.SIGTERM)


def on_signals(leave: Callable[[int], None]) -> None:
    """Call `leave(128 + signal)` on SIGHUP and SIGTERM; end the process if that takes too long."""

    def gone(number: int) -> None:
        last_resort = threading.Timer(PATIENCE, os._exit, [128 + number])
        last_resort.daemon = True
        last_resort.start()
        leave(128 + number)

    for number in SIGNALS:
        on_signal(number, gone, number)


def off_signals() -> None:
    """Stop listening for the signals."""
    for number in SIGNALS:
        off_signal(number)
