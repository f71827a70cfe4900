"""Who holds which part, and how it is handed on."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from crisisroom.core.brief import brief
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.handing import taken_on
from crisisroom.core.incident import Incident, RoleState
from crisisroom.core.recorded import Offer
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.allowed import refuse_role
from crisisroom.room.checks import own, person, required
from crisisroom.room.restricting import refuse_outsider


def _role(state: Incident, role_id: str) -> RoleState:
    if role := state.roles.get(role_id):
        return role
    known = ", ".join(state.roles)
    raise Usage("unknown-role", f"{state.id} has no role {role_id}", f"one of {known}")


async def take(room: Room, inc: str, role_id: str, why: str = "", *, command_id: str = "") -> Acted:
    """Take a part oneself, also from somebody who is gone; what one is offered is accepted so."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        if role.holder == scene.actor:
            raise Refused("held", f"you are {role.title} already")
        refuse_role(scene.config.team, scene.actor, role)
        offer = state.offers.get(role.id)
        if offer is not None and offer.person == scene.actor:
            return _handed(state, scene, role, offer)
        text = f"took {role.title}{_without(role, why)}"
        data = {"role": role.id, "person": scene.actor, "was": role.holder}
        draft = Draft(kind="role.taken", text=text, data=data)
        return [*_moved(state, scene, role, scene.actor, why), draft]

    return await room.act(inc, decide, command_id=command_id)


