"""When a person is left alone, and when the weekly test page is due: local times, made moments."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo

from crisisroom.core.terms import at_local

_DAY = timedelta(days=1)
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_QUIET = re.compile(rf"({_CLOCK})-({_CLOCK})", re.ASCII)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKLY = re.compile(rf"({'|'.join(_DAYS)}) ({_CLOCK})", re.ASCII)


def quiet_flaw(text: str) -> str:
    """Say what keeps a text from being quiet hours."""
    found = _QUIET.fullmatch(text)
    if not text or (found and found[1] != found[2]):
        return ""
    return "quiet hours are written 22:00-07:00"


def weekly_flaw(text: str) -> str:
    """Say what keeps a text from being a day of the week and a time."""
    if not text or _WEEKLY.fullmatch(text):
        return ""
    return "a day of the week and a time are written mon 10:00"


def quiet_until(quiet: str, zone: tzinfo, now: datetime) -> datetime | None:
    """Return when the quiet hours end that hold now, None where none do.

    They run on the clock of the zone, so a night in which clocks change is an hour longer or less.
    """
    found = _QUIET.fullmatch(quiet)
    if found is None:
        return None
    begins, ends = time.fromisoformat(found[1]), time.fromisoformat(found[2])
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today):
        start = at_local(day, begins, zone)
        end = at_local(day if begins < ends else day + _DAY, ends, zone)
        if start <= now < end:
            return end
    return None


def last_weekly(weekly: str, zone: tzinfo, now: datetime) -> datetime | None:
    """Return the newest moment up to now at which a weekly time was, None where none is named."""
    found = _WEEKLY.fullmatch(weekly)
    if found is None:
        return None
    today = now.astimezone(zone).date()
    back = (today.weekday() - _DAYS.index(found[1])) % 7
    clock = time.fromisoformat(found[2])
    at = at_local(today - back * _DAY, clock, zone)
    return at if at <= now else at_local(today - (back + 7) * _DAY, clock, zone)
