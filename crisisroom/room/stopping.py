"""Stopping all outgoing words, at once and in every incident, until a lead resumes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.said import Stopped
from crisisroom.core.timeline import ROOM, Draft, stamp, unstamp
from crisisroom.room import Room, Scene
from crisisroom.room.checks import own, required
from crisisroom.room.leading import lead_of, leader, leads, refuse_unless_lead
from crisisroom.room.repeats import once
from crisisroom.store import Tx, log, settings
from crisisroom.store.eyes import SeenTx, whole

_AGAIN = "let words go out again"
OUTGOING = "outgoing"  # the room's setting: who stopped what goes out, as JSON; empty: nobody


async def stopped(room: Room) -> Stopped | None:
    """Return who stopped all outgoing words, None while they may go."""
    return await room.store.read(stopped_in)


async def stopped_in(tx: Tx) -> Stopped | None:
    """Return who stopped all outgoing words, as of this transaction.

    Where it was said in an incident that is not for who asks, no incident is named.
    """
    halt = await _stopped(tx)
    if halt is None or not isinstance(tx, SeenTx) or not halt.incident:
        return halt
    apart = {f"INC-{number}" for number in (await tx.kept()).numbers}
    return replace(halt, incident="") if halt.incident in apart else halt


async def _stopped(tx: Tx) -> Stopped | None:
    kept = await settings.get(tx, OUTGOING)
    return _read(msgspec.json.decode(kept)) if kept else None


def _read(said: dict[str, str]) -> Stopped:
    where = said.get("incident", "")
    return Stopped(by=said["by"], at=unstamp(said["at"]), why=said["why"], incident=where)


def _written(halt: Stopped) -> str:
    said = {"by": halt.by, "at": stamp(halt.at), "why": halt.why, "incident": halt.incident}
    return msgspec.json.encode(said).decode()


async def stop(room: Room, why: str = "", *, inc: str = "", command_id: str = "") -> Stopped:
    """Stop all outgoing words of the room, in every incident; anybody may, at once.

    What is on its way at this second still arrives; nothing else begins until `resume`. The lead of
    the incident it is said in (`inc`; else of any) lets them go. A repeat gives the first outcome.
    """
    own(why, "reason")

    async def work(tx: Tx) -> Stopped:
        before = await stopped_in(tx)
        if before is not None:
            return before
        place = await _place(tx, room, inc)
        where = place.id if place else ""
        halt = Stopped(by=room.actor.name, at=room.clock.now(), why=why, incident=where)
        await settings.put(tx, OUTGOING, _written(halt))
        text = "STOPPED all outgoing words" + (f": {why}" if why else "")
        told = place is not None and not place.restricted_to  # others read the entry, too
        data = {"words": why} | ({"incident": where} if told else {})
        await _everywhere(tx, room, Draft(kind="outgoing.stopped", text=text, data=data))
        return halt

    async def again(tx: Tx, thing: str) -> Stopped:
        first, held = _read(msgspec.json.decode(thing)), await stopped_in(tx)
        return held if held is not None and held.at == first.at else first

    # The reason is no name for a thing: it stays where it can be erased.
    return await once(
        room, command_id, work, again=again, thing=lambda one: _written(replace(one, why=""))
    )


async def _place(tx: Tx, room: Room, inc: str) -> Incident | None:
    """Return the incident that a stop is said in, None for none; Usage if unknown."""
    if not inc:
        return None
    cache = room.store.states
    return await log.state(tx, await room.chain_of(tx, inc, cache), cache)


async def because(room: Room, why: str) -> None:
    """Give the reason of a stop afterwards: the stop came first, it could not wait for words."""
    required(why, "say why")
    own(why, "reason")

    async def work(tx: Tx) -> None:
        held = await _stopped(tx)
        if held is None:
            raise Refused("state", "nothing is stopped: words may go out")
        await settings.put(tx, OUTGOING, _written(replace(held, why=why)))
        text = f"why all outgoing words are stopped: {why}"
        await _everywhere(tx, room, Draft(kind="outgoing.because", text=text, data={"words": why}))

    await room.store.write(work)


async def resume(room: Room, why: str, *, command_id: str = "") -> None:
    """Let words go out again, with the reason; see `deciders` for who may."""
    required(why, "say why words may go out again: it stays on the record")
    own(why, "reason")

    async def work(tx: Tx) -> None:
        await room.refresh(tx)
        halt = await _stopped(tx)
        if halt is None:
            raise Refused("state", "nothing is stopped: words may go out")
        known = await _open_ones(tx, room.store.states)
        if halt.incident not in {"", *(state.id for state in known)}:
            await _refuse_if_apart(tx, room, halt)
        _refuse_unless_one_leads(halt, deciders(halt, known), room.scene())
        await settings.put(tx, OUTGOING, "")
        text = f"let words go out again: {why}"
        await _everywhere(tx, room, Draft(kind="outgoing.resumed", text=text, data={"words": why}))

    async def again(tx: Tx, thing: str) -> None:
        return None

    await once(room, command_id, work, again=again, thing=lambda _: "resumed")


async def _refuse_if_apart(tx: Tx, room: Room, halt: Stopped) -> None:
    """Refuse to undo what was stopped in an open incident that is not for who acts."""
    every = await _open_ones(whole(tx), room.store.states)
    if halt.incident in {state.id for state in every}:
        message = f"{halt.by} stopped them: that is not for you to undo"
        raise Refused("may-not", message, f"ask {halt.by}")


def deciders(halt: Stopped, known: Sequence[Incident]) -> tuple[Incident, ...]:
    """Return the open incidents of which any one's lead may let words go out again.

    That is the one in which they were stopped, while it is open; else every one. Drills count only
    where nothing else is open. Without any incident everybody may.
    """
    real = [state for state in known if not state.drill] or known  # a rehearsal holds nobody up
    there = [state for state in real if state.id == halt.incident]
    return tuple(there or real)


async def deciding(room: Room) -> tuple[Incident, ...]:
    """Return `deciders` as of now; empty where nothing is stopped, or no incident is open."""
    return (await halted(room))[1]


async def halted(room: Room) -> tuple[Stopped | None, tuple[Incident, ...]]:
    """Return `stopped` and its `deciders`, read in one go."""

    async def work(tx: Tx) -> tuple[Stopped | None, tuple[Incident, ...]]:
        halt = await stopped_in(tx)
        known = await _open_ones(tx, room.store.seen) if halt else []
        return halt, deciders(halt, known) if halt else ()

    return await room.store.read(work)


async def refuse_unless_decider(room: Room) -> None:
    """Refuse whoever may not let words go again, and say who may."""
    halt, states = await halted(room)
    if halt is not None:
        _refuse_unless_one_leads(halt, states, room.scene())


def _refuse_unless_one_leads(halt: Stopped, states: Sequence[Incident], scene: Scene) -> None:
    """Refuse whoever leads none of these incidents, and say who does."""
    if not states or any(leads(state, scene) for state in states):
        return
    if len(states) == 1 and states[0].id != halt.incident:
        refuse_unless_lead(states[0], scene, _AGAIN)
    who = " or ".join(f"{leader(state)} of {state.id}" for state in states)
    role = lead_of(states[0])
    vacant = f"; role take {role.id} makes you that" if role and not role.holder else ""
    hint = "any one of them" if len(states) > 1 else f"it was stopped there{vacant}"
    raise Refused("may-not", f"only {who} may {_AGAIN}", hint)


async def _open_ones(tx: Tx, cache: dict[str, Incident]) -> list[Incident]:
    known = [await log.state(tx, chain, cache) for chain, _ in await log.chains(tx)]
    found = [state for state in known if state is not None and state.status == "open"]
    return sorted(found, key=lambda state: (len(state.id), state.id))


async def _everywhere(tx: Tx, room: Room, draft: Draft) -> None:
    """Write it on the room's own chain and on the timeline of every open incident."""
    from crisisroom.room.triage import append_to  # each look asks here whether words are stopped

    await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
    everywhere = whole(tx)
    for state in await _open_ones(everywhere, room.store.states):
        await append_to(everywhere, room, state.id, [draft])
    tx.tell("config")
