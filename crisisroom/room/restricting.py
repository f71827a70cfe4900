"""Restricting an incident: named people alone see that there is one."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.config import RoomConfig
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, person

MOST = 60  # people


async def restrict(
    room: Room, inc: str, people: Sequence[str], why: str = "", *, command_id: str = ""
) -> Acted:
    """Show an incident to these people alone, in place of whom it was shown to before.

    Who declared it and who restricts it are always among them; nobody is because of a role, not
    the lead and not Legal: it may be about them. Who holds a role in it and is not among them is
    named in the entry, as somebody else has to take it.
    """

    def decide(state: Incident, scene: Scene) -> Sequence[Draft]:
        named = readers(people, scene.config, state.declared_by, scene.actor)
        if set(named) == set(state.restricted_to):
            return []
        return [restricted(state, named, own(why, "reason"))]

    return await room.act(inc, decide, command_id=command_id)


def readers(people: Sequence[str], config: RoomConfig, *always: str) -> tuple[str, ...]:
    """Return who an incident is for; Usage for somebody the team does not know."""
    if not people:
        raise Usage("nobody", "say who may see it", "restrict INC-7 --to ada,ben")
    known = tuple(member.id for member in config.team)
    named = tuple(dict.fromkeys((*always, *(person(one, known) for one in people))))
    if len(named) > MOST:
        raise Usage("people", f"an incident is restricted to {MOST} people at most")
    return named


def restricted(state: Incident, named: Sequence[str], why: str) -> Draft:
    """Return the entry that restricts an incident to people."""
    text = f"restricted to {', '.join(named)}{f': {why}' if why else ''}"
    if out := shut_out(state, named):
        text += f" ({', '.join(out)}: for somebody else to take)"
    data = {"people": list(named), "words": why}
    return Draft(kind="access.restricted", text=text, data=data)


def shut_out(state: Incident, named: Sequence[str]) -> tuple[str, ...]:
    """Return the roles whose holders do not see the incident, each with its holder."""
    return tuple(
        f"{role.holder}, {role.title}"
        for role in state.roles.values()
        if role.holder and role.holder not in named
    )


async def lift(room: Room, inc: str, why: str = "", *, command_id: str = "") -> Acted:
    """Show an incident to everybody in the room again."""

    def decide(state: Incident, scene: Scene) -> Sequence[Draft]:
        if not state.restricted_to:
            raise Refused("not-restricted", f"{state.id} is for everybody in the room already")
        text = f"opened it to everybody in the room{f': {why}' if why else ''}"
        return [Draft(kind="access.lifted", text=text, data={"words": own(why, "reason")})]

    return await room.act(inc, decide, command_id=command_id)


def refuse_outsider(state: Incident, name: str, what: str) -> None:
    """Refuse to give something of a restricted incident to somebody who does not see it."""
    if state.restricted_to and name not in state.restricted_to:
        message = f"{state.id} is restricted, {name} does not see it: {what} is not for them"
        raise Refused("restricted", message, f"restrict {state.id} --to … names them first")
