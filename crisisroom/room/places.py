"""Who is here, where they look, and where each person comes back to."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from crisisroom.config.team import member_of
from crisisroom.room import FASTEST, Room
from crisisroom.store import Tx, places, processes
from crisisroom.store.places import Doing, Place, Presence
from crisisroom.store.processes import host_of, proven_dead, started_at

BEAT = 25.0  # real seconds between two signs of life of a screen
STALE = timedelta(seconds=75)  # real time without one, after which a screen elsewhere is gone
_FORGOTTEN = timedelta(days=1)


async def here(
    room: Room,
    session: str,
    incident: str,
    view: str,
    mention: str = "",
    cursor: int = 0,
    extra: dict[str, Any] | None = None,
    *,
    at: str = "",
    doing: Doing = "",
) -> None:
    """Note where this person looks and what they do there, for the others and for coming back.

    Who only looks on is nowhere: a screen on a wall, or one that is shared, is nobody who is here.
    """
    if room.store.looks_on:
        return
    now = room.clock.now()
    presence = Presence(
        session=session,
        actor=room.actor.name,
        incident=incident,
        view=view,
        mention=mention,
        host=processes.here(),
        pid=os.getpid(),
        started=_own_start(),
        since=now,
        at=at,
        doing=doing,
        beat=now,
    )
    place = Place(incident=incident, view=view, mention=mention, cursor=cursor, extra=extra or {})
    await room.store.write(
        lambda tx: places.enter(tx, presence, place, now - _FORGOTTEN), durable=False, own=True
    )


@lru_cache(1)
def _own_start() -> str:
    return started_at(os.getpid())


async def beat(room: Room, session: str) -> bool:
    """Give a sign of life, which wakes nobody; False where the room does not know the screen."""
    if room.store.looks_on:
        return True
    now, actor = room.clock.now(), room.actor.name
    return await room.store.write(
        lambda tx: places.beat(tx, session, actor, now), durable=False, own=True
    )


async def gone(room: Room, session: str) -> None:
    """Note that a screen was closed."""
    if room.store.looks_on:
        return
    now, actor = room.clock.now(), room.actor.name
    await room.store.write(
        lambda tx: places.leave(tx, session, actor, now), durable=False, own=True
    )


async def last_place(room: Room) -> Place | None:
    """Return where this person was last, None for a newcomer and for who only looks on."""
    if room.store.looks_on:
        return None
    return await room.store.read(lambda tx: places.last(tx, room.actor.name))


async def people_in(tx: Tx, room: Room) -> tuple[Presence, ...]:
    """Return the open screens as of this transaction, each with what the team says of its owner."""
    now, pace = room.clock.now(), max(room.clock.real(1.0), FASTEST)
    known = living(await places.present(tx), now, STALE / pace)
    return tuple(_for_people(room, one) for one in known)


def living(
    known: Iterable[Presence], now: datetime, stale: timedelta = STALE
) -> Iterable[Presence]:
    """Yield the screens that are open: where pids are ours by their process, else by their beat.

    `stale` is how long a screen elsewhere may be silent, on the room's clock. Of older programs
    a screen has the host's name alone.
    """
    ours = (processes.here(), socket.gethostname())
    for one in known:
        silent = now - (one.beat or one.since)
        if not proven_dead(one.host, one.pid, one.started) and (
            one.host in ours or silent <= stale
        ):
            yield one


def veiled(known: Iterable[Presence], incidents: Collection[str]) -> tuple[Presence, ...]:
    """Return open screens; of one on an incident that is not of these only whose it is."""
    return tuple(
        one
        if one.incident in ("", *incidents)
        else msgspec.structs.replace(one, incident="", view="", mention="", at="", doing="")
        for one in known
    )


def _for_people(room: Room, one: Presence) -> Presence:
    member = member_of(room.config.team, one.actor)
    access, host = member.access if member else "", host_of(one.host)
    return msgspec.structs.replace(one, access=access, host=host)
