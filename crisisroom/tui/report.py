"""What is written down when something of ours breaks: where, never with what values."""

from __future__ import annotations

import os
import traceback
from datetime import datetime
from pathlib import Path

from crisisroom import __version__
from crisisroom.text import clean


def write_report(error: BaseException, now: datetime, folder: Path) -> Path | None:
    """Write a traceback without local values to a file only its owner reads; None if that fails."""
    lines = traceback.format_exception(error)
    words = clean("".join(lines), limit=60_000)
    path = folder / f"report-{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"crisisroom {__version__}\n{words}\n")
    except OSError:
        return None
    return path
