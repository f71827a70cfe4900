"""The status: two lines at the top of every screen, three on a phone, in which nothing moves."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from crisisroom.tui.rows import Row, phone
from crisisroom.tui.rows.folding import PHONE
from crisisroom.tui.rows.status import CHIP, status_rows
from crisisroom.tui.screens.layout import AIRY
from crisisroom.tui.shown import painter
from crisisroom.tui.situation import Situated, Situation
from crisisroom.tui.widgets.lines import Painted


class StatusLine(Painted):
    """Shows the app's situation; the app calls `show` on it when a minute or a fact changes."""

    DEFAULT_CSS = "StatusLine { height: 2; dock: top; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._know: Situation | None = None

    class Pressed(Message):
        """The corner was clicked, where the most urgent thing stands."""

    def on_click(self, event: events.Click) -> None:
        """Tell of a click on the corner."""
        if event.y == 1 and event.x <= CHIP:
            self.post_message(self.Pressed())

    def on_mount(self) -> None:
        """Take the situation from the app, if it has one."""
        self._take_lines()
        if isinstance(self.app, Situated):
            self.show(self.app.situation)

    def on_resize(self, event: events.Resize) -> None:
        """Take another line where the screen is narrow, and not low."""
        self._take_lines()
        super().on_resize(event)

    def _take_lines(self) -> None:
        width, height = self.app.size
        self.styles.height = 3 if width < PHONE and height >= AIRY else 2

    def show(self, know: Situation) -> None:
        """Show another moment: only the cells that differ are painted."""
        self._know = know
        self.sync()

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the lines."""
        if self._know is None:
            return ()
        palette = painter(self.app).palette
        if width < PHONE:
            return phone.status_rows(self._know, width, signs=palette.plain_cursor)
        right = left_width(width) + 7
        return status_rows(self._know, width, right=right, signs=palette.plain_cursor)


def left_width(width: int) -> int:
    """Return how wide the left column of a screen of two columns is."""
    return 53 if width >= 160 else 41
