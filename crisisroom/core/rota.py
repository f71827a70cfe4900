"""Who is on duty: people in turn, handed over at a local time, with swaps for single times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

import msgspec

from crisisroom.core.terms import at_local

MARGIN = timedelta(days=2)  # more than clocks anywhere were ever moved at once


class Swap(msgspec.Struct, frozen=True):
    """Somebody else for a while; both ends are local times without a zone."""

    person: str
    start: datetime
    end: datetime


class Rotation(msgspec.Struct, frozen=True):
    """People in turn, each for `every` seconds; `start` is the first hand-over, a local time.

    Hand-overs keep their local time when the clocks change. Of swaps that overlap, the last counts.
    """

    people: tuple[str, ...]
    start: datetime
    every: int
    swaps: tuple[Swap, ...] = ()


class Shift(msgspec.Struct, frozen=True):
    """From when until when somebody is on duty; `swap` says that it is not their turn."""

    person: str
    start: datetime
    end: datetime
    swap: bool = False


def shifts(rotation: Rotation, since: datetime, until: datetime, zone: tzinfo) -> tuple[Shift, ...]:
    """Return who is on duty between two moments: in order, without gap or overlap, cut to them.

    Nobody is before the rotation starts; whoever follows on themselves has two shifts.
    """
    covers = (
        Shift(one.person, _at(one.start, zone), _at(one.end, zone), swap=True)
        for one in rotation.swaps
    )
    return laid((*_turns(rotation, since, until, zone), *covers), since, until)


def laid(layers: Sequence[Shift], since: datetime, until: datetime) -> tuple[Shift, ...]:
    """Return shifts without overlap, cut to a time: each covers those before it in the list."""
    ends = (end for one in layers for end in (one.start, one.end))
    points = sorted({since, until, *(end for end in ends if since < end < until)})
    found: list[Shift] = []
    above: Shift | None = None
    for start, end in pairwise(points):
        below, above = above, _top(layers, start)
        if above is not None and above is below:
            found[-1] = msgspec.structs.replace(found[-1], end=end)
        elif above is not None:
            found.append(msgspec.structs.replace(above, start=start, end=end))
    return tuple(found)


def _top(layers: Sequence[Shift], at: datetime) -> Shift | None:
    return next((one for one in reversed(layers) if one.start <= at < one.end), None)


def holding(found: Sequence[Shift], at: datetime) -> Shift | None:
    """Return the shift that holds at a moment."""
    return next((one for one in found if one.start <= at < one.end), None)


def _turns(rotation: Rotation, since: datetime, until: datetime, zone: tzinfo) -> Iterator[Shift]:
    """Yield the turns that touch a time; those of no length, where clocks leap, are left out."""
    if not rotation.people:
        return
    every = timedelta(seconds=rotation.every)
    here = (since - MARGIN).astimezone(zone).replace(tzinfo=None)
    number = max((here - rotation.start) // every, 0)
    start = _at(rotation.start + number * every, zone)
    while start < until:
        end = max(_at(rotation.start + (number + 1) * every, zone), start)
        if start < end and end > since:
            yield Shift(rotation.people[number % len(rotation.people)], start, end)
        start, number = end, number + 1


def _at(local: datetime, zone: tzinfo) -> datetime:
    return at_local(local.date(), local.time(), zone)
