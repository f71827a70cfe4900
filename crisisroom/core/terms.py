"""Terms: durations, business days and moments of the day, right across changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from crisisroom.core.kinds import span

_SATURDAY = 5
DAY = timedelta(days=1)


def add_term(start: datetime, term: str, zone: tzinfo) -> datetime:
    """Return the end of a term that began at `start`: `72h` counts every hour, `4bd` business days.

    Business days are Monday to Friday in `zone` and end at the local time of the start; public
    holidays are not known here. A start at the weekend counts from the Monday after it.
    """
    if not term.endswith("bd"):
        return start.astimezone(UTC) + timedelta(seconds=span(term) or 0)
    there = start.astimezone(zone)
    day, left = there.date(), int(term.removesuffix("bd"))
    while left:
        day += DAY
        left -= is_business_day(day)
    return at_local(day, there.timetz().replace(tzinfo=None), zone)


def is_business_day(day: date) -> bool:
    """Tell whether a day is Monday to Friday."""
    return day.weekday() < _SATURDAY


def at_local(day: date, clock: time, zone: tzinfo) -> datetime:
    """Return the moment, in UTC, at which clocks in `zone` show that day and time.

    A time that is skipped when the clocks go forward counts as the moment after the gap.
    """
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def moment_at(text: str, after: datetime, zone: tzinfo) -> datetime:
    """Return what `17:30` or `2026-10-21 17:30` means: the first such moment not before `after`."""
    day, _, clock = text.rpartition(" ")
    hours = time.fromisoformat(clock)
    if day:
        return at_local(date.fromisoformat(day), hours, zone)
    today = after.astimezone(zone).date()
    twice = (at_local(today, hours.replace(fold=fold), zone) for fold in (0, 1))
    first = (moment for moment in twice if moment >= after)  # an hour may come twice that day
    return next(first, at_local(today + DAY, hours, zone))


def zone_of(name: str) -> tzinfo:
    """Return a case's zone; UTC where this machine does not know it, as work must go on."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
