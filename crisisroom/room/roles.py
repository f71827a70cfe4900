"""Who holds which part."""

from __future__ import annotations

import msgspec

from crisisroom.core.brief import brief
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, RoleState, TaskState
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, person


def _role(state: Incident, role_id: str) -> RoleState:
    if role := state.roles.get(role_id):
        return role
    known = ", ".join(state.roles)
    raise Usage("unknown-role", f"{state.id} has no role {role_id}", f"one of {known}")


def _may_hold(scene: Scene, name: str, role: RoleState) -> None:
    """Refuse a role that the team does not give this person."""
    member = next((one for one in scene.config.team if one.id == name), None)
    if scene.config.team and (member is None or role.id not in member.roles):
        raise Refused(
            "role", f"{name} may not be {role.title}", "the team in crisisroom.yaml says who may"
        )


async def take(room: Room, inc: str, role_id: str, *, command_id: str = "") -> Acted:
    """Take a part oneself, also from somebody else."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        if role.holder == scene.actor:
            raise Refused("held", f"you are {role.title} already")
        _may_hold(scene, scene.actor, role)
        from_whom = f" from {role.holder}" if role.holder else ""
        data = {"role": role.id, "person": scene.actor, "was": role.holder}
        return [Draft(kind="role.taken", text=f"took {role.title}{from_whom}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def assign(room: Room, inc: str, role_id: str, who: str, *, command_id: str = "") -> Acted:
    """Give a part to somebody."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        name = person(who, tuple(member.id for member in scene.config.team))
        if role.holder == name:
            raise Refused("held", f"{name} is {role.title} already")
        _may_hold(scene, name, role)
        data = {"role": role.id, "person": name, "was": role.holder}
        return [Draft(kind="role.assigned", text=f"made {name} {role.title}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def leave(room: Room, inc: str, role_id: str, *, command_id: str = "") -> Acted:
    """Leave a part one holds; the entry says where nobody fills a required one any more."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        if role.holder != scene.actor:
            holder = role.holder or "nobody"
            raise Refused("not-held", f"{holder} is {role.title}, not you")
        data = {"role": role.id, "person": scene.actor}
        empty = ", which is required: nobody holds it now" if role.required else ""
        return [Draft(kind="role.left", text=f"left {role.title}{empty}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def hand_over(
    room: Room, inc: str, role_id: str, who: str, words: str = "", *, command_id: str = ""
) -> Acted:
    """Hand a part one holds to a successor; what comes back as `thing` is the Brief for them.

    The tasks of that part which its holder had taken on go with it.
    """

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        _may_hand(scene, role)
        name = person(who, tuple(member.id for member in scene.config.team))
        if name == role.holder:
            raise Refused("held", f"you are {role.title} already")
        _may_hold(scene, name, role)
        data = {
            "role": role.id,
            "person": name,
            "was": role.holder,
            "words": own(words, "note"),
            "tasks": [task.id for task in _taken_on(state, role)],
        }
        note = f": {words}" if words else ""
        text = f"handed {role.title} over to {name}{note}"
        return [Draft(kind="role.handed", text=text, data=data)]

    acted = await room.act(inc, decide, command_id=command_id)
    told = brief(acted.incident, room.clock.now(), acted.incident.roles[role_id].holder, role_id)
    return msgspec.structs.replace(acted, thing=told)


def _may_hand(scene: Scene, role: RoleState) -> None:
    if role.holder != scene.actor:
        holder = role.holder or "nobody"
        hint = "crisisroom role take, or role assign, gives it to somebody all the same"
        raise Refused("not-held", f"{holder} is {role.title}, not you", hint)


def _taken_on(state: Incident, role: RoleState) -> list[TaskState]:
    """Return the tasks of a part that its holder was given by name and has not closed."""
    return [
        task
        for task in state.tasks.values()
        if task.role == role.id
        and task.assignee == role.holder
        and task.state in ("open", "waiting")
    ]
