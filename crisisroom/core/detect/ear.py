"""What was heard, in order of time: series a term, the recent crowd, the risk terms.

Silence while somebody listens is a count of zero; a time in which nobody did teaches nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from crisisroom.core.candidate import OVERALL, Heard
from crisisroom.core.detect.crowd import Crowd
from crisisroom.core.detect.series import Series
from crisisroom.core.detect.stories import Stories
from crisisroom.core.detect.words import Words

LATE = timedelta(hours=1)
_MOST = 400  # series; terms beyond count into the whole only
_LEAP = 7 * 1440  # minutes of silence that nobody believes


def minute_of(moment: datetime) -> int:
    """Return the minute since the epoch that a moment is in; 0 for those before."""
    return max(0, int(moment.timestamp() // 60))


class Pending(msgspec.Struct, frozen=True):
    """A mention that waits for the next tick, with the expected events that it fits."""

    heard: Heard
    fits: tuple[str, ...] = ()


class Ear:
    """Takes mentions in and lets time pass; `fresh` are the series that have something new."""

    def __init__(self) -> None:
        self.minute = -1  # before anything was heard
        self.series: dict[str, Series] = {}
        self.crowd = Crowd()
        self.words = Words(0)
        self.stories = Stories()
        self.fresh: set[str] = set()
        self.fresh_words: set[str] = set()
        self.fresh_stories: set[str] = set()
        self._pending: list[Pending] = []
        self._gaps: list[tuple[int, int]] = []

    def hear(self, one: Heard, fits: tuple[str, ...]) -> None:
        """Keep a mention for the next time that time passes."""
        self._pending.append(Pending(one, fits))

    def gap(self, start: datetime, end: datetime) -> None:
        """Note that nobody listened from one moment to another."""
        first, last = minute_of(start), minute_of(end)
        if last > first:
            self._gaps.append((first, last))

    def merged(self, into: str, gone: str) -> None:
        """Count one story as another."""
        self.crowd.merged(into, gone)
        self.stories.merged(into, gone)

    def rewind(self, minute: int) -> None:
        """Go back to a minute: the clock had been wrong. What was learnt is kept."""
        self.minute = minute
        self.crowd.clear()
        self.words.rewind(minute)
        self.stories.rewind(minute)
        self._gaps = []
        for series in self.series.values():
            series.rewind(minute)

    def told(self) -> None:
        """Note that what was new has been looked at."""
        self.fresh.clear()
        self.fresh_words.clear()
        self.fresh_stories.clear()

    def go(self, now: datetime) -> None:
        """Take in what waits, each at its time, and go on to this moment."""
        minute = max(self.minute, minute_of(now))
        waiting = sorted(self._pending, key=lambda one: one.heard.posted_at)
        self._pending = []
        if self.minute < 0:
            self._begin(minute, waiting)
        for one in waiting:
            self._take(one, min(minute, minute_of(one.heard.posted_at)))
        self._pass_to(minute)
        self._gaps = [(first, last) for first, last in self._gaps if last > minute]
        self.crowd.forget(minute)

    def _begin(self, minute: int, waiting: list[Pending]) -> None:
        """Begin with the first mention that comes in time; what is older is history."""
        fresh = [minute_of(one.heard.posted_at) for one in waiting if not late(one.heard)]
        self.minute = min([minute, *fresh])
        self.words = Words(self.minute)
        self.series[OVERALL] = Series(self.minute)

    def _take(self, one: Pending, minute: int) -> None:
        heard = one.heard
        is_late = late(heard)
        if not is_late:
            self._pass_to(max(self.minute, minute))
            self.crowd.add(heard, minute, one.fits)
            self.fresh_words.update(heard.risk)
            if heard.narrative:
                self.stories.add(heard.narrative, minute)
                self.fresh_stories.add(heard.narrative)
        self.words.add(heard.risk, minute)
        for key in (OVERALL, *dict.fromkeys(heard.terms)):
            if (series := self._of(key)) is None:
                continue
            if is_late:
                series.learn(minute)
            else:
                series.add(minute)
                self.fresh.add(key)

    def _of(self, key: str) -> Series | None:
        if key not in self.series and len(self.series) < _MOST:
            self.series[key] = Series(self.minute)
            self.series[key].silent_as_long_as(self.series[OVERALL])
        return self.series.get(key)

    def _pass_to(self, minute: int) -> None:
        if minute <= self.minute:
            return
        heard = self._listened(self.minute + 1, minute)
        for series in self.series.values():
            if heard is None:
                series.leap(minute)
            else:
                for one in heard:
                    series.step(one)
        self.minute = minute

    def _listened(self, first: int, last: int) -> list[bool] | None:
        """Return for each minute whether somebody listened; None for longer than a week."""
        if last - first > _LEAP:
            return None
        gaps = [(start, end) for start, end in self._gaps if start <= last and end > first]
        if not gaps:
            return [True] * (last - first + 1)
        return [not any(start <= at < end for start, end in gaps) for at in range(first, last + 1)]

    def dump(self) -> dict[str, Any]:
        """Return the state as plain values."""
        return {
            "minute": self.minute,
            "series": {key: one.dump() for key, one in self.series.items()},
            "crowd": self.crowd.dump(),
            "words": self.words.dump(),
            "stories": self.stories.dump(),
            "fresh": sorted(self.fresh),
            "fresh_words": sorted(self.fresh_words),
            "fresh_stories": sorted(self.fresh_stories),
            "pending": self._pending,
            "gaps": self._gaps,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a state that `dump` returned."""
        self.minute = state["minute"]
        self.series = {key: Series.restored(one) for key, one in state["series"].items()}
        self.crowd.restore(state["crowd"])
        self.words.restore(state["words"])
        self.stories.restore(state["stories"])
        self.fresh, self.fresh_words = set(state["fresh"]), set(state["fresh_words"])
        self.fresh_stories = set(state["fresh_stories"])
        self._pending = msgspec.convert(state["pending"], list[Pending])
        self._gaps = [(first, last) for first, last in state["gaps"]]


def late(one: Heard) -> bool:
    """Return whether a mention comes too late to warn."""
    return one.seen_at - one.posted_at > LATE
