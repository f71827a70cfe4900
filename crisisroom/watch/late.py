"""Writing down what clocks owe, without waiting for somebody to act."""

from __future__ import annotations

from datetime import datetime

from crisisroom.core.engine import next_due, next_fire
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Draft
from crisisroom.room import Room, Scene, reading
from crisisroom.store import Tx, leases
from crisisroom.store.leases import Lease
from crisisroom.store.log import UNREADABLE


async def note_late(room: Room, lease: Lease | None = None) -> int:
    """Leave an entry for everything that clocks owe by now; returns how many entries that were."""

    async def nothing_more(tx: Tx, state: Incident, scene: Scene) -> list[Draft]:
        if lease:
            await leases.check(tx, lease)
        return []

    noted = 0
    for incident in await _followed(room):
        if next_fire(incident, room.clock.now()):
            try:
                acted = await room.act_in(incident.id, nothing_more)
            except Refused as refusal:
                if refusal.code != "damaged":
                    raise
                continue  # the clocks of the others go on
            noted += acted.incident.seq - incident.seq
    return noted


async def next_moment(room: Room) -> datetime | None:
    """Return when the next clock of any incident runs out, None while none is running."""
    now = room.clock.now()
    due = [next_due(incident, now) for incident in await _followed(room)]
    return min((moment for moment in due if moment), default=None)


async def _followed(room: Room) -> list[Incident]:
    """Return the incidents with clocks; whoever acts on one that cannot be followed is told."""
    now = room.clock.now()
    return [one for one in await reading.incidents(room) if _sound(one, now)]


def _sound(incident: Incident, now: datetime) -> bool:
    try:
        next_fire(incident, now)
        next_due(incident, now)
    except UNREADABLE:
        return False
    return True