async def assign(
    room: Room, inc: str, role_id: str, who: str, why: str = "", *, command_id: str = ""
) -> Acted:
    """Give a part to somebody, at once: for who leads, and for parts that nobody can hand on."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        name = person(who, tuple(member.id for member in scene.config.team))
        if role.holder == name:
            raise Refused("held", f"{name} is {role.title} already")
        refuse_role(scene.config.team, name, role)
        refuse_outsider(state, name, role.title)
        text = f"made {name} {role.title}{_without(role, why)}"
        data = {"role": role.id, "person": name, "was": role.holder}
        draft = Draft(kind="role.assigned", text=text, data=data)
        return [*_moved(state, scene, role, name, why), draft]

    return await room.act(inc, decide, command_id=command_id)


def _without(role: RoleState, why: str) -> str:
    """Return what is added where a part goes on although its holder has not handed it over."""
    told = f": {own(why, 'reason')}" if why else ""
    return f", without a hand-over by {role.holder}{told}" if role.holder else told


def _moved(state: Incident, scene: Scene, role: RoleState, name: str, why: str) -> Iterator[Draft]:
    """Yield what goes with a part that is taken from somebody: their tasks of it, and word of it.

    Who lost it learns of it when they are back; the tasks would lie with somebody who is gone.
    """
    for task in taken_on(state, role):
        data = {"task": task.id, "person": name}
        yield Draft(kind="task.assigned", text=f"gave {name}: {task.title}", data=data)
    if role.holder and role.holder != scene.actor:
        now = "is" if name == scene.actor else f"made {name}"
        words = f"{scene.actor} {now} {role.title} now{_without(role, why)}"
        yield _tells(role.holder, words)


def _tells(who: str, words: str) -> Draft:
    """Return an entry that rings on the screens of somebody whom an act concerns."""
    data = {"who": who, "words": words}
    text = f"tells {who}: {words}"
    return Draft(kind="person.notified", text=text, data=data, actor="room", source="rule")


async def leave(room: Room, inc: str, role_id: str, *, command_id: str = "") -> Acted:
    """Leave a part one holds; the entry says where nobody fills a required one any more."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        _held_by(scene, role)
        data = {"role": role.id, "person": scene.actor}
        empty = ", which is required: nobody holds it now" if role.required else ""
        return [Draft(kind="role.left", text=f"left {role.title}{empty}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _held_by(scene: Scene, role: RoleState, hint: str = "") -> None:
    if role.holder != scene.actor:
        holder = role.holder or "nobody"
        raise Refused("not-held", f"{holder} is {role.title}, not you", hint)


async def hand_over(
    room: Room, inc: str, role_id: str, who: str, words: str = "", *, command_id: str = ""
) -> Acted:
    """Offer a part one holds to a successor; what comes back as `thing` is the Brief for them.

    It stays with its holder until the successor accepts. Whom it was offered to before is asked no
    more.
    """

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        hint = "crisisroom role take, or role assign, gives it to somebody all the same"
        _held_by(scene, role, hint)
        name = person(who, tuple(member.id for member in scene.config.team))
        if name == role.holder:
            raise Refused("held", f"you are {role.title} already")
        refuse_role(scene.config.team, name, role)
        refuse_outsider(state, name, role.title)
        data = {
            "role": role.id,
            "person": name,
            "words": own(words, "note"),
            "tasks": [task.id for task in taken_on(state, role)],
        }
        note = f": {words}" if words else ""
        text = f"offers {role.title} to {name}{note}"
        return [Draft(kind="role.offered", text=text, data=data)]

    acted = await room.act(inc, decide, command_id=command_id)
    return _briefed(room, acted, acted.entry.data["person"], role_id)


async def accept(room: Room, inc: str, role_id: str, *, command_id: str = "") -> Acted:
    """Take over a part that one is offered; `thing` is the Brief for it.

    The tasks of that part which its holder had taken on go with it.
    """

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        offer = _offered(state, scene, role)
        refuse_role(scene.config.team, scene.actor, role)
        return _handed(state, scene, role, offer)

    acted = await room.act(inc, decide, command_id=command_id)
    return _briefed(room, acted, room.actor.name, role_id)


def _handed(state: Incident, scene: Scene, role: RoleState, offer: Offer) -> list[Draft]:
    data = {
        "role": role.id,
        "person": scene.actor,
        "was": role.holder,
        "words": offer.words,
        "tasks": [task.id for task in taken_on(state, role)],
    }
    note = f": {offer.words}" if offer.words else ""
    text = f"took {role.title} over from {role.holder}{note}"
    told = _tells(offer.by, f"{scene.actor} is {role.title} now: you are free of it")
    return [told, Draft(kind="role.handed", text=text, data=data)]


async def decline(room: Room, inc: str, role_id: str, why: str, *, command_id: str = "") -> Acted:
    """Say no to a part that one is offered, with the reason: it stays with its holder."""
    required(why, "say why, so that somebody else can be asked")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        offer = _offered(state, scene, role)
        data = {"role": role.id, "words": own(why, "reason")}
        text = f"declined {role.title}: {why}"
        told = _tells(offer.by, f"{scene.actor} declined {role.title}, it is still yours: {why}")
        return [told, Draft(kind="role.declined", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def keep(room: Room, inc: str, role_id: str, *, command_id: str = "") -> Acted:
    """Take an offer back: the part stays with whoever offered it."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        role = _role(state, role_id)
        offer = state.offers.get(role.id)
        if offer is None:
            raise Refused("no-offer", f"{role.title} is offered to nobody")
        _held_by(scene, role)
        text = f"keeps {role.title}: {offer.person} has not accepted it"
        data = {"role": role.id, "words": ""}
        told = _tells(offer.person, f"{scene.actor} keeps {role.title}: you need not answer")
        return [told, Draft(kind="role.declined", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _offered(state: Incident, scene: Scene, role: RoleState) -> Offer:
    """Return the offer of a part to whoever acts; Refused where there is none."""
    offer = state.offers.get(role.id)
    if offer is None:
        hint = "its holder hands it over: crisisroom role handover"
        raise Refused("no-offer", f"nobody offers you {role.title}", hint)
    if offer.person != scene.actor:
        raise Refused("no-offer", f"{role.title} is offered to {offer.person}, not to you")
    return offer


def _briefed(room: Room, acted: Acted, name: str, role_id: str) -> Acted:
    told = brief(acted.incident, room.clock.now(), name, role_id)
    return msgspec.structs.replace(acted, thing=told)
