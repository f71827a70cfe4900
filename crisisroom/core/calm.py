"""Calm: when a crowd has quietened for long enough to stand down.

A crowd asleep is not calm: by default it also has to stay quiet through the next working morning
of the case's time zone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo

import msgspec

from crisisroom.core.playbook import Calm
from crisisroom.core.terms import DAY, at_local, is_business_day

HOUR = timedelta(hours=1)
MORNING = time(8), time(12)  # local; who complains about last night does so by noon


class CalmState(msgspec.Struct, frozen=True):
    """Whether it is calm, since when it is quiet, and when it will be calm if it stays so."""

    calm: bool
    since: datetime | None
    until: datetime | None


def calm(
    posts: Iterable[datetime], declared_at: datetime, now: datetime, zone: tzinfo, rule: Calm
) -> CalmState:
    """Return how calm it is by the times of the posts, in any order; later ones than `now` wait.

    It is quiet from the moment on after which no hour has seen more than `rule.below` posts.
    """
    times = sorted(moment for moment in posts if declared_at - HOUR <= moment <= now)
    since = _quiet_since(times, rule.below) or declared_at
    if since > now:
        return CalmState(False, None, None)
    until = since + timedelta(seconds=rule.quiet)
    if rule.next_morning:
        until = max(until, _morning_after(since, zone))
    return CalmState(now >= until, since, until)


def _quiet_since(times: list[datetime], below: int) -> datetime | None:
    """Return when the last hour with more than `below` posts was over."""
    for last in range(len(times) - 1, -1, -1):
        first = bisect_right(times, times[last] - HOUR)
        if last - first + 1 > below:
            return times[last - below] + HOUR
    return None


def _morning_after(since: datetime, zone: tzinfo) -> datetime:
    """Return the end of the first working morning that lies wholly after a moment."""
    day = since.astimezone(zone).date()
    while not is_business_day(day) or at_local(day, MORNING[0], zone) < since:
        day += DAY
    return at_local(day, MORNING[1], zone)
