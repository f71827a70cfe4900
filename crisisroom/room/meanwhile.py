"""What happened while somebody was away: everything since their last sign of life."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.rules import MACHINE
from crisisroom.core.timeline import Entry
from crisisroom.room import Room, places, reading

AWAY = timedelta(minutes=10)  # from which on somebody has been away
_MOST = 500
_FOR_ME = ("person.notified", "action.reminded")


class Meanwhile(msgspec.Struct, frozen=True, kw_only=True):
    """What colleagues and clocks left on one timeline since a moment, oldest first."""

    incident: Incident
    since: datetime
    entries: tuple[Entry, ...]
    for_me: tuple[Entry, ...]  # of these, what was meant for this person


async def since_when(room: Room) -> datetime | None:
    """Return when this person was here last, None for somebody who never was."""
    place = await places.last_place(room)
    return place.at if place else None


async def meanwhile(room: Room, since: datetime, inc: str = "") -> tuple[Meanwhile, ...]:
    """Return what happened since a moment, in one incident or in all where anything did."""
    known = [await reading.incident(room, inc)] if inc else await reading.incidents(room)
    found = [await _of(room, state, since) for state in known]
    return tuple(one for one in found if one.entries or inc)


async def _of(room: Room, state: Incident, since: datetime) -> Meanwhile:
    me = room.actor.name
    newest = await reading.timeline(room, state.id, max(0, state.seq - _MOST))
    fresh = tuple(one for one in newest if one.recorded_at > since and one.actor != me)
    mine = (me, *state.holds(me))
    return Meanwhile(
        incident=state,
        since=since,
        entries=fresh,
        for_me=tuple(one for one in fresh if is_for(one, me, mine)),
    )


def is_for(entry: Entry, me: str, mine: tuple[str, ...]) -> bool:
    """Tell whether an entry was meant for somebody: told to them, offered, given or asked."""
    if entry.kind in _FOR_ME:
        return entry.data.get("who") in mine
    given = ("role.offered", "task.assigned", "enquiry.assigned", "question.asked")
    return entry.kind in given and entry.data.get("person") in mine


def told(found: Meanwhile) -> str:
    """Return in one line how much happened: `12 entries by bo and cy, 2 for you`."""
    people = list(dict.fromkeys(one.actor for one in found.entries if one.actor != MACHINE))
    by = f" by {' and '.join(people[:3])}" if people else ""
    more = f" and {len(people) - 3} more" if len(people) > 3 else ""
    count = "1 entry" if len(found.entries) == 1 else f"{len(found.entries)} entries"
    mine = f", {len(found.for_me)} for you" if found.for_me else ""
    return f"{count}{by}{more}{mine}"


async def told_back(room: Room, left: datetime, inc: str) -> str:
    """Return what is said to who comes back after a while; empty where nothing happened."""
    if room.clock.now() - left < AWAY:
        return ""
    found = await meanwhile(room, left, inc)
    if not found or not found[0].entries:
        return ""
    return f"since you were here: {told(found[0])}"
