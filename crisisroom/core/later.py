"""Times to come, as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crisisroom.core.errors import Usage
from crisisroom.core.kinds import moment_flaw, span
from crisisroom.core.terms import moment_at, zone_of

_HINT = "write it as +2h, 17:30, '2026-11-23 09:00' or 2026-11-23T09:00:00+01:00"


def later(text: str, now: datetime, zone_name: str) -> datetime:
    """Return the time meant by `+2h`, `17:30` (the next such), a day with its time or RFC 3339.

    Usage for anything else; a time without a zone is meant in the zone named.
    """
    plain = text.strip()
    try:
        at = _read(plain, now, zone_name)
    except (ValueError, OverflowError):
        raise Usage("time", f"{text[:40]} is no time", _HINT) from None
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _read(text: str, now: datetime, zone_name: str) -> datetime:
    if text.startswith("+"):
        seconds = span(text[1:])
        if seconds is None:
            raise ValueError(text)
        return now + timedelta(seconds=seconds)
    spaced = text.replace("T", " ")
    if text and not moment_flaw(spaced):
        return moment_at(spaced, now, zone_of(zone_name))
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:  # a day alone: nobody knows which hour is meant
        raise ValueError(text)
    return moment.astimezone(UTC)


def seconds_of(text: str) -> int:
    """Return the seconds of `15m` or `1h30m`; Usage for anything else."""
    seconds = span(text)
    if seconds is None:
        raise Usage("span", f"{text[:40]} is no span of time", "write it like 15m or 1h30m")
    return seconds
