"""What is told of one entry read whole: the entry, its corrections, and where it is anchored."""

from __future__ import annotations

from datetime import datetime, tzinfo

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.links import Link, links
from crisisroom.core.timeline import Entry
from crisisroom.room import Room, leafing, timeline
from crisisroom.room.leafing import Anchored

NUMBERED = 9  # links that one digit follows


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """One entry with all that is known of it."""

    entry: Entry
    incident: Incident
    links: tuple[Link, ...]
    corrections: tuple[Entry, ...]
    corrected: Entry | None  # what it corrects
    anchored: Anchored | None
    now: datetime
    zone: tzinfo


async def whole(room: Room, inc: str, seq: int, zone: tzinfo) -> Whole:
    """Read an entry of an incident with what was said of it since."""
    seen = await timeline.one(room, inc, seq)
    corrects = seen.entry.corrects
    return Whole(
        entry=seen.entry,
        incident=seen.incident,
        links=links(seen.entry, seen.called),
        corrections=await leafing.corrections(room, inc, seq),
        corrected=(await leafing.some(room, inc, [corrects])).get(corrects) if corrects else None,
        anchored=await leafing.anchored(room, inc),
        now=room.clock.now(),
        zone=zone,
    )
