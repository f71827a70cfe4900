"""Exports made: read as one, and put on record in the room's own chain."""

from __future__ import annotations

import msgspec

from crisisroom.core.timeline import ROOM, Draft, Entry
from crisisroom.report import Profile, Record, record
from crisisroom.room import Room, reading
from crisisroom.store import Tx, log


class Exportable(msgspec.Struct, frozen=True):
    """An incident's id in this room, and its log as exports are made of it."""

    id: str
    record: Record


async def exportable(room: Room, inc: str = "") -> Exportable:
    """Return an incident's whole log; Refused when its entries do not tell an incident."""
    incident = await reading.incident(room, inc)
    return Exportable(incident.id, record(await reading.timeline(room, incident.id)))


async def note_export(room: Room, one: Exportable, format: str, profile: Profile) -> Entry:
    """Put on record that somebody made an export, of what and up to which entry."""
    data = {
        "incident": one.record.incident.uid,
        "format": format,
        "profile": profile,
        "entries": one.record.incident.seq,
        "head_hash": one.record.head_hash,
    }
    text = f"exported {one.id} as {format}, {profile}"

    async def work(tx: Tx) -> Entry:
        draft = Draft(kind="export.made", text=text, data=data)
        written = await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
        return written[0]

    return await room.store.write(work)
