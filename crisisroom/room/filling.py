"""What fills the blanks of our words here and now, and the time a text promises."""

from __future__ import annotations

from datetime import datetime, timedelta

from crisisroom.core import statement
from crisisroom.core.cadence import next_update_at, pace
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Cadence, StatementTemplate
from crisisroom.core.terms import zone_of
from crisisroom.room import Room


def values(
    room: Room, state: Incident, handle: str, person: str, promise: datetime | None
) -> dict[str, str]:
    """Return what is known, by placeholder; `promise` is when we say that we speak again."""
    now = room.clock.now()
    here = zone_of(state.zone)
    member = next((one for one in room.config.team if one.id == person), None)
    known = {
        "handle": handle,
        "brand": state.brand,
        "me": member.name if member and member.name else person,
        "time": f"{now.astimezone(here):%H:%M}",
        "source_of_truth": state.plan.source_of_truth,
        "next_update": statement.due_words(promise, now, here) if promise else "",
        **statement.fact_values(state.facts.values(), here),
    }
    return {name: value for name, value in known.items() if value}


def promise_at(
    state: Incident, template: StatementTemplate | None, now: datetime
) -> datetime | None:
    """Return when a text written now says that we speak again, to the minute.

    The template's own span counts, else the cadence of its audience, else that of the public. None
    only for a plan without either.
    """
    if template is not None and template.promise_next is not None:
        due: datetime | None = now + timedelta(seconds=template.promise_next)
    else:
        audience = template.audience if template is not None else "public"
        cadences = [*_of(state, audience), *_of(state, "public")]
        known = (_next(state, cadence, now) for cadence in cadences)
        due = next((one for one in known if one is not None), None)
        if due is None and cadences:
            due = now + _longest(cadences[0])
    return due.replace(second=0, microsecond=0) if due else None


def _of(state: Incident, audience: str) -> list[Cadence]:
    return [one for one in state.plan.cadences if one.audience == audience]


def _next(state: Incident, cadence: Cadence, now: datetime) -> datetime | None:
    """Return when the update after one that goes out now is due."""
    span = pace(cadence, state.severity, now - state.declared_at)
    times = (next_update_at(state, cadence), now + span if span is not None else None)
    return max((due for due in times if due is not None and due > now), default=None)


def _longest(cadence: Cadence) -> timedelta:
    """Return how long people wait at most where updates follow the news and none is due."""
    return timedelta(seconds=max(cadence.first_within, cadence.after_news or 0))
