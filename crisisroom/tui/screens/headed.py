"""A screen of a list below a head that stays when it scrolls; the lower part has its own keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.tui.rows import Row
from crisisroom.tui.rows.folding import told_whole
from crisisroom.tui.screens.list_and_sheet import ListAndSheet
from crisisroom.tui.screens.list_and_sheet import _Rows as Rows
from crisisroom.tui.warn.sheet import Sheet


class _Headed(Rows):
    """Rows below a head that stays when they scroll."""

    def __init__(self, screen: HeadedList) -> None:
        super().__init__(screen.rows, id="list")
        self._top = screen.top

    def head(self, width: int) -> Sequence[Row]:
        """Return the rows above the list."""
        return told_whole(self._top(width), width)


class HeadedList(ListAndSheet):
    """A list with a head: space is free for its rows, the lower part pages by its own keys."""

    share: ClassVar[float] = 2 / 3  # of the height that the list takes at most
    beside: ClassVar[bool] = False  # on a wide screen the two parts stand beside each other

    def panes(self) -> Iterable[Widget]:
        """The list, and below it the sheet."""
        with Vertical(id="columns"):
            yield _Headed(self)
            yield Sheet(id="sheet", key="pgdn")

    def top(self, width: int) -> Sequence[Row]:
        """Return the rows above the list."""
        return ()

    def draw(self) -> None:
        """Make all rows anew; the list gets the lines it and its head need, its share at most."""
        super().draw()
        if not self.loaded:
            return
        if self.beside and self.wide:
            self._list.styles.height = "1fr"
            return
        height = self.query_one("#columns", Vertical).size.height
        wanted = len(self._list.head(self._list.size.width or self.size.width)) + max(
            2, self._list.count()
        )
        self._list.styles.height = min(wanted, max(4, int(height * self.share)))
