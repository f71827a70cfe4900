"""Counting how much is said, once an hour, for every incident that is open."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Draft
from crisisroom.core.volumes import is_due
from crisisroom.room import Room, Scene, reading, volumes
from crisisroom.store import Tx, leases
from crisisroom.store.leases import Lease

LOOK = 60.0  # of the room's seconds between two looks at whether an hour is over


async def count_due(room: Room, lease: Lease | None = None) -> int:
    """Put the hours that are over on the record of each open incident; returns how many wrote.

    Under a lease, LeaseLost once somebody else holds it.
    """

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        if lease:
            await leases.check(tx, lease)
        return await volumes.whole_hours(tx, state, scene.now) if is_due(state, scene.now) else []

    counted = 0
    for incident in await reading.incidents(room):
        if not is_due(incident, room.clock.now()) or not await _anything(room, incident):
            continue
        try:
            counted += (await room.act_in(incident.id, decide)).changed
        except Refused as refusal:
            if refusal.code != "damaged":
                raise  # the counts of the others go on
    return counted


async def _anything(room: Room, incident: Incident) -> bool:
    """Tell, without taking anybody's turn at writing, whether there is something to write."""
    now = room.clock.now()
    return bool(await room.store.read(lambda tx: volumes.whole_hours(tx, incident, now)))
