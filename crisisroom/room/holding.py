"""Holding: nothing that an incident cites may be purged or erased until Legal lifts it."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene, reading
from crisisroom.room.checks import own, required
from crisisroom.room.leading import refuse_unless_legal
from crisisroom.store import Tx
from crisisroom.store import evidence as rows


async def set_hold(room: Room, inc: str, why: str, *, command_id: str = "") -> Acted:
    """Put an incident on hold: nothing it cites is purged or erased; anybody may."""
    required(why, "why is it held?")

    def decide(state: Incident, scene: Scene) -> Sequence[Draft]:
        if state.hold and state.hold.words == why:
            return []
        data = {"words": own(why, "reason")}
        return [Draft(kind="hold.set", text=f"on hold: {why}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def lift(room: Room, inc: str, why: str, *, command_id: str = "") -> Acted:
    """Let an incident be purged and erased again; only Legal may."""
    required(why, "why is the hold lifted?")

    def decide(state: Incident, scene: Scene) -> Sequence[Draft]:
        if state.hold is None:
            raise Refused("not-held", f"{state.id} is not on hold")
        refuse_unless_legal(state, scene, "lift a hold")
        data = {"words": own(why, "reason")}
        return [Draft(kind="hold.lifted", text=f"hold lifted: {why}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def held_incidents(room: Room) -> tuple[Incident, ...]:
    """Return the incidents that are on hold, the newest first."""
    return tuple(one for one in await reading.incidents(room) if one.hold is not None)


async def held(tx: Tx) -> frozenset[str]:
    """Return the uids of all mentions that must neither be purged nor erased: see `rows.held`.

    They are those that held incidents cite or cited, and those that tell their stories.
    """
    return await rows.cited_by(tx, await rows.held(tx))
