"""Time zones by name."""

from __future__ import annotations

import os
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

LOCALTIME = Path("/etc/localtime")


def zone(name: str) -> tzinfo:
    """Return the zone with this IANA name, UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def known(name: str) -> bool:
    """Tell whether this machine has a zone with this IANA name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def local_zone_name() -> str:
    """Return the IANA name of this machine's zone, UTC where it does not say."""
    named = os.environ.get("TZ", "").lstrip(":")
    if not named and LOCALTIME.is_symlink():
        _, _, named = str(LOCALTIME.resolve()).partition("/zoneinfo/")
    return named if named and zone(named) is not UTC else "UTC"
