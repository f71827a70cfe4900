"""Who is on duty, by the rotation in the room's settings or by a calendar's file."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from crisisroom.config import OnCall
from crisisroom.config.swaps import local_time, span_of
from crisisroom.core import rota
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.rota import Rotation, Shift, Swap
from crisisroom.core.terms import zone_of
from crisisroom.room import Room

AROUND = timedelta(days=32)  # longer shifts are shown cut
FARTHEST = timedelta(days=366 * 5)


async def on_duty(room: Room, now: datetime) -> str:
    """Return who is on duty, nobody where that is not known: no incident waits for a rota."""
    try:
        shift = await current(room, now)
    except Refused:
        return ""
    return shift.person if shift else ""


async def current(room: Room, at: datetime) -> Shift | None:
    """Return the shift that holds at a moment, None for nobody; Refused says what is missing."""
    return rota.holding(await duty(room, at - AROUND, at + AROUND), at)


async def duty(room: Room, since: datetime, until: datetime) -> tuple[Shift, ...]:
    """Return who is on duty between two moments, in order and without overlap.

    Refused says that the room has no rota, or why its calendar cannot be read.
    """
    plan = room.config.oncall
    if plan is None:
        hint = "add oncall: to crisisroom.yaml and apply it"
        raise Refused("no-rota", "this room has no rota", hint)
    now = room.clock.now()
    if max(abs(since - now), abs(until - now)) > FARTHEST:
        raise Usage("time", "no rota reaches that far", "ask for the next five years")
    zone = zone_of(plan.zone or room.config.zone)
    if not plan.ical:
        return rota.shifts(_rotation(plan), since, until, zone)
    from crisisroom.config.ical import calendar_shifts  # few rotas are a calendar's

    file, team = Path(plan.ical), room.config.team
    return await asyncio.to_thread(calendar_shifts, file, since, until, zone, team)


def duty_zone(room: Room) -> tzinfo:
    """Return the time zone in which the rota is meant."""
    plan = room.config.oncall
    return zone_of((plan and plan.zone) or room.config.zone)


def _rotation(plan: OnCall) -> Rotation:
    spans = ((swap.person, span_of(swap, plan)) for swap in plan.swaps)
    swaps = tuple(Swap(person, *span) for person, span in spans if span)
    return Rotation(plan.people, local_time(plan.start, plan), plan.every, swaps)
