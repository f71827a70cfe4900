"""Moments and spans, each with the entries that know of them, and the one pass that finds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from crisisroom.core.corrected import at
from crisisroom.core.timeline import Entry
from crisisroom.report.model import Record


class Point(msgspec.Struct, frozen=True, order=True):
    """A moment, and the number of the entry that knows of it."""

    at: datetime
    seq: int


class Span(msgspec.Struct, frozen=True):
    """From one moment to another, in whole seconds."""

    start: Point
    end: Point

    @property
    def seconds(self) -> int:
        """Return how long it was; less than nothing where the end is before the start."""
        return int((self.end.at - self.start.at).total_seconds() // 1)


class Taker(Protocol):
    """Takes the entries of some kinds, in the order of the log."""

    @property
    def kinds(self) -> Collection[str]:
        """Return the kinds of entries it takes."""

    def take(self, entry: Entry, at: datetime) -> None:
        """Take an entry that happened at a time: the corrected one where there is one."""


def read(record: Record, takers: Sequence[Taker]) -> None:
    """Hand every entry to those who take its kind, in one pass over the log."""
    wanted: dict[str, list[Taker]] = {}
    for taker in takers:
        for kind in taker.kinds:
            wanted.setdefault(kind, []).append(taker)
    for entry in record.entries.of(wanted):
        happened = at(record.incident, entry)
        for taker in wanted[entry.kind]:
            taker.take(entry, happened)
