"""Moments on an axis: where they stand, and which full hours and days are written under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
_STEPS = tuple(
    timedelta(minutes=one)
    for one in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 129600)
)
_DAY = timedelta(days=1)
_TENTHS = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80)  # of a power of ten, where that is whole
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(at: datetime) -> str:
    """Return the day of a moment in its zone: `Sun 22 Nov`."""
    return f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]}"


@dataclass(frozen=True, slots=True)
class Tick:
    """A full hour or day, where it stands, and whether a day begins there."""

    x: float
    label: str
    major: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Time from left to right: `since` stands at `left`, `until` at `right`."""

    since: datetime
    until: datetime
    left: float
    right: float

    def x(self, at: datetime) -> float:
        """Return where a moment stands; what is before or after stands at the edge."""
        whole = max((self.until - self.since) / _MINUTE, 1e-9)
        share = (at - self.since) / _MINUTE / whole
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def ticks(self, zone: ZoneInfo, most: int) -> Iterator[Tick]:
        """Yield at most so many full hours or days of a zone that lie on the axis."""
        span = self.until - self.since
        step = next((one for one in _STEPS if span / one <= most), _STEPS[-1])
        while span / step > most:
            step *= 2
        last = None
        for at in _marks(self.since, self.until, step, zone):
            here = at.astimezone(zone)
            new_day = last is None or here.date() != last
            midnight = step >= _DAY or not (here.hour or here.minute)
            last = here.date()
            label = day(here) if midnight else f"{here:%H:%M}"
            yield Tick(self.x(at), label, midnight or new_day)


def _marks(since: datetime, until: datetime, step: timedelta, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the moments whose clock time in the zone is a whole number of steps."""
    start = since.astimezone(zone).replace(tzinfo=None)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    naive = midnight + (start - midnight) // step * step
    before = None
    while True:
        at = naive.replace(tzinfo=zone).astimezone(since.tzinfo)
        if at > until:
            return
        if at >= since and (before is None or at > before):
            yield at
            before = at
        naive += step


def nice(most: float) -> int:
    """Return the round number at or above a count that ends an axis: 1, 2, 5, 10, 12, 15, 20 …"""
    size = 1
    while True:
        for tenths in _TENTHS:
            if size * tenths % 10 == 0 and size * tenths // 10 >= most:
                return size * tenths // 10
        size *= 10
