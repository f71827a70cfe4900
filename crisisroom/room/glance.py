"""All that a screen has to know again after a change, read in one go.

Each reading is a round trip to where the room lies: on a server many small ones cost more than
what they read.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from crisisroom.core.candidate import Candidate
from crisisroom.core.incident import Incident
from crisisroom.core.said import Stopped
from crisisroom.core.timeline import Entry
from crisisroom.room import Room, reading, stopping, warnings
from crisisroom.room.approvals import ApprovedWords, approved_in
from crisisroom.room.reading import Status
from crisisroom.store import Tx, candidates, log

_WARNINGS = 200


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """The room at one moment: its status, one incident, what is new on its timeline."""

    status: Status
    incident: Incident | None
    entries: tuple[Entry, ...]
    warnings: tuple[Candidate, ...]
    stopped: Stopped | None
    approved: Mapping[str, ApprovedWords]


async def glance(room: Room, inc: str, known: tuple[str, int]) -> Glance:
    """Return the room as it is; an empty `inc` means the only open incident, if there is one.

    `known` is an incident and the number of its newest entry known: later ones are read.
    """

    async def work(tx: Tx) -> Glance:
        status = await reading.status_in(tx, room)
        incident = await _incident(tx, room, status, inc)
        fresh = incident is not None and known[0] == incident.id and known[1] < incident.seq
        return Glance(
            status=status,
            incident=incident,
            entries=await log.entries(tx, incident.uid, known[1]) if incident and fresh else (),
            warnings=await candidates.recent(tx, tuple(warnings.OPEN), _WARNINGS),
            stopped=await stopping.stopped_in(tx),
            approved=await approved_in(tx) if incident else {},
        )

    return await room.store.read(work)


async def _incident(tx: Tx, room: Room, status: Status, inc: str) -> Incident | None:
    if not inc:
        return status.incidents[0] if len(status.incidents) == 1 else None
    for incident in status.incidents:
        if incident.id == inc:
            return incident
    return await reading.incident_in(tx, room, inc)
