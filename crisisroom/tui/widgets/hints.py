"""The last line: at most seven keys for the row under the cursor, or one message."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.strip import Strip

from crisisroom.tui.rows import BLANK, Cell, Row, cell_len
from crisisroom.tui.shown import painter
from crisisroom.tui.signs import plain
from crisisroom.tui.widgets.lines import Painted

MOST = 7


class Hints(Painted):
    """Keys and what they do; a message takes the line until the next key (`show_keys`)."""

    DEFAULT_CSS = "Hints { height: 1; dock: bottom; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._keys: tuple[tuple[str, str], ...] = ()
        self._message: Content | None = None

    @property
    def message(self) -> str:
        """Return the message that takes the line now, if one does."""
        return self._message.plain if self._message else ""

    def show_keys(self, keys: Sequence[tuple[str, str]], *, keep: bool = False) -> None:
        """Show up to seven `(key, label)`; an empty key is a reason, in quiet, for one that rests.

        A message that was on the line goes, unless it is to be kept until the next key.
        """
        self._keys = tuple(keys[:MOST])
        if not keep:
            self.clear()
        self.sync()

    def say(self, message: Content) -> None:
        """Show one line of words until `show_keys` or `clear` is called."""
        self._message = message
        self.refresh()

    def clear(self) -> None:
        """Take a message off the line and show the keys again."""
        if self._message is not None:
            self._message = None
            self._shown = self._fresh()
            self.refresh()

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the line of keys."""
        if self._message is not None:
            return (BLANK,)
        cells: list[Cell] = [Cell(" ")]
        used = 1
        for index, (key, label) in enumerate(self._keys):
            parts = _hint(key, label, first=index == 0)
            size = sum(cell_len(part.text) for part in parts)
            if used + size > width:
                break
            cells.extend(parts)
            used += size
        return (Row(tuple(cells)),)

    def render_line(self, y: int) -> Strip:
        """Return the message if there is one, else the keys."""
        if self._message is None or y:
            return super().render_line(y)
        paints = painter(self.app)
        told = Content(" ") + self._message.truncate(self.size.width - 1, ellipsis=True)
        text = plain(told.plain) if paints.ascii_only else told.plain
        pieces = Content(text, list(told.spans)).render_segments(paints.palette.base)
        return Strip(pieces).adjust_cell_length(self.size.width)


def _hint(key: str, label: str, *, first: bool) -> tuple[Cell, ...]:
    between = Cell("" if first else "   ")
    if not key:
        return (between, Cell(label, "quiet"))
    return (between, Cell(key, "key"), Cell(f" {label}", "quiet"))
