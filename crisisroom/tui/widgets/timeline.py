"""View 4: what is to come, and what happened: a window on a timeline that may be very long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from textual import events
from textual.message import Message

from crisisroom.core.earlier import earlier
from crisisroom.core.incident import Incident
from crisisroom.core.timefilter import Filter, read
from crisisroom.room import Room
from crisisroom.room.access import reads_legal
from crisisroom.room.leafing import Anchored, Line
from crisisroom.tui.beside import beside
from crisisroom.tui.record import leafer
from crisisroom.tui.record.book import Book
from crisisroom.tui.record.leafer import Hits, Leaf, Read
from crisisroom.tui.record.listing import BookList
from crisisroom.tui.rows import BLANK, Cell, Row, gap, row
from crisisroom.tui.rows.timeline import (
    Head,
    coming_rows,
    entry_row,
    head_rows,
    now_row,
    unread_row,
)
from crisisroom.tui.situation import Situation

ANCHORS = timedelta(minutes=1)  # between two looks at the newest anchor


class TimelinePane(BookList):
    """The incident's entries, newest on top, read as they come into view; a filter narrows them."""

    @dataclass
    class Answer(Message, bubble=False):
        """Something was read; `turn` tells for which list."""

        read: Read
        turn: int

    class Broke(Message):
        """A read failed."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(self, room: Room, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._room = room
        self.know: Situation | None = None
        self.anchored: Anchored | None = None
        self.filter = ""
        self.wide = False
        self._narrow = Filter()
        self._flaw = ""
        self._left = 0
        self._turn = 0  # every new list begins one; answers of an older one are dropped
        self._leafing = self._reading = False
        self._anchors_at: datetime | None = None

    # What it shows.

    def show(self, know: Situation) -> None:
        """Show another moment; what is new is read."""
        before, self.know = self.know, know
        self._change(partial(self._moved_on, before.incident if before else None, know.incident))
        self._leaf()

    def _moved_on(self, was: Incident | None, now: Incident | None) -> None:
        if (now.id if now else "") != self.book.incident or self._is_closed(was, now):
            self._begin(now.id if now else "")
        elif was and now and self._is_moved(was, now):
            self._search()
        self._build()

    def _begin(self, incident: str) -> None:
        self._turn += 1
        self.book = Book(incident)
        self.anchored = self._anchors_at = None
        self.cursor = self.top = 0
        self._leafing = self._reading = self._begun = False
        self.book.narrow(on=self._narrow.narrows)

    def _is_closed(self, was: Incident | None, now: Incident | None) -> bool:
        """Tell whether entries became Legal's, or everybody's again, for who may not read those."""
        if was is None or now is None or reads_legal(self._room, now):
            return False
        marked = (
            {key for key, one in state.marked.items() if one == "legal"} for state in (was, now)
        )
        return len({frozenset(one) for one in marked}) > 1

    def _is_moved(self, was: Incident, now: Incident) -> bool:
        """Tell whether what was said of entries changed, and the filter goes by it."""
        if not (self._narrow.pinned or self._narrow.corrected or self._narrow.seen_by):
            return False
        return (was.pinned, was.corrected, was.marked) != (now.pinned, now.corrected, now.marked)

    def _build(self) -> None:
        """Make the rows above the entries."""
        if self.know is None or self.know.incident is None or not self.size:
            self._above = []
            return
        width = self.size.width
        coming = [] if self.book.narrowed else coming_rows(self.know, width)
        self._above = [*coming, now_row(self.know, width)]
        if self.book.narrowed and not len(self.book) and not self._left:
            self._above.append(row(gap(3), Cell("no entry fits, esc shows all", "quiet")))

    def head(self, width: int) -> Sequence[Row]:
        """Return how long it is, where its chain ends, and what narrows the list."""
        if self.know is None or self.know.incident is None:
            title = [gap(1), Cell("4", "quiet"), gap(1)]
            name = Cell("Timeline", "focus" if self.active else "bold")
            return (row(*title, name),) if self.wide else ()
        told = Head(
            total=self.book.last,
            head_hash=self.book.head_hash,
            anchored_at=self.anchored.at if self.anchored else None,
            typed=self.filter,
            flaw=self._flaw,
            hits=len(self.book) if self.book.narrowed else self.book.last,
            left=self._left,
            focused=self.active,
        )
        return head_rows(self.know, told, width, wide=self.wide)

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the rows, or how the timeline begins."""
        if self.know is not None and self.know.incident is None:
            begins = row(gap(3), Cell("It begins when you declare: I", "quiet"))
            return (*self.head(width), begins, BLANK)
        return super().view(width, height)

    def row_at(self, index: int, width: int) -> Row:
        """Return one row of the list."""
        if index < len(self._above):
            return self._above[index]
        place = index - len(self._above)
        seq = self.book.seq(place)
        entry = self.book.held.get(seq)
        if entry is None or self.know is None:
            return unread_row(seq)
        return entry_row(self.know, entry, width, more=self.book.size(place) - 1)

    # Moving.

    def _arrived(self) -> None:
        super()._arrived()
        self._read_ahead()

    def on_resize(self, event: events.Resize) -> None:
        """Rows depend on the width, and more of them may show."""
        self._change(self._build)
        super().on_resize(event)
        self._read_ahead()

    # Narrowing.

    def narrow(self, typed: str) -> None:
        """Show only the entries that fit what was typed."""
        if self.know is None or typed.strip() == self.filter:
            return
        self.filter = typed.strip()
        told = read(self.filter, self._moment, self.know.me)
        self._flaw = next(iter(told.flaws), "")
        if told.filter != self._narrow:
            self._narrow = told.filter
            self._change(self._search)
            self._read_ahead()
        self._change(self._build)

    def _moment(self, text: str) -> datetime:
        assert self.know is not None
        state = self.know.incident
        return earlier(text, self.know.now, state.zone if state else self.know.zone_name)

    def _search(self) -> None:
        """Look through all lines anew, the newest first."""
        self._turn += 1
        self.book.narrow(on=self._narrow.narrows)
        self._left = len(self.book.told) if self.book.narrowed else 0
        self._reading = False
        if self.book.narrowed:
            self._look_through(tuple(self.book.told))

    def _look_through(self, lines: Sequence[Line]) -> None:
        state = self.know.incident if self.know else None
        if state is not None and lines:
            self._start(leafer.search(self._room, state, lines, self._narrow), "search")

    # Reading.

    def _leaf(self) -> None:
        """Read what is new of the incident, and once a minute the newest anchor."""
        state = self.know.incident if self.know else None
        if state is None or self.know is None or self._leafing:
            return
        looked = self._anchors_at
        due = looked is None or self.know.now - looked >= ANCHORS
        if due:
            self._anchors_at = self.know.now
        if state.seq > self.book.last or due:
            self._leafing = True
            self._start(leafer.leaf(self._room, state.id, self.book.last, anchors=due), "leaf")

    def _read_ahead(self) -> None:
        """Read the entries in view and near it that are not held yet."""
        if self._reading or not self.book.incident:
            return
        near = self._near()
        missing = self.book.missing(near.start, near.stop)
        if missing:
            self._reading = True
            self._start(leafer.some(self._room, self.book.incident, missing), "entries")

    def _start(self, reads: AsyncIterator[Read], name: str) -> None:
        turn = self._turn

        async def run() -> None:
            try:
                async for read in reads:
                    self.post_message(self.Answer(read, turn))
                    if turn != self._turn:
                        return
            except Exception as error:  # told on the line of keys; the list stays
                self._leafing = self._reading = False
                self.post_message(self.Broke(error))

        beside(self, run, name=f"timeline-{name}", group=f"timeline-{name}")

    def on_timeline_pane_answer(self, message: Answer) -> None:
        """Take in what was read."""
        if isinstance(message.read, Leaf):
            self._leafing = False
        if message.turn == self._turn:
            self._change(partial(self._take, message.read))
        self._read_ahead()
        self._leaf()
        if self.active:
            self.post_message(self.Moved(self))  # other keys may act on what is there now

    def _take(self, read: Read) -> None:
        if isinstance(read, Leaf):
            fresh = self.book.take(read.outline)
            self.book.hold(read.entries)
            self.anchored = read.anchored if read.looked else self.anchored
            if self.book.narrowed:
                self._left += len(fresh)
                self._look_through(fresh)
        elif isinstance(read, Hits):
            self._left = read.left
            self.book.find(read.numbers)
        else:
            self._reading = False
            near = self._near()
            self.book.hold(read.entries, self.book.numbers(near.start, near.stop))
        self._build()
