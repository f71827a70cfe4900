"""Time zones by name."""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

from crisisroom.core.terms import zone_of

LOCALTIME = Path("/etc/localtime")


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
    return named if named and zone_of(named) is not UTC else "UTC"
