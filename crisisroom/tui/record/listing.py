"""A list of what is to come above the lines of a book: it stays where one reads."""

from __future__ import annotations

from collections.abc import Callable

from crisisroom.core.timeline import Entry
from crisisroom.tui.record.book import Book
from crisisroom.tui.rows import Row
from crisisroom.tui.widgets.lines import Listing


class BookList(Listing):
    """Rows above, which may come and go, then the lines of a book, of which some are read."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.book = Book()
        self._above: list[Row] = []
        self._begun = False  # whether the cursor stands where somebody would want it
        self._wish = 0  # the entry to go to as soon as it is there

    def count(self) -> int:
        """Return how many rows the list has."""
        return len(self._above) + len(self.book)

    def stops(self, index: int) -> bool:
        """Rest on whatever stands for something."""
        return index >= len(self._above) or ":" in self._above[index].at

    @property
    def chosen(self) -> str:
        """Return what the cursor stands on, such as `entry:12`; empty for nothing."""
        if self.cursor < len(self._above):
            return self._above[self.cursor].at
        place = self.cursor - len(self._above)
        return f"entry:{self.book.seq(place)}" if place < len(self.book) else ""

    @property
    def entry(self) -> Entry | None:
        """Return the entry under the cursor, None while it is being read."""
        kind, _, seq = self.chosen.partition(":")
        return self.book.held.get(int(seq)) if kind == "entry" else None

    def keep_in_view(self) -> None:
        """Scroll as little as needed; on the first row also what stands above it shows."""
        super().keep_in_view()
        if self._next(self.cursor, -1) is None and self.cursor < self.room:
            self.top = 0

    def _near(self) -> range:
        first = self.top - len(self._above)
        return range(first - self.room, first + 2 * self.room)

    def seek(self, seq: int) -> None:
        """Go to an entry, as soon as it is there."""
        place = self.book.index_of(seq)
        self._wish = seq if place is None else 0
        if place is not None:
            self.go(len(self._above) + place)

    def _change(self, change: Callable[[], None]) -> None:
        """Change the list, and stay on the same row of it and of the screen."""
        at, above, was = self.chosen, self.cursor - self.top, self.cursor
        change()
        place = self._place_of(at)
        if (not self._begun or place is None) and len(self.book):
            self._begun, place = True, len(self._above)
        if self._wish and (wished := self.book.index_of(self._wish)) is not None:
            self._wish, place = 0, len(self._above) + wished
        self.cursor = min(was if place is None else place, max(0, self.count() - 1))
        if self.count() and not self.stops(self.cursor):
            self.cursor = self._next(self.cursor, 1) or self._next(self.cursor, -1) or 0
        if self.top:
            self.top = max(0, self.cursor - above)
        elif self.cursor >= self.room and not self.active:
            self.cursor = len(self._above)  # nobody reads here: what is newest stays in sight
        self.keep_in_view()
        self.sync()

    def _place_of(self, at: str) -> int | None:
        kind, _, name = at.partition(":")
        if kind == "entry":
            place = self.book.index_of(int(name))
            return None if place is None else len(self._above) + place
        return next((i for i, row in enumerate(self._above) if at and row.at == at), None)
