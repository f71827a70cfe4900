"""Screens of their own that one key opens: charts, figures, who is here."""

from __future__ import annotations

from functools import partial

from crisisroom.tui.acts import Desk
from crisisroom.tui.acts.people import brief
from crisisroom.tui.charts.screen import VolumeScreen
from crisisroom.tui.figures.screen import FiguresScreen
from crisisroom.tui.team.screen import WhoScreen


async def volume(desk: Desk) -> None:
    """Open the charts."""
    desk.open(VolumeScreen(desk))


async def figures(desk: Desk) -> None:
    """Open the figures."""
    desk.open(FiguresScreen(desk))


async def who(desk: Desk) -> None:
    """Open who is here."""
    told = partial(brief, desk) if desk.context.incident else None
    desk.open(WhoScreen(desk.room, told))
