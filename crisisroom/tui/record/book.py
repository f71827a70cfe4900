"""What a screen holds of a timeline that may be very long: all its lines, and some of its entries.

Lines count from the newest, which is 0. Links that one person made in a row are one line.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from crisisroom.core.timeline import Entry
from crisisroom.room.leafing import Line, Outline

MOST = 1_000  # entries held at once
ERASED = "words.erased"


class Book:
    """The lines of one incident; `found` narrows them to the entries that fit a filter."""

    def __init__(self, incident: str = "") -> None:
        self.incident = incident
        self.head_hash = ""
        self.told: list[Line] = []
        self.held: dict[int, Entry] = {}
        self._found: list[int] | None = None  # negative numbers: in order, the newest first
        self._runs: list[tuple[int, int]] = []  # first and last number, the oldest first

    @property
    def last(self) -> int:
        """Return the number of the newest entry known of."""
        return self.told[-1].seq if self.told else 0

    def __len__(self) -> int:
        """Return how many lines the list has."""
        return len(self._runs) if self._found is None else len(self._found)

    def take(self, outline: Outline) -> Sequence[Line]:
        """Take in the lines that are new; what was erased since has to be read again."""
        fresh = [one for one in outline.lines if one.seq > self.last]
        for line in fresh:
            self._take(line)
        self.head_hash = outline.head_hash
        if any(line.kind == ERASED for line in fresh):
            self.held.clear()
        return fresh

    def _take(self, line: Line) -> None:
        before = self.told[-1] if self.told else None
        same = before and (before.kind, before.actor) == (line.kind, line.actor)
        if same and line.kind == "mention.linked":
            self._runs[-1] = (self._runs[-1][0], line.seq)
        else:
            self._runs.append((line.seq, line.seq))
        self.told.append(line)

    def hold(self, read: Mapping[int, Entry], wanted: Iterable[int] = ()) -> None:
        """Keep entries that were read; of too many, those that are not wanted now go."""
        self.held |= read
        if len(self.held) > MOST:
            near = {*read, *wanted}
            self.held = {seq: one for seq, one in self.held.items() if seq in near}

    # Narrowing.

    @property
    def narrowed(self) -> bool:
        """Tell whether only what was found shows."""
        return self._found is not None

    def narrow(self, *, on: bool) -> None:
        """Begin to show only what is found, or show everything again."""
        self._found = [] if on else None

    def find(self, numbers: Sequence[int]) -> None:
        """Take in the numbers of entries that fit, newest first."""
        if self._found is None or not numbers:
            return
        fresh = [-one for one in numbers]
        if self._found and fresh[0] <= self._found[-1]:
            fresh, self._found = sorted({*self._found, *fresh}), []
        self._found += fresh

    # Lines.

    def seq(self, index: int) -> int:
        """Return the number of a line's newest entry."""
        return self._runs[-1 - index][1] if self._found is None else -self._found[index]

    def size(self, index: int) -> int:
        """Return how many entries are told as this line."""
        first, last = self._runs[-1 - index] if self._found is None else (0, 0)
        return last - first + 1

    def index_of(self, seq: int) -> int | None:
        """Return the line that an entry is on, None where it does not show."""
        if self._found is not None:
            at = bisect_left(self._found, -seq)
            return at if at < len(self._found) and self._found[at] == -seq else None
        at = bisect_right(self._runs, seq, key=lambda run: run[0]) - 1
        there = at >= 0 and self._runs[at][0] <= seq <= self._runs[at][1]
        return len(self._runs) - 1 - at if there else None

    def numbers(self, start: int, stop: int) -> list[int]:
        """Return the numbers of the newest entries of these lines."""
        return [self.seq(index) for index in range(max(0, start), min(stop, len(self)))]

    def missing(self, start: int, stop: int) -> list[int]:
        """Return those of them that have yet to be read."""
        return [seq for seq in self.numbers(start, stop) if seq not in self.held]
