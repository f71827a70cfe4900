"""The key that opens the export."""

from __future__ import annotations

from crisisroom.tui.acts import Desk


async def export(desk: Desk) -> None:
    """Open the export of the incident in view, which may be long over."""
    from crisisroom.tui.papers.screen import PapersScreen  # loaded with the first one

    desk.open(PapersScreen(desk))
