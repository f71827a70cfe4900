"""How times read on the screen: clock times in the case's zone, whole minutes, nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from crisisroom.core.clocks import minutes
from crisisroom.firstpaint.cells import number as number

NEAR = timedelta(hours=12)  # within it the hour alone says which day is meant


def clock(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Return `03:45`, on another day `Tue 07:10`, on a far one `4 Mar 07:10`."""
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    if there.date() == today:
        return f"{there:%H:%M}"
    if abs((there.date() - today).days) < 7:
        return f"{there:%a %H:%M}"
    return f"{there.day} {there:%b %H:%M}"


def brief_clock(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Return it in five cells: `03:45` today and within 12 hours, beyond them `Tue`, `4Mar`."""
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    if there.date() == today or abs(moment - now) < NEAR:
        return f"{there:%H:%M}"
    if abs((there.date() - today).days) < 7:
        return f"{there:%a}"
    return f"{there.day}{there:%b}"


def due(moment: datetime, now: datetime, zone: tzinfo, state: str) -> str:
    """Return a due time in seven cells: `03:45`, in its warning window `in 5m`, then `late 4m`."""
    if state == "overdue" or moment <= now:
        late = minutes(now - moment)
        return "late" if late == "now" else f"late {late}" if len(late) < 3 else f"late{late}"[:7]
    if state == "warn":
        left = minutes(moment - now)
        return left if left == "now" else f"in {left}"
    there = moment.astimezone(zone)
    if moment - now < NEAR or there.date() == now.astimezone(zone).date():
        return f"{there:%H:%M}"
    return f"{there:%a %Hh}"
