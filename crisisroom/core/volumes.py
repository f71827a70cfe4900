"""How much was said, hour by hour, as an incident keeps it: from some hours before it on.

What is counted is everything about us, as charts and the early warning count it: reposts are
voices too, the industry and competitors are not ours. The incident's own posts are on its timeline
anyway; only beside the usual of the same hours can a reader see how loud a crisis was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from crisisroom.core.chart import DAY, DAYS, SLOT, Counted
from crisisroom.core.incident import Incident
from crisisroom.core.recorded import Volume
from crisisroom.core.timeline import stamp

HOUR = timedelta(hours=1)
BEFORE = timedelta(hours=6)  # shown before the declaration
AFTER = timedelta(hours=6)  # and after the end, where somebody counts again
SETTLE = SLOT  # after a full hour, until what was posted in it has been heard
AGAIN = timedelta(hours=48)  # how far back hours are counted anew: posts are found late


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What the room counted: slots of five minutes, of everything and of each source."""

    heard_since: datetime
    everything: Sequence[Counted]
    sources: Mapping[str, Sequence[Counted]]


def full_hour(moment: datetime) -> datetime:
    """Return the whole hour, of UTC, that a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def begins(incident: Incident) -> datetime:
    """Return the start of the first hour that an incident keeps a count of."""
    return full_hour(incident.declared_at - BEFORE)


def ends(incident: Incident, now: datetime) -> datetime:
    """Return up to when counts belong to an incident."""
    return min(now, incident.resolved_at + AFTER) if incident.resolved_at else now


def settled(now: datetime) -> datetime:
    """Return the end of the last hour that is over and heard of."""
    return full_hour(now - SETTLE)


def is_due(incident: Incident, now: datetime) -> bool:
    """Tell whether a whole hour of an open incident waits to be counted."""
    kept = incident.volume.get(stamp(settled(now) - HOUR))
    return incident.status == "open" and (kept is None or kept.seconds < 3600)


def recounted_from(incident: Incident) -> datetime:
    """Return from when on hours are counted anew: all that is new, and some that are not."""
    whole = [one.start for one in incident.volume.values() if one.seconds == 3600]
    first = begins(incident)
    return max(first, max(whole) - AGAIN) if whole else first


def usual_from(incident: Incident) -> datetime:
    """Return the start of the days before that make the usual."""
    return begins(incident) - DAYS * DAY


def rows_of(
    incident: Incident, counts: Counts, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Return the rows of the hours from `since` on that differ from those the incident has.

    The last one may be shorter than an hour. Hours before anything was heard are left out: nobody
    knows whether they were silent.
    """
    rows = []
    mentions, complaints = _by_hour(counts.everything)
    slots = _by_slot(counts.everything)
    by_source = {name: _by_hour(slots)[0] for name, slots in sorted(counts.sources.items())}
    first = begins(incident)
    for start in _hours(max(since, full_hour(counts.heard_since)), until):
        one = Volume(
            start=start,
            seconds=int((min(until, start + HOUR) - start).total_seconds()),
            mentions=mentions[start],
            complaints=complaints[start],
            usual_hundredths=_usual(mentions, start, first, counts.heard_since),
            sources={name: many[start] for name, many in by_source.items() if many[start]},
            slots=tuple(sorted(slots.get(start, ()))),
        )
        if incident.volume.get(stamp(start)) != one:
            rows.append(msgspec.structs.asdict(one) | {"start": stamp(start)})
    return rows


def _hours(since: datetime, until: datetime) -> Iterable[datetime]:
    start = since
    while start < until:
        yield start
        start += HOUR


def _by_hour(slots: Sequence[Counted]) -> tuple[Counter[datetime], Counter[datetime]]:
    mentions, complaints = Counter[datetime](), Counter[datetime]()
    for start, many, bad in slots:
        hour = full_hour(start)
        mentions[hour] += many
        complaints[hour] += bad
    return mentions, complaints


def _by_slot(slots: Sequence[Counted]) -> dict[datetime, list[tuple[int, int, int]]]:
    """Return what was said in the stretches of each hour, leaving out the silent ones."""
    found: dict[datetime, list[tuple[int, int, int]]] = {}
    for start, many, bad in slots:
        if many:
            hour = full_hour(start)
            found.setdefault(hour, []).append(((start - hour) // SLOT, many, bad))
    return found


def _usual(
    mentions: Mapping[datetime, int], start: datetime, first: datetime, heard: datetime
) -> int:
    """Return the mean of the same hour on up to seven days before the crisis, times a hundred.

    The crisis itself is never its own usual; 0 where no day before was listened to.
    """
    back = max(1, -(-(start + HOUR - first) // DAY))
    days = [start - day * DAY for day in range(back, back + DAYS)]
    heard_of = [mentions.get(day, 0) for day in days if day >= heard]
    return round(100 * sum(heard_of) / len(heard_of)) if heard_of else 0
