"""A screen of a list and, below it, more about the row under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from textual import events
from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.room import Room
from crisisroom.tui.compose.base import WordsScreen
from crisisroom.tui.rows import Row
from crisisroom.tui.rows.chart import Pen
from crisisroom.tui.rows.folding import for_width
from crisisroom.tui.shown import painter
from crisisroom.tui.situation import Situated, Situation
from crisisroom.tui.warn.sheet import Sheet
from crisisroom.tui.widgets.lines import Listing
from crisisroom.tui.widgets.pane import RowsPane

Build = Callable[[Situation, int], Sequence[Row]]


class _Rows(RowsPane):
    def __init__(self, build: Build, *, id: str) -> None:
        super().__init__(id=id)
        self.active = True
        self._build = build

    def build(self, know: Situation, width: int) -> Sequence[Row]:
        return for_width(partial(self._build, know), width)


class ListAndSheet(WordsScreen):
    """What such screens share: moving in the list, the sheet that follows, room for both."""

    DEFAULT_CSS = """
    ListAndSheet {
        #columns, &.-wide #columns { layout: vertical; }
        #list { height: 1fr; }
        #sheet { height: 1fr; margin-top: 1; }
    }
    """

    def __init__(self, room: Room) -> None:
        super().__init__(room, "")
        self.loaded = False

    def panes(self) -> Iterable[Widget]:
        """The list, and below it the sheet."""
        with Vertical(id="columns"):
            yield _Rows(self.rows, id="list")
            yield Sheet(id="sheet", key="space")

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the rows of the list; those with `kind:id` in `at` can be chosen."""
        return ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of a row."""
        return ()

    @property
    def chosen(self) -> tuple[str, str]:
        """Return kind and id of the row under the cursor, both empty for none."""
        kind, _, name = self._list.chosen.partition(":")
        return kind, name

    @property
    def pen(self) -> Pen:
        """Return how bars are drawn here."""
        paints = painter(self.app)
        return Pen(self.zone, tinted=paints.palette.tints, ascii_only=paints.ascii_only)

    @property
    def _list(self) -> _Rows:
        return self.query_one("#list", _Rows)

    def draw(self) -> None:
        """Make all rows anew; the list gets the lines it needs, two thirds at most."""
        if isinstance(self.app, Situated):
            self.loaded = True
            self._list.show(self.app.situation)
            room = self.query_one("#columns", Vertical).size.height
            self._list.styles.height = min(max(3, self._list.count()), max(3, room * 2 // 3))
            self._tell(anew=False)
            self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        self._list.rebuild()
        self._tell(anew=False)

    def _tell(self, *, anew: bool) -> None:
        sheet = self.query_one("#sheet", Sheet)
        if sheet.size.width:
            sheet.put(list(self.sheet(self._list.chosen, sheet.size.width)), anew=anew)
        self.show_keys()

    def on_resize(self, event: events.Resize) -> None:
        """Make the rows anew once there is room for them."""
        super().on_resize(event)
        if self.loaded:
            self.call_after_refresh(self.draw)

    def on_listing_moved(self, event: Listing.Moved) -> None:
        """Tell of the row under the cursor."""
        event.stop()
        self._tell(anew=True)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.message_read()
        self._list.move(by)

    def action_edge(self, first: bool) -> None:
        """Go to the first or the last row."""
        if first:
            self._list.first()
        else:
            self._list.last()

    def action_page(self, by: int) -> None:
        """Read on in the lower part."""
        self.query_one("#sheet", Sheet).page(by)
