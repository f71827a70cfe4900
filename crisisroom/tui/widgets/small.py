"""What a terminal that is too small shows: why, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.tui.rows import Cell, Row, clip, row
from crisisroom.tui.widgets.lines import Painted


class TooSmall(Painted):
    """Names the verb that does the same without a screen."""

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the words, cut to what fits."""
        told = ("The room needs 60x16.", "Smaller: crisisroom status", "and the other verbs.")
        return [row(Cell(clip(line, width))) for line in told]
