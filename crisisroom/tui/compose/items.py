"""A short list on these screens: a cursor, a mark, and lines that wrap under themselves."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from crisisroom.tui.compose.said import Item, line
from crisisroom.tui.keys.general import ITEMS
from crisisroom.tui.keys.keyed import bind
from crisisroom.tui.rows import Row, cell_len
from crisisroom.tui.shown import content, contents, painter
from crisisroom.tui.signs import CURSOR


class Words(Static):
    """Lines of cells, wrapped; behind a bar when a stranger speaks."""

    DEFAULT_CSS = """
    Words {
        height: auto; width: 1fr; pointer: default;
        &.-quote { border-left: solid $faint; padding-left: 1; }
        &.-quote.-ascii { border-left: ascii $faint; }
    }
    """

    def __init__(
        self, rows: Sequence[Row] = (), *, id: str | None = None, quote: bool = False
    ) -> None:
        super().__init__(id=id, markup=False)
        self._rows = tuple(rows)
        self.set_class(quote, "-quote")

    def on_mount(self) -> None:
        """Paint the first lines."""
        self._paint()

    def say(self, *rows: Row) -> None:
        """Show these lines from now on."""
        if rows != self._rows:
            self._rows = rows
            if self.is_mounted:
                self._paint()

    def _paint(self) -> None:
        paints = painter(self.app)
        self.set_class(paints.ascii_only, "-ascii")
        self.update(contents(self._rows, paints))


class _Block(Horizontal):
    """One item: a column for the cursor's bar, one for the mark and a blank, then the words."""

    DEFAULT_CSS = """
    _Block {
        height: auto;
        .bar { width: 1; height: 100%; }
        .mark { width: 2; height: auto; }
        .label { height: auto; }
        &.-cursor, &.-cursor Static { background: $cursor; }
        &.-cursor.-reverse .mark, &.-cursor.-reverse Words { text-style: reverse; }
    }
    """

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item

    def compose(self) -> ComposeResult:
        yield Static(classes="bar", markup=False)
        yield Static(classes="mark", markup=False)
        if self.item.label:
            label = Static(classes="label", markup=False)
            label.styles.width = cell_len(self.item.label) + 1
            yield label
        yield Words(self.item.body, quote=self.item.quote)

    def on_mount(self) -> None:
        plain = painter(self.app).palette.plain_cursor
        self.set_class(plain and len(self.item.body) == 1, "-reverse")  # of many lines: the bar
        self._mark()

    def show_item(self, item: Item) -> None:
        """Show another state of the same thing."""
        if item != self.item:
            self.item = item
            self._mark()
            for words in self.query(Words):
                words.say(*item.body)

    def point(self, at_it: bool) -> None:
        """Put the cursor on this item, or take it away."""
        if self.has_class("-cursor") != at_it:
            self.set_class(at_it, "-cursor")
            bar = line((CURSOR if at_it else " ", "mine"))
            for shown in self.query(".bar").results(Static):
                shown.update(content(bar, painter(self.app)))

    def _mark(self) -> None:
        mark = content(line(self.item.mark), painter(self.app))
        for shown in self.query(".mark").results(Static):  # none while the screen is being left
            shown.update(mark)
        for label in self.query(".label").results(Static):
            label.update(content(line((self.item.label, "quiet")), painter(self.app)))


class Items(VerticalScroll, can_focus=True):
    """A list of items with a cursor; `enter` chooses, digits too where the list has them."""

    DEFAULT_CSS = """
    Items { height: auto; scrollbar-size: 0 0; background: $background; }
    Items.-spaced _Block { margin-bottom: 1; }
    """
    cursor: reactive[int] = reactive(0, init=False)

    class Chosen(Message):
        """An item was chosen by `enter` or by its digit."""

        def __init__(self, items: Items, item: Item) -> None:
            super().__init__()
            self.items = items
            self.item = item

        @property
        def control(self) -> Items:
            """The list it was chosen in."""
            return self.items

    class Moved(Message):
        """The cursor stands on another item."""

        def __init__(self, items: Items) -> None:
            super().__init__()
            self.items = items

        @property
        def control(self) -> Items:
            """The list it moved in."""
            return self.items

    def __init__(self, *, id: str, spaced: bool = False, digits: bool = False) -> None:
        super().__init__(id=id)
        self.set_class(spaced, "-spaced")
        self._items: tuple[Item, ...] = ()
        self._digits = digits

    @property
    def here(self) -> Item | None:
        """The item under the cursor."""
        return self._items[self.cursor] if self.cursor < len(self._items) else None

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, from the top."""
        return self._items

    async def show(self, items: Sequence[Item]) -> None:
        """Show these items; the cursor stays with the one it is on."""
        before, self._items = self.here, tuple(items)
        blocks = list(self.query(_Block))
        ids = [item.id for item in items]
        if [block.item.id for block in blocks] == ids:
            for block, item in zip(blocks, items, strict=True):
                block.show_item(item)
            return
        await self.remove_children(_Block)
        await self.mount(*map(_Block, items))
        stays = before is not None and before.id in ids
        self.set_reactive(Items.cursor, ids.index(before.id) if before and stays else 0)
        self._point()

    def on_mount(self) -> None:
        """Take on the keys as this person wants them."""
        bind(self, ITEMS)

    def on_key(self, event: events.Key) -> None:
        """Choose by digit, where the list has digits."""
        digit = int(event.key) if event.key.isdecimal() else 0
        if self._digits and 0 < digit <= len(self._items):
            event.stop()
            self.cursor = digit - 1
            self.action_choose()

    def action_move(self, by: int) -> None:
        """Move the cursor up or down."""
        if self._items:
            self.cursor = min(max(self.cursor + by, 0), len(self._items) - 1)

    def action_edge(self, last: bool) -> None:
        """Move the cursor to the first or last item."""
        self.cursor = max(len(self._items) - 1, 0) if last else 0

    def action_choose(self) -> None:
        """Choose the item under the cursor."""
        if item := self.here:
            self.post_message(self.Chosen(self, item))

    def watch_cursor(self) -> None:
        """Show where the cursor is."""
        self._point()
        self.post_message(self.Moved(self))

    def on_focus(self) -> None:
        """Show the cursor when the list is worked in."""
        self._point(True)

    def on_blur(self) -> None:
        """Hide the cursor when the keys go elsewhere."""
        self._point(False)

    def _point(self, focused: bool | None = None) -> None:
        focused = self.has_focus if focused is None else focused
        for index, block in enumerate(self.query(_Block)):
            at_it = index == self.cursor and focused
            block.point(at_it)
            if at_it:
                self.scroll_to_widget(block, animate=False)
