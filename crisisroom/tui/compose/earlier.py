"""The list of texts one can go on from, each shown against what stands in the editor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from crisisroom.tui.compose.items import Items, Words
from crisisroom.tui.compose.marked import differing
from crisisroom.tui.compose.said import line
from crisisroom.tui.compose.theirs import State, state_items
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import Dialog


class Earlier(Dialog[str | None]):
    """Shows states of a draft with what differs; dismissed with the id of one, or with None."""

    place = "earlier"

    DEFAULT_CSS = """
    Earlier {
        #list { max-height: 7; margin: 1 0 0 0; }
        #difference { height: auto; max-height: 11; margin: 1 0 0 0; scrollbar-size: 0 0; }
        #difference Words { padding-left: 3; }
    }
    """

    def __init__(
        self, title: Row, found: Sequence[State], text: str, me: str, now: datetime, zone: tzinfo
    ) -> None:
        keys = [("enter", "go on from it"), ("j k", "choose"), ("esc", "keep mine")]
        super().__init__(title, keys)
        self._items = state_items(found, me, now, zone)
        self._texts = {one.id: one.text for one in found}
        self._text = text

    def body(self) -> ComposeResult:
        """Yield the list, and below it what differs."""
        yield Items(id="list", digits=False)
        with VerticalScroll(id="difference", can_focus=False):
            yield Words(id="diff")

    def on_mount(self) -> None:
        """Fill the list."""
        super().on_mount()
        self.call_later(self._fill)

    async def _fill(self) -> None:
        listed = self.query_one(Items)
        await listed.show(self._items)
        listed.focus()
        self._show()

    def _show(self) -> None:
        here = self.query_one(Items).here
        if here is not None:
            head = line(
                ("against what stands now:  ", "quiet"),
                ("new", "said"),
                "  ",
                ("[-gone-]", "quiet"),
            )
            self.query_one(Words).say(head, *differing(self._text, self._texts[here.id]))

    @on(Items.Moved)
    def _moved(self) -> None:
        self._show()

    @on(Items.Chosen)
    def _chosen(self, message: Items.Chosen) -> None:
        self.dismiss(message.item.id)
