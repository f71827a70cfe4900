"""When the next word to an audience is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Cadence
from crisisroom.core.settle import holds


def next_update_at(incident: Incident, cadence: Cadence) -> datetime | None:
    """Return when the next update to the cadence's audience is due, None if none is owed.

    The first is due `first_within` after the declaration. From then on the earliest counts of:
    `every` after the last one, `after_news` after a fact changed, and what the last one promised.
    A change of severity and a reopening count from their own moment on, never back before it; an
    update that was late already stays due since then, where it would be late by the new pace too.
    Nothing is owed while the cadence's condition does not hold, nor after a resolution.
    """
    if not holds(incident, cadence.when):
        return None
    last = last_update(incident, cadence.audience)
    if last is None:
        since = incident.cadences_since.get(cadence.id, incident.declared_at)
        begun = max(since, incident.resumed_at or since)
        due: datetime | None = begun + timedelta(seconds=cadence.first_within)
    else:
        due = _after(incident, cadence, last)
    return _put_off(incident, cadence, last, due) if due else None


def _after(incident: Incident, cadence: Cadence, last: datetime) -> datetime | None:
    """Return when the next word after `last` is due, through all changes of severity."""
    due: datetime | None = None
    for change in incident.severities:
        fresh = min(_reasons(incident, cadence, last, change.severity), default=None)
        if fresh is None or fresh >= change.at:
            due = fresh
        elif due is None or due > change.at:
            due = change.at
    return due


def _reasons(
    incident: Incident, cadence: Cadence, last: datetime, severity: str
) -> Iterator[datetime]:
    begun = max(last, incident.resumed_at or last)
    if _resolved(incident, cadence.audience, last) and begun == last:
        return
    every = pace(cadence, severity, last - incident.declared_at)
    if every is not None:
        yield begun + every
    if cadence.after_news is not None and incident.news_at and incident.news_at > last:
        yield max(begun, incident.news_at) + timedelta(seconds=cadence.after_news)
    promised = promised_at(incident, cadence.audience, last)
    if promised is not None:
        yield max(begun, promised)


def _resolved(incident: Incident, audience: str, last: datetime) -> bool:
    """Tell whether the last word was how it ended, and nothing new has come up since."""
    ended = any(
        words.kind == "resolution"
        for words in incident.statements.values()
        if words.sent_at == last and words.audience == audience
    )
    return ended and not (incident.news_at and incident.news_at > last)


def pace(cadence: Cadence, severity: str, age: timedelta) -> timedelta | None:
    """Return how far apart updates are, in an incident this old; None where nothing is said."""
    seconds = cadence.every.get(severity)
    for slower in cadence.then:
        if age >= timedelta(seconds=slower.after):
            seconds = slower.every.get(severity, seconds)
    return None if seconds is None else timedelta(seconds=seconds)


def promised_at(incident: Incident, audience: str, last: datetime) -> datetime | None:
    """Return when we said in our last words that we would speak again."""
    promises = (
        words.promises
        for words in incident.statements.values()
        if words.sent_at == last and words.audience == audience
    )
    return max((moment for moment in promises if moment and moment > last), default=None)


def _put_off(
    incident: Incident, cadence: Cadence, last: datetime | None, due: datetime
) -> datetime:
    """Count in that somebody put this update off; the next one is due as ever."""
    snooze = incident.snoozes.get(cadence.id)
    if snooze is None or (last is not None and snooze.at < last):
        return due
    return max(due, snooze.until)


def last_update(incident: Incident, audience: str) -> datetime | None:
    """Return when words to this audience last went out."""
    sent = [
        words.sent_at
        for words in incident.statements.values()
        if words.sent_at is not None and words.audience == audience
    ]
    return max(sent, default=None)
