"""Panes of fixed lines: only the cells that changed are painted again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from crisisroom.tui.rows import BLANK, Row, cell_len
from crisisroom.tui.shown import painter, strip

NEAR = 16  # cells: between changes nearer than this, painting on costs less than moving there

MOST_APART = 8  # rows that differ: from then on, painting all at once costs less than each apart


class Painted(Widget, can_focus=False):
    """A pane that shows `view(width, height)`; `sync` paints what differs from before.

    It is not a ScrollView: that lays the whole screen out again whenever a row is added.
    """

    DEFAULT_CSS = "Painted { height: 1fr; width: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._shown: list[Row] = []
        self._shown_at = Size()

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the rows to show, from the top, at most `height` of them."""
        return ()

    def sync(self) -> None:
        """Compare with what is on the screen and paint the difference."""
        if not self.is_mounted or not self.size:
            return
        fresh = self._fresh()
        old, self._shown = self._shown, fresh
        if len(old) != len(fresh):
            self.refresh()
            return
        differing = [y for y, row in enumerate(fresh) if row != old[y]]
        if len(differing) > MOST_APART:
            self.refresh()
        elif differing:
            width = self.size.width
            self.refresh(
                *(region for y in differing for region in changed(old[y], fresh[y], y, width))
            )

    def repaint(self) -> None:
        """Paint everything again: the palette changed."""
        self._shown = self._fresh()
        self.refresh()

    def _fresh(self) -> list[Row]:
        width, height = self._shown_at = self.size
        rows = list(self.view(width, height))[:height]
        return rows + [BLANK] * (height - len(rows))

    def on_resize(self, event: events.Resize) -> None:
        """Make as many rows as there are lines now; those that were painted at once stay."""
        if self._shown_at != self.size:
            self.repaint()
        else:
            self.sync()

    def render_line(self, y: int) -> Strip:
        """Return line `y` as it was when last synced."""
        if self._shown_at != self.size:  # painted before it was told of its new size
            self._shown = self._fresh()
        row = self._shown[y] if y < len(self._shown) else BLANK
        return strip(row, self.size.width, painter(self.app))


def changed(was: Row, now: Row, y: int, width: int) -> Iterator[Region]:
    """Yield the regions of line `y` in which two rows differ; near ones are painted as one."""
    if was.cursor != now.cursor:
        yield Region(0, y, width, 1)
        return
    start = end = 0
    for left, right in _spans(was, now, width):
        if end and left - end >= NEAR:
            yield Region(start, y, end - start, 1)
            start = left
        elif not end:
            start = left
        end = right
    if end:
        yield Region(start, y, end - start, 1)


def _spans(was: Row, now: Row, width: int) -> Iterator[tuple[int, int]]:
    """Yield the columns in which rows differ; from the first shift on, all that follow."""
    column = 0
    for index, cell in enumerate(now.cells):
        before = was.cells[index] if index < len(was.cells) else None
        size = cell_len(cell.text)
        if before is None or cell_len(before.text) != size:
            yield column, width
            return
        if before != cell:
            yield column, min(width, column + size)
        column += size
    if len(was.cells) > len(now.cells) and column < width:
        yield column, width


class Listing(Painted):
    """A pane with a cursor: rows in order, of which a window shows."""

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, listing: Listing) -> None:
            super().__init__()
            self.listing = listing

        @property
        def control(self) -> Listing:
            """Return the pane it happened in."""
            return self.listing

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.cursor = 0
        self.top = 0
        self.active = False

    # What a pane fills in.

    def head(self, width: int) -> Sequence[Row]:
        """Return the rows above the list: a title, a notice."""
        return ()

    def count(self) -> int:
        """Return how many rows the list has."""
        return 0

    def row_at(self, index: int, width: int) -> Row:
        """Return one row of the list."""
        return BLANK

    def stops(self, index: int) -> bool:
        """Say whether the cursor may rest on a row."""
        return True

    # What every pane does with it.

    @property
    def room(self) -> int:
        """Return how many rows of the list fit below the head."""
        return max(1, self.size.height - len(self.head(self.size.width)))

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the head, then the rows from `top` on, the cursor's marked."""
        head = list(self.head(width))
        room = max(0, height - len(head))
        last = min(self.count(), self.top + room)
        body = [
            self.row_at(index, width).under(self.active and index == self.cursor)
            for index in range(self.top, last)
        ]
        return head + body

    def move(self, steps: int) -> None:
        """Move the cursor by so many rows it may rest on."""
        step = 1 if steps > 0 else -1
        for _ in range(abs(steps)):
            following = self._next(self.cursor, step)
            if following is None:
                break
            self.cursor = following
        self._arrived()

    def page(self, pages: float) -> None:
        """Move by pages; half a page is 0.5."""
        self.move(int(self.room * pages) or (1 if pages > 0 else -1))

    def go(self, index: int) -> None:
        """Set the cursor on a row, or the nearest below it that it may rest on."""
        self.cursor = max(0, min(index, self.count() - 1))
        if self.count() and not self.stops(self.cursor):
            following = self._next(self.cursor, 1)
            before = self._next(self.cursor, -1)
            self.cursor = following if following is not None else before or 0
        self._arrived()

    def first(self) -> None:
        """Go to the first row."""
        self.go(0)
        self.top = 0
        self.sync()

    def last(self) -> None:
        """Go to the last row."""
        self.go(self.count() - 1)

    def keep_in_view(self) -> None:
        """Scroll as little as needed for the cursor's row to show; a hidden list stays as it is."""
        if not self.size:
            return
        limit = max(0, self.count() - self.room)
        lowest = self.cursor - self.room + 1
        self.top = max(0, min(max(self.top, lowest), self.cursor, max(limit, lowest)))

    def _next(self, index: int, step: int) -> int | None:
        index += step
        while 0 <= index < self.count():
            if self.stops(index):
                return index
            index += step
        return None

    def _arrived(self) -> None:
        self.keep_in_view()
        self.sync()
        self.post_message(self.Moved(self))

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self.keep_in_view()
        super().on_resize(event)

    def on_click(self, event: events.Click) -> None:
        """Set the cursor where the mouse points."""
        index = self.top + event.y - len(self.head(self.size.width))
        if self.top <= index < self.count() and self.stops(index):
            self.go(index)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move three rows down."""
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move three rows up."""
        self.move(-3)
