"""Talks that went on in private: each stays open until somebody notes what came of it."""

from __future__ import annotations

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.promises import Thread, open_threads, threads
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene, reading
from crisisroom.room.checks import own, required


async def open_in(room: Room, inc: str = "") -> tuple[Thread, ...]:
    """Return an incident's open talks in private, the longest first."""
    return open_threads(await reading.incident(room, inc))


async def close(
    room: Room, inc: str, mention_id: str, outcome: str, *, command_id: str = ""
) -> Acted:
    """Note what came of a talk in private; the `thing` that comes back is that talk."""
    required(outcome, "say what came of it: the others cannot read along there")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        thread = _private(state, mention_id)
        if not thread.open:
            raise Refused("closed", f"{thread.mention} is closed already: {thread.outcome}")
        data = {"mention": thread.uid, "words": own(outcome, "outcome")}
        text = f"closed in private, {thread.mention} of {thread.handle or 'somebody'}: {outcome}"
        return [Draft(kind="mention.closed", text=text, data=data)]

    acted = await room.act(inc, decide, command_id=command_id)
    uid = acted.entry.data.get("mention")
    talk = next((one for one in threads(acted.incident) if one.uid == uid), None)
    return msgspec.structs.replace(acted, thing=talk)


def _private(state: Incident, mention_id: str) -> Thread:
    known = {one.mention: one for one in threads(state)}
    if mention_id in known:
        return known[mention_id]
    there = next((one for one in state.mentions.values() if one.id == mention_id), None)
    if there is None:
        hint = "crisisroom mention link adds one"
        raise Usage("unknown-mention", f"{state.id} has no mention {mention_id}", hint)
    hint = "crisisroom mention offline says that it goes on in private"
    raise Refused("not-private", f"{mention_id} is {there.state}, not private", hint)
