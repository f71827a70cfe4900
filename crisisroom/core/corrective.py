"""Corrective actions: which are late, and when their owners are reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import msgspec

from crisisroom.core.incident import ActionItem, Incident
from crisisroom.core.kinds import date_flaw
from crisisroom.core.terms import DAY, at_local, zone_of

MORNING = time(9)  # when people are reminded, in the case's zone
WEEK = 7  # days from one reminder of something late to the next


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is to be told of an action: when, and `mark`, by which it is known to be done."""

    action: str
    at: datetime
    mark: str
    days: int  # before its day; less than none is late


def day_of(action: ActionItem) -> date | None:
    """Return the day an action is due, None where it has none that can be read."""
    return None if not action.due or date_flaw(action.due) else date.fromisoformat(action.due)


def days_left(action: ActionItem, today: date) -> int | None:
    """Return how many days an open action has left, less than none when late; None without a day.

    Its own day is none left, and not late.
    """
    due = day_of(action)
    return (due - today).days if due and action.state == "open" else None


def is_late(action: ActionItem, today: date) -> bool:
    """Tell whether an open action should have been done before today."""
    left = days_left(action, today)
    return left is not None and left < 0


def today_in(incident: Incident, now: datetime) -> date:
    """Return the day it is where the incident is handled."""
    return now.astimezone(zone_of(incident.zone)).date()


def owned_by(incident: Incident, action: ActionItem, person: str) -> bool:
    """Tell whether an action is somebody's, by name or by a role they hold."""
    return action.owner in (person, *incident.holds(person))


def late_words(left: int) -> str:
    """Return what so many days left are called: `due tomorrow`, `due today`, `8 days late`."""
    if left >= 0:
        return "due today" if left == 0 else "due tomorrow" if left == 1 else f"due in {left} days"
    return "a day late" if left == -1 else f"{-left} days late"


def reminders(state: Incident, now: datetime) -> Iterator[Reminder]:
    """Yield the next reminder of each open action: one that is owed by `now`, or one to come.

    They come the day before, on the day, and every week after it, until the action is closed. One
    that a later one has overtaken is left out, and so is one from before somebody last acted: an
    action that is added, moved or reopened late begins with the reminder that comes next.
    """
    for action in state.actions.values():
        due = day_of(action)
        if due is not None and action.state == "open":
            yield _next(state, action, due, now)


def _next(state: Incident, action: ActionItem, due: date, now: datetime) -> Reminder:
    number = _latest(due, now.astimezone(zone_of(state.zone)))
    owed = _reminder(state, action, due, number)
    past = state.acted_at is not None and owed.at < state.acted_at
    if number < 0 or past or owed.mark in state.fired:
        return _reminder(state, action, due, number + 1)
    return owed


def _latest(due: date, here: datetime) -> int:
    """Return the number of the newest reminder there could be by now, -1 before the first."""
    day = here.date() if here.time() >= MORNING else here.date() - DAY
    if day < due:
        return 0 if day == due - DAY else -1
    return 1 + (day - due).days // WEEK


def _reminder(state: Incident, action: ActionItem, due: date, number: int) -> Reminder:
    late = WEEK * (number - 1) if number else -1
    return Reminder(
        action=action.id,
        at=at_local(due + timedelta(days=late), MORNING, zone_of(state.zone)),
        mark=f"action:{action.id}@{action.due}#{number}",
        days=-late,
    )
