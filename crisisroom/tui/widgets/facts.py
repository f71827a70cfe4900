"""View 5: facts, statements, replies, and the sentences that are approved."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.tui.rows import Cell, Row, gap, row
from crisisroom.tui.rows.words import KeyLine, words_rows
from crisisroom.tui.situation import Situation
from crisisroom.tui.widgets.pane import RowsPane


class WordsPane(RowsPane):
    """All that is known and said; approvals of key messages are read beside the incident."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[KeyLine, ...] = ()

    def put(self, lines: Sequence[KeyLine]) -> None:
        """Show these key messages."""
        self._lines = tuple(lines)
        self.rebuild()

    def head(self, width: int) -> Sequence[Row]:
        """Return a title only on a wide screen, where no tab names the view."""
        if not self.wide:
            return ()
        return (row(gap(1), Cell("5", "quiet"), gap(1), Cell("Words", "focus")), Row())

    def build(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the rows, or how they begin."""
        if know.incident is None:
            return (row(gap(3), Cell("Facts and words come with an incident: I", "quiet")),)
        return words_rows(know, self._lines, width)

    def chosen_of(self, kind: str) -> str:
        """Return the id under the cursor if it is of this kind: fact, words, template, key."""
        what, _, name = self.chosen.partition(":")
        return name if what == kind else ""
