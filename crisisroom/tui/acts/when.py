"""Times in what people type: `-12m found it` is a note of twelve minutes ago."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

_AGO = re.compile(
    r"(?:-(?:(\d{1,3})h)?(?:(\d{1,4})m?)?|(?=\d)(?:(\d{1,3})h)?(?:(\d{1,4})m)? ago)(?=\s|$)"
)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?=\s|$)")
_MEANT = re.compile(r"[-+]\d+[mh]|\d{1,2}:\d\d")


def mistimed(text: str, now: datetime, zone: tzinfo) -> str:
    """Say what is wrong with words that begin like a time and with none, or say nothing else."""
    at, words = dated(text, now, zone)
    if at is not None:
        return "" if words else "it needs some words after the time"
    if _MEANT.match(words):
        return f"{words.split()[0][:12]} is no time: write -12m, -1h30m or 09:12"
    return ""


def dated(text: str, now: datetime, zone: tzinfo) -> tuple[datetime | None, str]:
    """Return when it happened, None for now, and the words without the time.

    `-12m`, `-1h30m`, `12m ago` count back from now; `03:12` is the last time the clock said so.
    """
    words = text.strip()
    if (ago := _AGO.match(words)) and ago[0] != "-":
        hours, minutes = int(ago[1] or ago[3] or 0), int(ago[2] or ago[4] or 0)
        return now - timedelta(hours=hours, minutes=minutes), words[ago.end() :].strip()
    if clock := _CLOCK.match(words):
        there = now.astimezone(zone)
        moment = there.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        if moment > there:
            moment -= timedelta(days=1)
        return moment.astimezone(now.tzinfo), words[clock.end() :].strip()
    return None, words
