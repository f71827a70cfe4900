"""The pause list, opened."""

from __future__ import annotations

from crisisroom.tui.acts import Desk


async def pauses(desk: Desk) -> None:
    """Open what speaks for us by itself."""
    from crisisroom.tui.pauses.screen import PausesScreen  # loaded with the first one

    desk.open(PausesScreen(desk))
