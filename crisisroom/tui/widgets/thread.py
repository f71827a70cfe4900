"""View 2: one conversation."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.rows.folding import told_whole
from crisisroom.tui.rows.thread import Talk, no_thread, thread_head, thread_rows
from crisisroom.tui.situation import Situation
from crisisroom.tui.widgets.lines import Listing


class ThreadPane(Listing):
    """Scrolls through the posts; it has no cursor of its own."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.know: Situation | None = None
        self.talk: Talk | None = None
        self.wide = False
        self._rows: Sequence[Row] = ()

    def show(self, know: Situation, talk: Talk | None = None) -> None:
        """Show a conversation, or the same one at another moment."""
        if talk is not None and (self.talk is None or talk.mention.id != self.talk.mention.id):
            self.top = 0
        self.know, self.talk = know, talk or self.talk
        self._build()
        self.sync()

    def clear(self) -> None:
        """Show that no post is chosen."""
        self.talk = None
        self._build()
        self.sync()

    def _build(self) -> None:
        width = self.size.width
        if self.know is None or self.talk is None or not width:
            self._rows = told_whole(no_thread(), width) if width else ()
        else:
            self._rows = thread_rows(self.know, self.talk, width)
        self.top = max(0, min(self.top, len(self._rows) - self.room))

    def head(self, width: int) -> Sequence[Row]:
        """Return where the post is, how wide, how long it waits."""
        if self.know is None:
            return ()
        mention = self.talk.mention if self.talk else None
        return (thread_head(self.know, mention, wide=self.wide, focused=self.active),)

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self._rows)

    def row_at(self, index: int, width: int) -> Row:
        """Return one line; it never shows a cursor."""
        return self._rows[index] if index < len(self._rows) else BLANK

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the head and the lines that show."""
        head = list(self.head(width))
        return head + list(self._rows[self.top : self.top + max(0, height - len(head))])

    def move(self, steps: int) -> None:
        """Scroll by so many lines."""
        self.top = max(0, min(self.top + steps, len(self._rows) - self.room))
        self.sync()

    def go(self, index: int) -> None:
        """Scroll to a line."""
        self.top = 0
        self.move(index)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the words anew."""
        self._build()
        super().on_resize(event)
