"""Counts over time made into a chart: bins, the usual of the same time of day, the acts on it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import accumulate
from math import ceil

import msgspec

SLOT = timedelta(minutes=5)  # of what is counted
DAY = timedelta(days=1)
DAYS = 7  # before it, whose same time of day makes the usual
BESIDE = timedelta(minutes=30)  # before and after, counted in: five minutes alone say little

Counted = tuple[datetime, int, int]
"""The start of a slot, its mentions, and those of them that are likely complaints."""

SPANS: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(hours=4), SLOT),
    (timedelta(hours=24), timedelta(minutes=30)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=28), timedelta(hours=12)),
)
LONGEST = timedelta(days=60)


class Bin(msgspec.Struct, frozen=True):
    """One column: `low` to `high` is the usual, None where no day before is known."""

    start: datetime
    mentions: int
    complaints: int
    low: float | None = None
    high: float | None = None

    @property
    def above(self) -> bool:
        """Whether it rises out of the usual."""
        return self.high is not None and self.mentions > ceil(self.high)


class Chart(msgspec.Struct, frozen=True):
    """Bins of one size, oldest first; `days` says of how many days before the usual is made."""

    bins: tuple[Bin, ...]
    size: timedelta
    days: int

    @property
    def since(self) -> datetime:
        """The start of the first bin."""
        return self.bins[0].start

    @property
    def mentions(self) -> int:
        """All mentions on it."""
        return sum(one.mentions for one in self.bins)

    @property
    def complaints(self) -> int:
        """Those that are likely complaints."""
        return sum(one.complaints for one in self.bins)

    @property
    def top(self) -> int:
        """The most that one bin has."""
        return max((one.mentions for one in self.bins), default=0)

    @property
    def usual(self) -> tuple[float, float] | None:
        """The usual of the newest bin, None where no day before is known."""
        last = self.bins[-1]
        return None if last.low is None or last.high is None else (last.low, last.high)

    def place(self, moment: datetime) -> int | None:
        """Return the bin a moment falls into, None for one that is not on the chart."""
        index = (moment - self.since) // self.size
        return index if 0 <= index < len(self.bins) else None


class Act(msgspec.Struct, frozen=True):
    """What somebody did, or the room said, as a letter below the axis."""

    at: datetime
    letter: str  # W warned, D declared, S sent, R resolved
    words: str


def size_for(span: timedelta) -> timedelta:
    """Return how wide the bins of a chart of so long a time are."""
    return next((size for length, size in SPANS if span <= length * 1.5), SPANS[-1][1])


def reach_back(span: timedelta) -> timedelta:
    """Return how far back counts are needed for a chart of so long a time."""
    return span + DAYS * DAY + size_for(span) + BESIDE


def arrange(
    counted: Iterable[Counted],
    until: datetime,
    span: timedelta,
    *,
    heard_since: datetime | None,
    zone: tzinfo,
    over: timedelta = timedelta(),
) -> Chart:
    """Return the chart of the time up to `until`; bins begin at full hours and days of the zone.

    A bin counts its own time, or, where that is longer, the time `over` that ends with it.
    The usual is the mean of the same time on up to seven days before, give or take its deviation;
    days before `heard_since` are not counted, nor is anything before it taken for silence.
    """
    size = size_for(span)
    last = _floor(until, size, zone)
    count = max(1, -(-span // size))
    first = last - (count - 1) * size
    before = max(over - size, timedelta())
    sums = _Sums(counted, first - DAYS * DAY - BESIDE - before, last + size)
    bins = []
    for index in range(count):
        start = first + index * size
        mentions, complaints = sums.between(start - before, start + size)
        low, high = _usual(sums.samples(start - before, size + before, heard_since))
        bins.append(Bin(start, mentions, complaints, low, high))
    days = len(sums.samples(last - before, size + before, heard_since))
    return Chart(tuple(bins), size, days)


def on_chart(chart: Chart, acts: Iterable[Act]) -> tuple[tuple[int, Act], ...]:
    """Return the acts that fall onto a chart with their bins, oldest first."""
    placed = [(chart.place(act.at), act) for act in sorted(acts, key=lambda act: act.at)]
    return tuple((place, act) for place, act in placed if place is not None)


def eighths(values: Sequence[float], top: float, rows: int) -> list[int]:
    """Return heights in eighths of a row; what is not nothing is at least one eighth high."""
    if top <= 0:
        return [0] * len(values)
    most = rows * 8
    return [min(most, max(1, round(one / top * most))) if one > 0 else 0 for one in values]


def _floor(moment: datetime, size: timedelta, zone: tzinfo) -> datetime:
    local = moment.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    inside = local.replace(tzinfo=None) - midnight
    return moment - inside % size


def _usual(samples: Sequence[float]) -> tuple[float | None, float | None]:
    if not samples:
        return None, None
    from statistics import fmean, pstdev  # what only names spans does without

    mean = fmean(samples)
    spread = max(pstdev(samples), mean**0.5)
    return max(0.0, mean - spread), mean + spread


class _Sums:
    """Sums of the counts up to each slot, so that any stretch is one subtraction."""

    def __init__(self, counted: Iterable[Counted], begin: datetime, end: datetime) -> None:
        self._begin = begin
        slots = (end - begin) // SLOT + 2
        mentions, complaints = array("q", bytes(8 * slots)), array("q", bytes(8 * slots))
        for start, many, bad in counted:
            index = (start - begin) // SLOT
            if 0 <= index < slots:
                mentions[index] += many
                complaints[index] += bad
        self._mentions = array("q", accumulate(mentions, initial=0))
        self._complaints = array("q", accumulate(complaints, initial=0))

    def between(self, start: datetime, end: datetime) -> tuple[int, int]:
        """Return mentions and complaints of the slots that start from one moment to another."""
        low, high = self._index(start), self._index(end)
        mentions, complaints = self._mentions, self._complaints
        return mentions[high] - mentions[low], complaints[high] - complaints[low]

    def _index(self, moment: datetime) -> int:
        slots = -(-(moment - self._begin) // SLOT)
        return max(0, min(slots, len(self._mentions) - 1))

    def samples(self, start: datetime, size: timedelta, heard: datetime | None) -> list[float]:
        """Return what a bin held at the same time on each day before that was listened to."""
        beside = BESIDE if size < BESIDE else timedelta()
        share = size / (size + 2 * beside)
        found = []
        for day in range(1, DAYS + 1):
            begin, end = start - day * DAY - beside, start - day * DAY + size + beside
            if heard is not None and begin >= heard:
                found.append(self.between(begin, end)[0] * share)
        return found
