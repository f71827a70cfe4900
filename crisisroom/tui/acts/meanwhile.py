"""What happened while this person was away: told when they come back, and shown as a page."""

from __future__ import annotations

from datetime import datetime, tzinfo

from crisisroom.tui.acts import Desk
from crisisroom.tui.acts.when import dated


async def since(desk: Desk) -> None:
    """Show what happened since this person was here last; a newcomer is asked since when."""
    from crisisroom.tui.team.since import SinceScreen  # loaded with the first one

    left = desk.away_since
    if left is None:
        typed = await desk.line(
            "Since when?",
            "you have not been here before; -8h, or 14:00; b tells where it stands",
            check=lambda words: since_flaw(words, desk.now, desk.zone),
        )
        left = since_of(typed, desk.now, desk.zone)
    if left is not None:
        desk.open(SinceScreen(desk, left))


def since_of(typed: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the moment that `-8h` or `14:00` names; None for anything else."""
    at, rest = dated(typed, now, zone)
    return None if rest else at


def since_flaw(typed: str, now: datetime, zone: tzinfo) -> str:
    """Say what keeps words from naming a moment."""
    return "" if since_of(typed, now, zone) else "a time: -8h, -30m or 14:00"


def typed_since(left: datetime, zone: tzinfo, now: datetime) -> str:
    """Return a moment as the timeline's filter takes it."""
    there = left.astimezone(zone)
    same = there.date() == now.astimezone(zone).date()
    return f"{there:%H:%M}" if same else f"{there:%Y-%m-%dT%H:%M}"
