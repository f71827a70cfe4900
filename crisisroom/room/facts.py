"""The fact sheet: what is known, unknown, being checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.factvalue import on_the_clock, read_value, said_value
from crisisroom.core.incident import FactState, FactStatus, Incident, RoleState
from crisisroom.core.schema import did_you_mean
from crisisroom.core.settle import KNOWN
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Draft, Entry
from crisisroom.room import Acted, Room, Scene, reading
from crisisroom.room.checks import own
from crisisroom.room.written import placed


async def set_fact(
    room: Room,
    inc: str,
    fact_id: str,
    value: str = "",
    state: str = "known",
    source: str = "",
    *,
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
    command_id: str = "",
) -> Acted:
    """Set one line of the fact sheet; a value has to be of the kind that the plan asks for.

    Of a known fact another value makes it `changed`. Where a role confirms a fact and somebody
    holds it, what others know is `checking`, until the holder says so too; without a value they
    confirm the one that stands.
    """
    if state not in get_args(FactStatus):
        known = ", ".join(get_args(FactStatus))
        raise Usage("state", f"a fact is not {state!r}", f"one of {known}")
    if state == "unknown" and value.strip():
        raise Usage("state", "an unknown fact has no value", "leave the value out")

    def decide(incident: Incident, scene: Scene) -> list[Draft]:
        fact = _fact(incident, fact_id)
        zone = zone_of(incident.zone)
        said = value if value.strip() else _standing(fact, state)
        own(said, fact.label)
        if said and said != fact.value:
            said = read_value(fact, said, scene.now, zone)
        confirmer = _confirmer(incident, fact, scene) if state in KNOWN else None
        becomes = "checking" if confirmer else _becomes(fact, state, said)
        says = own(source, "source") or (fact.source if said and said == fact.value else "")
        if fact.at and (becomes, said, says) == (fact.state, fact.value, fact.source):
            return []
        data = {"fact": fact.id, "state": becomes, "value": said, "words": says}
        shown = said_value(_with(fact, said), scene.now, zone)
        text = _told(fact, becomes, shown)
        if confirmer:
            text += f"; {confirmer.title} ({confirmer.holder}) confirms it"
        _refuse_before(fact, at, scene, incident)
        draft = Draft(kind="fact.set", text=text, data=data)
        return [placed(incident, scene, draft, at=at, about=about, visibility=visibility)]

    return await room.act(inc, decide, command_id=command_id)


async def history(room: Room, inc: str, fact_id: str) -> tuple[Entry, ...]:
    """Return the entries that set a fact, oldest first: who said what, when, by which source."""
    fact = _fact(await reading.incident(room, inc), fact_id)
    entries = await reading.timeline(room, inc)
    return tuple(one for one in entries if one.kind == "fact.set" and one.data["fact"] == fact.id)


def _refuse_before(fact: FactState, at: datetime | None, scene: Scene, incident: Incident) -> None:
    """Refuse to learn something earlier than what is newer on the sheet: that is a correction."""
    if at is None or fact.at is None or at >= fact.at:
        return
    since = on_the_clock(fact.at, scene.now, zone_of(incident.zone))
    hint = f"crisisroom fact history {incident.id} {fact.id} shows the entries; correct mends one"
    raise Refused("before", f"{fact.label} was set at {since}, which is later", hint)


def _fact(incident: Incident, fact_id: str) -> FactState:
    if fact := incident.facts.get(fact_id):
        return fact
    hint = did_you_mean(fact_id, incident.facts, "one of") or "its playbook asks for none"
    raise Usage("unknown-fact", f"{incident.id} has no fact {fact_id}", hint)


def _standing(fact: FactState, state: str) -> str:
    """Return the value meant by saying none: what stands there, when that is confirmed."""
    if state not in KNOWN:
        return ""
    if not fact.value or state == "changed":
        raise Usage("empty", f"what is {fact.id}?", fact.ask or "a known fact needs its value")
    return fact.value


def _becomes(fact: FactState, state: str, value: str) -> str:
    if state == "known" and fact.state in KNOWN and value != fact.value:
        return "changed"
    return state


def _confirmer(incident: Incident, fact: FactState, scene: Scene) -> RoleState | None:
    """Return the role that has to say so first; None where nobody holds it, or one does oneself."""
    role = incident.roles.get(fact.confirm_by)
    return role if role and role.holder not in ("", scene.actor) else None


def _with(fact: FactState, value: str) -> FactState:
    return FactState(id=fact.id, label=fact.label, type=fact.type, unit=fact.unit, value=value)


def _told(fact: FactState, state: str, shown: str) -> str:
    if state == "checking":
        return f"checks: {fact.label}" + (f": {shown}" if shown else "")
    if state == "changed":
        return f"fact changed: {fact.label}: {shown}"
    return f"fact: {fact.label}: {shown or state}"
