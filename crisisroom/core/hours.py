"""Hours in which a contact can be reached, as OpenStreetMap writes them: a small part of it.

`Mo-Fr 08:00-18:00; Sa 10:00-12:00`, `24/7`, `22:00-06:00`, `We off`. Whatever else people write
stays words, and nobody claims to know what they mean at this minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

import msgspec

from crisisroom.core.terms import DAY, at_local

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
AHEAD = timedelta(days=8)  # how far the next change is looked for: a whole week comes round

_PIECE = re.compile(
    r"(?P<first>[a-z]{2})?(?:\s?-\s?(?P<last>[a-z]{2}))?\s*"
    r"(?P<span>[0-9]{1,2}:[0-9]{2}\s?-\s?[0-9]{1,2}:[0-9]{2}|off|closed)?"
)
_WHOLE_DAY = 24 * 60

Minutes = tuple[int, int]  # from midnight; the end may lie on the next day
Interval = tuple[datetime, datetime]


class Hours(msgspec.Struct, frozen=True):
    """The open spans of each day of the week, Monday first."""

    week: tuple[tuple[Minutes, ...], ...]


class Opening(msgspec.Struct, frozen=True):
    """Whether somebody can be reached, and when that changes; None where it is not known."""

    now: bool | None
    changes_at: datetime | None = None


def read_hours(text: str) -> Hours | None:
    """Return the hours that a text means, None where it is free words."""
    plain = " ".join(text.lower().replace("–", "-").split())
    if plain == "24/7":
        return Hours((((0, _WHOLE_DAY),),) * 7)
    week: list[tuple[Minutes, ...]] = [()] * 7
    for group in plain.removesuffix(";").split(";"):
        rules = _rules(group)
        if rules is None:
            return None
        for day in {day for days, _ in rules for day in days}:  # a later group replaces its days
            week[day] = tuple(span for days, spans in rules if day in days for span in spans)
    return Hours(tuple(week))


Rule = tuple[set[int], list[Minutes]]


def _rules(group: str) -> list[Rule] | None:
    """Return what the pieces between two semicolons say; pieces are joined by commas."""
    rules: list[Rule] = []
    days: set[int] = set()
    said = True  # whether the days collected so far have their hours
    for piece in group.split(","):
        match = _PIECE.fullmatch(piece.strip())
        if match is None or not match[0]:
            return None
        named = _days(match["first"], match["last"])
        if named is None or (not named and not match["span"]):
            return None
        if named:
            days = named if said else days | named
            said = False
        if match["span"]:
            spans = _spans(match["span"])
            if spans is None:
                return None
            rules.append((days or set(range(7)), spans))
            said = True
    return rules if said else None


def _days(first: str | None, last: str | None) -> set[int] | None:
    """Return the days from one to another, none where none are named, None for no day's name."""
    if first is None:
        return set() if last is None else None
    if first not in DAYS or (last or first) not in DAYS:
        return None
    start, end = DAYS.index(first), DAYS.index(last or first)
    return {day % 7 for day in range(start, end + (7 if end < start else 0) + 1)}


def _spans(text: str) -> list[Minutes] | None:
    if text in ("off", "closed"):
        return []
    start, end = (_minutes(part) for part in text.split("-"))
    if start is None or end is None or start >= _WHOLE_DAY or end > 2 * _WHOLE_DAY:
        return None
    return [(start, end if end > start else end + _WHOLE_DAY)]


def _minutes(clock: str) -> int | None:
    hours, minutes = (int(part) for part in clock.strip().split(":"))
    return hours * 60 + minutes if minutes < 60 else None


def opening(hours: Hours, at: datetime, zone: tzinfo) -> Opening:
    """Return whether it is open at a moment by the clocks of `zone`, and until or from when."""
    for start, end in intervals(hours, at, at + AHEAD, zone):
        if start > at:
            return Opening(False, start)
        return Opening(True, end if end < at + AHEAD else None)
    return Opening(False)


def intervals(hours: Hours, since: datetime, until: datetime, zone: tzinfo) -> list[Interval]:
    """Return the open times between two moments: in order, apart from each other, cut to them.

    A time that the clocks skip counts as the moment after the gap, one they show twice as the
    first.
    """
    joined: list[Interval] = []
    for start, end in sorted(_opened(hours, since, until, zone)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    cut = ((max(start, since), min(end, until)) for start, end in joined)
    return [(start, end) for start, end in cut if start < end]


def _opened(hours: Hours, since: datetime, until: datetime, zone: tzinfo) -> Iterator[Interval]:
    day = since.astimezone(zone).date() - 3 * DAY  # a span may run on into the day after the next
    last = until.astimezone(zone).date()
    while day <= last:
        for start, end in hours.week[day.weekday()]:
            yield _moment(day, start, zone), _moment(day, end, zone)
        day += DAY


def _moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    days, rest = divmod(minutes, _WHOLE_DAY)
    return at_local(day + days * DAY, time(rest // 60, rest % 60), zone)
