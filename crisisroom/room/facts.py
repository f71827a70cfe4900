"""The fact sheet: what is known, unknown, being checked."""

from __future__ import annotations

from typing import get_args

from crisisroom.core.errors import Usage
from crisisroom.core.incident import FactStatus, Incident
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own


async def set_fact(
    room: Room,
    inc: str,
    fact_id: str,
    value: str = "",
    state: str = "known",
    source: str = "",
    *,
    command_id: str = "",
) -> Acted:
    """Set one line of the fact sheet; a known fact needs its value."""
    if state not in get_args(FactStatus):
        known = ", ".join(get_args(FactStatus))
        raise Usage("state", f"a fact is not {state!r}", f"one of {known}")
    if state in ("known", "changed") and not value.strip():
        raise Usage("empty", f"what is {fact_id}?", "a known fact needs its value")

    def decide(incident: Incident, scene: Scene) -> list[Draft]:
        fact = incident.facts.get(fact_id)
        if fact is None:
            known = ", ".join(incident.facts)
            raise Usage("unknown-fact", f"{incident.id} has no fact {fact_id}", f"one of {known}")
        data = {
            "fact": fact.id,
            "state": state,
            "value": own(value, fact.label),
            "words": own(source, "source"),
        }
        shown = value if value else state
        text = f"fact: {fact.label}: {shown}" if state != "checking" else f"checks: {fact.label}"
        return [Draft(kind="fact.set", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)
