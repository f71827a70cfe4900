"""Who is here, and where each person comes back to."""

from __future__ import annotations

import os
import socket
from typing import Any

from crisisroom.room import Room
from crisisroom.store import places
from crisisroom.store.places import Place, Presence
from crisisroom.store.processes import started_at


async def here(
    room: Room,
    session: str,
    incident: str,
    view: str,
    mention: str = "",
    cursor: int = 0,
    extra: dict[str, Any] | None = None,
) -> None:
    """Note where this person looks, for the others and for coming back."""
    presence = Presence(
        session=session,
        actor=room.actor.name,
        incident=incident,
        view=view,
        mention=mention,
        host=socket.gethostname(),
        pid=os.getpid(),
        started=started_at(os.getpid()),
        since=room.clock.now(),
    )
    place = Place(incident=incident, view=view, mention=mention, cursor=cursor, extra=extra or {})
    await room.store.write(lambda tx: places.enter(tx, presence, place), durable=False)


async def gone(room: Room, session: str) -> None:
    """Note that a screen was closed."""
    await room.store.write(lambda tx: places.leave(tx, session), durable=False)


async def last_place(room: Room) -> Place | None:
    """Return where this person was last, None for a newcomer."""
    return await room.store.read(lambda tx: places.last(tx, room.actor.name))
