"""Stopping all outgoing words, at once and in every incident, until the lead resumes."""

from __future__ import annotations

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Stopped
from crisisroom.core.timeline import ROOM, Draft, stamp, unstamp
from crisisroom.room import Room
from crisisroom.room.checks import own, required
from crisisroom.room.leading import refuse_unless_lead
from crisisroom.room.repeats import once
from crisisroom.room.triage import append_to
from crisisroom.store import Tx, log, settings

OUTGOING = "outgoing"  # the room's setting: who stopped what goes out, as JSON; empty: nobody


async def stopped(room: Room) -> Stopped | None:
    """Return who stopped all outgoing words, None while they may go."""
    return await room.store.read(stopped_in)


async def stopped_in(tx: Tx) -> Stopped | None:
    """Return who stopped all outgoing words, as of this transaction."""
    kept = await settings.get(tx, OUTGOING)
    if not kept:
        return None
    said = msgspec.json.decode(kept)
    return Stopped(by=said["by"], at=unstamp(said["at"]), why=said["why"])


async def stop(room: Room, why: str = "", *, command_id: str = "") -> Stopped:
    """Stop all outgoing words of the room, in every incident; anybody may, at once.

    What is on its way at this second still arrives; nothing else begins until `resume`.
    """
    own(why, "reason")

    async def work(tx: Tx) -> Stopped:
        before = await stopped_in(tx)
        if before is not None:
            return before
        now = room.clock.now()
        said = {"by": room.actor.name, "at": stamp(now), "why": why}
        await settings.put(tx, OUTGOING, msgspec.json.encode(said).decode())
        text = "STOPPED all outgoing words" + (f": {why}" if why else "")
        await _everywhere(tx, room, Draft(kind="outgoing.stopped", text=text, data={"words": why}))
        return Stopped(by=room.actor.name, at=now, why=why)

    async def again(tx: Tx, thing: str) -> Stopped:
        return await work(tx)

    return await once(room, command_id, work, again=again, thing=lambda one: one.by)


async def because(room: Room, why: str) -> None:
    """Give the reason of a stop afterwards: the stop came first, it could not wait for words."""
    required(why, "say why")
    own(why, "reason")

    async def work(tx: Tx) -> None:
        held = await stopped_in(tx)
        if held is None:
            raise Refused("state", "nothing is stopped: words may go out")
        said = {"by": held.by, "at": stamp(held.at), "why": why}
        await settings.put(tx, OUTGOING, msgspec.json.encode(said).decode())
        text = f"why all outgoing words are stopped: {why}"
        await _everywhere(tx, room, Draft(kind="outgoing.because", text=text, data={"words": why}))

    await room.store.write(work)


async def resume(room: Room, why: str, *, command_id: str = "") -> None:
    """Let words go out again, with the reason; for whoever leads in every open incident.

    Drills count only where nothing else is open.
    """
    required(why, "say why words may go out again: it stays on the record")
    own(why, "reason")

    async def work(tx: Tx) -> None:
        await room.refresh(tx)
        if await stopped_in(tx) is None:
            raise Refused("state", "nothing is stopped: words may go out")
        known = await _open_ones(tx, room)
        real = [state for state in known if not state.drill]
        for state in real or known:  # a rehearsal holds nobody up
            refuse_unless_lead(state, room.scene(), "let words go out again")
        await settings.put(tx, OUTGOING, "")
        text = f"let words go out again: {why}"
        await _everywhere(tx, room, Draft(kind="outgoing.resumed", text=text, data={"words": why}))

    async def again(tx: Tx, thing: str) -> None:
        return None

    await once(room, command_id, work, again=again, thing=lambda _: "resumed")


async def _open_ones(tx: Tx, room: Room) -> list[Incident]:
    known = [await log.state(tx, chain, room.store.states) for chain, _ in await log.chains(tx)]
    return [state for state in known if state is not None and state.status == "open"]


async def _everywhere(tx: Tx, room: Room, draft: Draft) -> None:
    """Write it on the room's own chain and on the timeline of every open incident."""
    await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
    for state in await _open_ones(tx, room):
        await append_to(tx, room, state.id, [draft])
    tx.tell("config")
