"""Who is here and where, and the place each person comes back to."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.tx import Tx


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """One open screen: whose it is, where they look, and the process behind it."""

    session: str
    actor: str
    incident: str = ""
    view: str = ""
    mention: str = ""
    host: str = ""
    pid: int = 0
    started: str = ""
    since: datetime


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person was last."""

    incident: str
    view: str
    mention: str
    cursor: int
    extra: dict[str, Any]


async def enter(tx: Tx, presence: Presence, place: Place) -> None:
    """Write where a person is."""
    since = stamp(presence.since)
    await tx.run(
        "INSERT INTO presence VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET"
        " incident = excluded.incident, view = excluded.view, mention = excluded.mention",
        (
            presence.session,
            presence.actor,
            presence.incident,
            presence.view,
            presence.mention,
            presence.host,
            presence.pid,
            presence.started,
            since,
        ),
    )
    await tx.run(
        "INSERT OR REPLACE INTO place VALUES (?,?,?,?,?,?,?)",
        (
            presence.actor,
            place.incident,
            place.view,
            place.mention,
            place.cursor,
            json.dumps(place.extra),
            since,
        ),
    )
    tx.tell("presence", presence.actor)


async def present(tx: Tx) -> tuple[Presence, ...]:
    """Return the open screens, longest here first; the dead may be among them."""
    rows = await tx.rows(
        "SELECT session, actor, incident, view, mention, host, pid, started, since"
        " FROM presence ORDER BY since"
    )
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
        )
        for row in rows
    )


async def leave(tx: Tx, session: str) -> None:
    """Remove an open screen."""
    await tx.run("DELETE FROM presence WHERE session = ?", (session,))
    tx.tell("presence")


async def last(tx: Tx, actor: str) -> Place | None:
    """Return where a person was last."""
    row = await tx.row(
        "SELECT incident, view, mention, cursor, extra FROM place WHERE actor = ?", (actor,)
    )
    if row is None:
        return None
    return Place(
        incident=row[0], view=row[1], mention=row[2], cursor=row[3], extra=json.loads(row[4])
    )
