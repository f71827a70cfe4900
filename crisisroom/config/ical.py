"""A rota from a calendar's file, as schedules of on-call tools are exported (RFC 5545)."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisisroom.config.team import Member
from crisisroom.core.errors import Refused
from crisisroom.core.problems import shown
from crisisroom.core.rota import Shift, laid
from crisisroom.core.terms import at_local
from crisisroom.text import clean_line

if TYPE_CHECKING:
    from icalendar import Calendar

MOST = 4 << 20  # bytes of a calendar
MOST_EVENTS = 5_000
LONGEST_NAME = 64
LONGEST_WHY = 120
LONGEST_SHIFT = timedelta(days=366)
# what the packages run into in a file that is no calendar, or a damaged one
_FLAWS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})  # no shift, and for ever to work through


def calendar_shifts(
    path: Path, since: datetime, until: datetime, zone: tzinfo, team: Sequence[Member]
) -> tuple[Shift, ...]:
    """Return who is on duty between two moments by a calendar's file, without overlap.

    Of events at the same time, the one that began last counts: overrides are the shorter ones.
    Where there is a team, events that name nobody of it are left out. Refused says what keeps the
    file from being read.
    """
    try:
        from icalendar import Calendar
        from recurring_ical_events import of
    except ImportError as error:
        hint = "pip install 'crisisroom[oncall]', or write the rotation into crisisroom.yaml"
        raise Refused("extra", f"{path} needs packages that are not installed", hint) from error
    try:
        calendar = Calendar.from_ical(_bytes(path))
        _bounded(calendar)
        events = of(calendar, skip_bad_series=True).between(since, until)
        found = sorted(_shifts(events, zone, team), key=lambda one: (one.start, one.end))
    except _FLAWS as error:
        hint = "export it again, as an .ics file"
        why = shown(str(error), LONGEST_WHY)
        raise Refused("calendar", f"{path} is no calendar we can read: {why}", hint) from error
    except OSError as error:
        raise Refused("unreadable", f"{path} cannot be read: {error.strerror}") from error
    return laid(found, since, until)


def _bytes(path: Path) -> bytes:
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is no ordinary file")
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise ValueError(f"it is larger than {MOST >> 20} MiB")
    return data


def _bounded(calendar: Calendar) -> None:
    """Refuse what would take for ever to work through, and no rota needs."""
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise ValueError(f"it has more than {MOST_EVENTS} events")
    for event in events:
        for name in ("RRULE", "EXRULE"):
            rules = event.get(name) or []
            for rule in rules if isinstance(rules, list) else [rules]:
                _plain(rule)
        if "DTSTART" in event and event.decoded("DTSTART").year < 1970:
            raise ValueError("an event in it begins before 1970")
        if not timedelta() <= _length(event) <= LONGEST_SHIFT:
            raise ValueError("an event in it ends before it begins, or lasts for years")


def _length(event: Any) -> timedelta:
    try:
        length: timedelta = event.end - event.start
    except _FLAWS:  # it has no times, and is left out later on
        return timedelta()
    return length


def _plain(rule: Mapping[str, Sequence[object]]) -> None:
    often = _OFTEN & {str(one).upper() for one in rule.get("FREQ", ())}
    if often or any(name in rule for name in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        raise ValueError("an event in it repeats more than once a day")
    if any(str(step) == "0" for step in rule.get("INTERVAL", ())):
        raise ValueError("an event in it repeats without end at one moment")


def _shifts(events: Iterable[Any], zone: tzinfo, team: Sequence[Member]) -> Iterator[Shift]:
    for event in events:
        start, end = _moment(event.start, zone), _moment(event.end, zone)
        person = _person(event, team)
        if person and start < end:
            yield Shift(person, start, end)


def _moment(value: date, zone: tzinfo) -> datetime:
    """Return a moment of the calendar; what has no zone is meant in ours, a bare day as a whole."""
    if not isinstance(value, datetime):
        return at_local(value, time(), zone)
    if value.tzinfo is None:
        return at_local(value.date(), value.time(), zone)
    return at_local(value.date(), value.timetz().replace(tzinfo=None), value.tzinfo)


def _person(event: Any, team: Sequence[Member]) -> str:
    """Return whose shift an event is: a member of the team, or its title where there is none."""
    title = clean_line(str(event.get("SUMMARY", "")), limit=LONGEST_NAME).strip()
    if not team:
        return title
    words = " ".join((title, *_attendees(event))).casefold()
    named = (one for one in team if _says(words, one.name) or _says(words, one.id))
    return next((one.id for one in named), "")


def _attendees(event: Any) -> Iterator[str]:
    given = event.get("ATTENDEE", [])
    for one in given if isinstance(given, list) else [given]:
        yield str(one.params.get("CN", ""))
        yield str(one).removeprefix("mailto:").partition("@")[0]


def _says(words: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", words) is not None
