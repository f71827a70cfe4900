"""Taking an exported incident in: its log as it is, under a number that is free here."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.query import numbered
from crisisroom.core.timeline import ROOM, Draft, Entry
from crisisroom.room import Acted, Room
from crisisroom.store import Tx, log
from crisisroom.store.eyes import whole

_GOING = ("queued", "sending")


async def take_in(room: Room, entries: Sequence[Entry], told: Incident) -> Acted:
    """Keep an incident that was exported elsewhere; refused where this room has it already.

    Its log stays as it is to the byte. It keeps its number where that is free, else it gets the
    next one. Words that are on their way are refused: two rooms would send them.
    """
    _refuse_going(told)
    if told.restricted_to and room.actor.name not in told.restricted_to:
        what = f"this incident is for {', '.join(told.restricted_to)} alone"
        raise Refused("restricted", what, "one of them imports it, or lifts that before exporting")

    async def work(tx: Tx) -> Acted:
        known = {chain: number for chain, number in await log.chains(whole(tx))}
        if told.uid in known:
            shown = await log.chain_of(tx, known[told.uid])
            here = f": INC-{known[told.uid]}" if shown else ""
            raise Refused("known", f"this incident is in the room already{here}")
        wanted = numbered(told.id, "INC-")
        free = wanted is not None and wanted not in known.values()
        number = wanted if free and wanted else await log.next_number(tx)
        after = await log.take_in(tx, entries, number, room.store.states)
        await log.append(tx, ROOM, [_draft(told, after)], room.author(), room.clock.now())
        return Acted(after, (entries[-1],))

    return await room.store.write(work)


def _refuse_going(told: Incident) -> None:
    every = [*told.statements.values(), *told.replies.values()]
    going = [
        words.id
        for words in every
        if words.state != "withdrawn" and any(one.state in _GOING for one in words.sends.values())
    ]
    if going:
        raise Refused(
            "going",
            f"{', '.join(going)} of {told.id} is on its way in the room it comes from",
            "settle it there, then export again",
        )


def _draft(told: Incident, after: Incident) -> Draft:
    was = f", there {told.id}" if told.id != after.id else ""
    data = {
        "incident": told.uid,
        "id": after.id,
        "was": told.id,
        "entries": told.seq,
        "head_hash": told.head_hash,
    }
    return Draft(kind="import.made", text=f"imported {after.id}{was}", data=data)
