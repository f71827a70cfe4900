"""What the keys of the room open: the review in its parts, the brief."""

from __future__ import annotations

from crisisroom.tui.acts import Desk
from crisisroom.tui.after.know import ACTIONS, PROGRAMME, REVIEW


async def review(desk: Desk) -> None:
    """Open the review of the incident in view."""
    _open(desk, REVIEW)


async def actions(desk: Desk) -> None:
    """Open its corrective actions."""
    _open(desk, ACTIONS)


async def programme(desk: Desk) -> None:
    """Open what should change in the programme."""
    _open(desk, PROGRAMME)


def _open(desk: Desk, part: int) -> None:
    from crisisroom.tui.after.screen import AfterScreen  # loaded with the first one

    desk.open(AfterScreen(desk, part))
