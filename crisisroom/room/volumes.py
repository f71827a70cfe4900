"""How much is said while an incident runs, put on its record so that charts need nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core import volumes
from crisisroom.core.incident import Incident
from crisisroom.core.rules import MACHINE
from crisisroom.core.timeline import Draft
from crisisroom.core.volumes import Counts
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.charting import ALL
from crisisroom.store import Tx, buckets

_SOURCE = "source:"


async def count(room: Room, inc: str, *, command_id: str = "") -> Acted:
    """Count all hours of an incident anew, the present one up to now; only what differs is written.

    After its end some hours are counted too, see `core.volumes.AFTER`.
    """

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        rows = await _rows(tx, state, volumes.begins(state), volumes.ends(state, scene.now))
        return [_draft(rows)] if rows else []

    return await room.act_in(inc, decide, command_id=command_id)


async def up_to_now(tx: Tx, state: Incident, now: datetime) -> list[Draft]:
    """Return the entry with the hours up to this moment, for the end and a new beginning."""
    return _by_room(await _rows(tx, state, volumes.begins(state), volumes.ends(state, now)))


async def whole_hours(tx: Tx, state: Incident, now: datetime) -> list[Draft]:
    """Return the entry with the hours that are over, and with those that changed since."""
    since = volumes.recounted_from(state)
    return _by_room(await _rows(tx, state, since, volumes.settled(now)))


async def _rows(tx: Tx, state: Incident, since: datetime, until: datetime) -> list[dict[str, Any]]:
    heard = await buckets.first(tx, ALL)
    if heard is None:
        return []
    names = [name for name, _, _ in await buckets.starts_with(tx, _SOURCE, since)]
    told = await buckets.several(tx, names, since)
    usual, first = volumes.usual_from(state), volumes.begins(state)
    before = await buckets.window(tx, ALL, usual, first)
    counts = Counts(
        heard_since=heard,
        everything=(*before, *await buckets.window(tx, ALL, max(since, first), until)),
        sources={name.removeprefix(_SOURCE): slots for name, slots in told.items()},
    )
    return volumes.rows_of(state, counts, since, until)


def _by_room(rows: list[dict[str, Any]]) -> list[Draft]:
    if not rows:
        return []
    return [msgspec.structs.replace(_draft(rows), actor=MACHINE, source="system")]


def _draft(rows: list[dict[str, Any]]) -> Draft:
    mentions = sum(row["mentions"] for row in rows)
    complaints = sum(row["complaints"] for row in rows)
    hours = "an hour" if len(rows) == 1 else f"{len(rows)} hours"
    text = f"counted {hours}: {mentions} mentions of us, {complaints} likely complaints"
    return Draft(kind="volume.counted", text=text, data={"rows": rows})
