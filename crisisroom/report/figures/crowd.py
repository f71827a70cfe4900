"""How loud the crowd was: its loudest hour, when it was back under the usual, when it was calm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Calm
from crisisroom.core.timeline import Entry, stamp
from crisisroom.report.figures.points import Point, Span

HOUR = timedelta(hours=1)


class Loud(msgspec.Struct, frozen=True):
    """How many posts there were in one hour, and the entries that know of it."""

    start: datetime
    end: datetime
    mentions: int
    since: int
    to: int
    usual: int | None = None  # whole posts, rounded up; None: nobody counted what is usual

    @property
    def span(self) -> Span:
        """Return the hour, between its entries."""
        return Span(Point(self.start, self.since), Point(self.end, self.to))


class Crowd:
    """The hours that were counted; where nobody did, those of the linked posts."""

    kinds = frozenset({"volume.counted"})

    def __init__(self, incident: Incident, linked: dict[str, Point]) -> None:
        self._incident = incident
        self._linked = linked
        self._counted: dict[str, int] = {}

    def take(self, entry: Entry, at: datetime) -> None:
        """Take which entry counted which hour last."""
        self._counted |= {row["start"]: entry.seq for row in entry.data["rows"]}

    @property
    def hours(self) -> tuple[Loud, ...]:
        """Return the hours in their order; those of linked posts leave out where nobody posted."""
        return tuple(self._volume()) if self._incident.volume else self._posts()

    def _volume(self) -> Iterator[Loud]:
        for one in self._incident.volume.values():
            seq = self._counted[stamp(one.start)]
            usual = -(-one.usual_hundredths // 100)
            end = one.start + timedelta(seconds=one.seconds)
            yield Loud(one.start, end, one.mentions, seq, seq, usual)

    def _posts(self) -> tuple[Loud, ...]:
        hours: dict[datetime, list[Point]] = {}
        for point in sorted(self._linked.values()):
            begun = point.at.replace(minute=0, second=0, microsecond=0)
            hours.setdefault(begun, []).append(point)
        return tuple(
            Loud(start, start + HOUR, len(posts), posts[0].seq, posts[-1].seq)
            for start, posts in hours.items()
        )


def peak(hours: Sequence[Loud]) -> Loud | None:
    """Return the loudest hour, the first of several; None where nobody posted."""
    loudest = max(hours, key=lambda one: one.mentions, default=None)
    return loudest if loudest and loudest.mentions else None


def usual_again(hours: Sequence[Loud]) -> Loud | None:
    """Return the first hour after the loudest one with no more posts than usual."""
    top = peak(hours)
    if top is None:
        return None
    return next(
        (
            one
            for one in hours
            if one.start > top.start and one.usual is not None and one.mentions <= one.usual
        ),
        None,
    )


def calm_from(hours: Sequence[Loud], rule: Calm | None, until: datetime) -> Point | None:
    """Return since when it was quiet for as long as the rule asks, after the loudest hour.

    Quiet is at most the usual, or what the rule allows where that is more. An hour that nobody
    counted is not quiet; of linked posts all is known `until` then.
    """
    top, known = peak(hours), rule or Calm()
    if top is None or not _is_loud(top, known):
        return None
    rest = [one for one in hours if one.start >= top.start]
    counted = rest[-1].usual is not None
    noise = [one.span for one in rest if _is_loud(one, known)]
    noise += _uncounted(rest) if counted else ()
    noise.sort(key=lambda one: one.start)
    stops = [*(one.start.at for one in noise[1:]), rest[-1].end if counted else until]
    for one, stop in zip(noise, stops, strict=True):
        if stop - one.end.at >= timedelta(seconds=known.quiet):
            return one.end
    return None


def _is_loud(one: Loud, rule: Calm) -> bool:
    return one.mentions > max(one.usual or 0, rule.below)


def _uncounted(hours: Sequence[Loud]) -> Iterator[Span]:
    """Yield the stretches between hours of which nobody knows how loud they were."""
    for one, after in pairwise(hours):
        if after.start > one.end:
            yield Span(Point(one.end, one.to), Point(after.start, after.since))
