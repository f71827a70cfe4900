"""The screens on which words are put right: corrections that are due, answers that may be used."""

from __future__ import annotations

from crisisroom.tui.acts import Desk


async def owed(desk: Desk) -> None:
    """Open what is out and no longer true."""
    from crisisroom.tui.compose.owed import OwedScreen  # loaded with the first one

    desk.open(OwedScreen(desk.room, desk.incident.id))


async def answers(desk: Desk) -> None:
    """Open the answers and messages of the incident."""
    from crisisroom.tui.compose.answers import AnswersScreen  # loaded with the first one

    desk.open(AnswersScreen(desk.room, desk.incident.id))
