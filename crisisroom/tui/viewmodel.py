"""What the feed holds in memory: a window of a long list."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import msgspec

from crisisroom.core.mention import Mention
from crisisroom.core.query import Query

PAGE = 256
MOST = 16 * PAGE  # mentions held at once; what lies further away is read again when needed


class Need(msgspec.Struct, frozen=True):
    """Mentions to read next: older ones `before` a row's number, or newer ones `after` it."""

    side: Literal["older", "newer"]
    number: int


class Window:
    """A run of the newest-first list: `total` rows, of which those from `start` on are held."""

    def __init__(self) -> None:
        self.total = 0
        self.start = 0
        self._rows: deque[Mention] = deque()
        self._index: dict[str, int] = {}  # id -> position in the run

    def __len__(self) -> int:
        return self.total

    @property
    def held(self) -> int:
        """Return how many mentions are in memory."""
        return len(self._rows)

    @property
    def newest(self) -> int:
        """Return the number of the first row held, 0 when there is none."""
        return self._rows[0].number if self._rows else 0

    def at(self, index: int) -> Mention | None:
        """Return the mention of a row, or None while it is not held."""
        place = index - self.start
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def index_of(self, mention_id: str) -> int | None:
        """Return the row of a mention that is held."""
        place = self._index.get(mention_id)
        return None if place is None else place + self.start

    def load(self, rows: Sequence[Mention], *, start: int, total: int) -> None:
        """Hold exactly these rows, newest first; `start` is the first one's place in the list."""
        self.total, self.start = max(total, start + len(rows)), start
        self._rows = deque(rows)
        self._reindex()

    def push(self, rows: Sequence[Mention]) -> int:
        """Put newer mentions on top of the list (newest first); return how many were new."""
        fresh = [row for row in rows if row.id not in self._index]
        if self.start == 0:
            self._rows.extendleft(reversed(fresh))
        else:
            self.start += len(fresh)
        self.total += len(fresh)
        self._drop_oldest()
        self._reindex()
        return len(fresh)

    def extend(self, need: Need, rows: Sequence[Mention]) -> None:
        """Add what `need` asked for; the far end is let go when too much is held."""
        fresh = [row for row in rows if row.id not in self._index]
        if need.side == "older":
            self._rows.extend(fresh)
            if len(rows) < PAGE:
                self.total = self.start + len(self._rows)
            while len(self._rows) > MOST:
                self._rows.popleft()
                self.start += 1
        else:
            self._rows.extendleft(reversed(fresh))
            self.start = max(0, self.start - len(fresh))
            self._drop_oldest()
        self.total = max(self.total, self.start + len(self._rows))
        self._reindex()

    def need(self, first: int, last: int) -> Need | None:
        """Return what to read so that rows `first` to `last` (inclusive) are held."""
        if not self._rows:
            return None
        if first < self.start:
            return Need("newer", self._rows[0].number)
        end = self.start + len(self._rows)
        if last >= end and end < self.total:
            return Need("older", self._rows[-1].number)
        return None

    def within(self, ranges: Iterable[tuple[int, int]]) -> list[Mention]:
        """Return the mentions held whose numbers lie in one of the ranges."""
        wanted = tuple(ranges)
        return [row for row in self._rows if any(low <= row.number <= high for low, high in wanted)]

    def replace(self, mention: Mention) -> int | None:
        """Put a mention's new state where it stands; return its row if it is held."""
        index = self.index_of(mention.id)
        if index is not None:
            self._rows[index - self.start] = mention
        return index

    def search(self, index: int, step: int, fits: Callable[[Mention], bool]) -> int | None:
        """Return the nearest held row from `index` on, going by `step`, that fits."""
        index += step
        while (mention := self.at(index)) is not None:
            if fits(mention):
                return index
            index += step
        return None

    def _drop_oldest(self) -> None:
        while len(self._rows) > MOST:
            self._rows.pop()

    def _reindex(self) -> None:
        self._index = {mention.id: place for place, mention in enumerate(self._rows)}


def older(query: Query, number: int) -> Query:
    """Return the query for the page below a row."""
    return msgspec.structs.replace(query, before=number, limit=PAGE, newest_first=True)


def newer(query: Query, number: int, *, limit: int = PAGE) -> Query:
    """Return the query for the page above a row; it comes oldest first."""
    return msgspec.structs.replace(query, after=number, limit=limit, newest_first=False)


def newest_first(rows: Iterable[Mention]) -> list[Mention]:
    """Return mentions in the order of the feed."""
    return sorted(rows, key=lambda mention: mention.number, reverse=True)
