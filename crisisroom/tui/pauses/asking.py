"""A screen of a list whose keys ask before they act, and act beside the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.tui.acts import Desk, Given
from crisisroom.tui.compose.base import Then, key
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.list_and_sheet import ListAndSheet
from crisisroom.tui.screens.list_and_sheet import _Rows as Rows
from crisisroom.tui.warn.sheet import Sheet


class _Headed(Rows):
    """Rows below a head that stays when they scroll."""

    def __init__(self, screen: AskingList) -> None:
        super().__init__(screen.rows, id="list")
        self._top = screen.top

    def head(self, width: int) -> Sequence[Row]:
        """Return the rows above the list."""
        return self._top(width)


class AskingList(ListAndSheet):
    """A list of one incident's things: space settles, the lower part pages by its own keys."""

    share: ClassVar[float] = 2 / 3  # of the height that the list takes at most
    beside: ClassVar[bool] = False  # on a wide screen the two parts stand beside each other

    BINDINGS: ClassVar[list[BindingType]] = [
        key("pagedown,ctrl+d", "page(1)", "a page of the lower part down", "list.page"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.room)
        self.desk = desk
        self.incident_id = desk.incident.id

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
        wanted = len(self.top(self.size.width)) + max(2, self._list.count())
        self._list.styles.height = min(wanted, max(4, int(height * self.share)))

    def ask(self, act: Callable[[], Awaitable[str]], name: str) -> None:
        """Do an act that may ask first; what it returns is said, empty for nothing."""
        self.do(partial(self._asked, act), name=name)

    async def _asked(self, act: Callable[[], Awaitable[str]]) -> Then:
        try:
            told = await act()
        except Given:
            return lambda: None

        def after() -> None:
            self.reload()
            if told:
                self.say(told)

        return after
