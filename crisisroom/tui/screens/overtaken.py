"""The question whether an act is still meant after a colleague did something to the same thing."""

from __future__ import annotations

from crisisroom.room.overtaking import Overtaken
from crisisroom.tui.rows import Cell, gap, row
from crisisroom.tui.screens.dialogs import Confirm, asking


def overtaken_by(overtaken: Overtaken) -> Confirm:
    """Return the question: what they did, what one was about to do, and the way on."""
    lines = (row(gap(3), Cell(overtaken.hint, "quiet"), Cell("   do it all the same?")),)
    return Confirm(asking(overtaken.message), lines, verb="do it")
