"""Who is here and where, and the place each person comes back to."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

import msgspec

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.tx import Tx
from crisisroom.store.upserts import upsert

Doing = Literal["", "reply", "statement", "approve"]

_PRESENCE = (
    *("session", "actor", "incident", "view", "mention", "host", "pid", "started", "since"),
    *("at", "doing", "beat"),
)
_PLACE = ("actor", "incident", "view", "mention", "cursor", "extra", "at")


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """One open screen: whose it is, where they look, what they do there, and its process.

    `host` is kept as the place that `processes.here` gives, and told to people as a name. `beat` is
    its last sign of life, `at` the row or the words they are on, such as `task:pause`.
    """

    session: str
    actor: str
    incident: str = ""
    view: str = ""
    mention: str = ""
    host: str = ""
    pid: int = 0
    started: str = ""
    since: datetime
    at: str = ""
    doing: Doing = ""
    beat: datetime | None = None
    access: str = ""  # by the team: observer or executive, for who only reads; not kept


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person was last, and when."""

    incident: str
    view: str
    mention: str
    cursor: int
    extra: dict[str, Any]
    at: datetime | None = None


async def enter(tx: Tx, presence: Presence, place: Place, forget: datetime) -> None:
    """Write where a person is; rows without a sign of life since `forget` go."""
    now = stamp(presence.beat or presence.since)
    before = await tx.row("SELECT since FROM presence WHERE session = ?", (presence.session,))
    here = (
        *(presence.session, presence.actor, presence.incident, presence.view, presence.mention),
        *(presence.host, presence.pid, presence.started),
        *(before[0] if before else stamp(presence.since), presence.at, presence.doing, now),
    )
    await tx.run("DELETE FROM presence WHERE beat < ? AND since < ?", (stamp(forget),) * 2)
    await tx.run(upsert("presence", _PRESENCE, ("session",)), here)
    there = (presence.actor, place.incident, place.view, place.mention, place.cursor)
    await tx.run(upsert("place", _PLACE, ("actor",)), (*there, json.dumps(place.extra), now))
    tx.tell("presence", presence.actor)


async def beat(tx: Tx, session: str, actor: str, now: datetime) -> bool:
    """Note a sign of life, of which nobody is told; False where the screen is not known."""
    known = await tx.run("UPDATE presence SET beat = ? WHERE session = ?", (stamp(now), session))
    await tx.run("UPDATE place SET at = ? WHERE actor = ?", (stamp(now), actor))
    return bool(known)


async def present(tx: Tx) -> tuple[Presence, ...]:
    """Return the open screens, longest here first; the dead may be among them."""
    rows = await tx.rows(f"SELECT {', '.join(_PRESENCE)} FROM presence ORDER BY since, session")
    return tuple(
        Presence(
            session=row[0],
            actor=row[1],
            incident=row[2],
            view=row[3],
            mention=row[4],
            host=row[5],
            pid=row[6],
            started=row[7],
            since=unstamp(row[8]),
            at=row[9],
            doing=row[10],
            beat=unstamp(row[11]) if row[11] else None,
        )
        for row in rows
    )


async def leave(tx: Tx, session: str, actor: str, now: datetime) -> None:
    """Remove an open screen."""
    await tx.run("DELETE FROM presence WHERE session = ?", (session,))
    await tx.run("UPDATE place SET at = ? WHERE actor = ?", (stamp(now), actor))
    tx.tell("presence", actor)


async def last(tx: Tx, actor: str) -> Place | None:
    """Return where a person was last."""
    row = await tx.row(f"SELECT {', '.join(_PLACE[1:])} FROM place WHERE actor = ?", (actor,))
    return _place(row) if row else None


async def every(tx: Tx) -> dict[str, Place]:
    """Return where everybody was last, by person."""
    rows = await tx.rows(f"SELECT {', '.join(_PLACE)} FROM place ORDER BY actor")
    return {row[0]: _place(row[1:]) for row in rows}


def _place(row: tuple[Any, ...]) -> Place:
    return Place(
        incident=row[0],
        view=row[1],
        mention=row[2],
        cursor=row[3],
        extra=json.loads(row[4]),
        at=unstamp(row[5]),
    )
