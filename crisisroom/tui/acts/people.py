"""Who does what: the role board, handing over, and the brief for who joins."""

from __future__ import annotations

from functools import partial
from itertools import chain

from crisisroom.config import who_may_hold
from crisisroom.core.clocks import minutes
from crisisroom.core.errors import Refused
from crisisroom.core.handing import offers_to
from crisisroom.core.incident import RoleState
from crisisroom.core.recorded import Offer
from crisisroom.room import reading, roles
from crisisroom.tui.acted import Undo, final
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.picking import Choice


async def roles_board(desk: Desk) -> None:
    """Show who holds which role; take one, give it, hand one's own over or leave it."""
    state = desk.incident
    if not state.roles:
        raise Refused("no-roles", f"the playbook {state.plan.id} names no roles")
    choices = [Choice(one.id, one.title, _held(desk, one)) for one in state.roles.values()]
    role = state.roles[await desk.pick("Roles", choices, "who does what", chosen=_first(desk))]
    offer = state.offers.get(role.id)
    if offer is not None and offer.person == desk.context.me:
        await _answer(desk, role, offer)
    elif role.holder == desk.context.me:
        await _own(desk, role, offer)
    else:
        await _fill(desk, role)


def _first(desk: Desk) -> str:
    """Return the role to begin with: one offered to me, else a required one that is free."""
    state = desk.incident
    mine = (one.role for one in offers_to(state, desk.context.me))
    free = (one.id for one in state.roles.values() if one.required and not one.holder)
    return next(chain(mine, free), "")


async def accept(desk: Desk) -> None:
    """Take over a part that somebody offers me, or decline it."""
    state = desk.incident
    mine = offers_to(state, desk.context.me)
    if not mine:
        raise Refused("no-offer", "nobody offers you a role")
    choices = [
        Choice(one.role, f"{state.roles[one.role].title} from {one.by}", one.words) for one in mine
    ]
    chosen = mine[0].role
    if len(mine) > 1:
        chosen = await desk.pick("Which one?", choices, "what you are offered")
    await _answer(desk, state.roles[chosen], state.offers[chosen])


async def _answer(desk: Desk, role: RoleState, offer: Offer) -> None:
    inc = desk.incident.id
    choices = [
        Choice("accept", f"accept {role.title} from {offer.by}", "yours then, with its tasks"),
        Choice("read", "read the brief first", "accept or decline it afterwards, R comes back"),
        Choice("decline", "decline it", f"{offer.by} keeps it, and is told why"),
    ]
    chosen = await desk.pick(f"{offer.by} offers you {role.title}", choices, offer.words)
    if chosen == "read":
        _open_brief(desk, desk.context.me, role)
    elif chosen == "accept":
        await roles.accept(desk.room, inc, role.id)
        back = partial(roles.assign, desk.room, inc, role.id, offer.by, "the hand-over is undone")
        _open_brief(desk, desk.context.me, role)
        desk.said(f"you are {role.title}", Undo(f"hand-over of {role.title}", back))
    else:
        why = await desk.line(f"Decline {role.title}", f"why? {offer.by} reads it", check=needed)
        await roles.decline(desk.room, inc, role.id, why)
        desk.said(f"declined: {role.title} stays with {offer.by}")


async def _fill(desk: Desk, role: RoleState) -> None:
    """Take a part, or give it to somebody; from whoever has it only when that is meant."""
    name = await desk.person(
        f"Who is {role.title}?", _duties(desk, role), among=_fitting(desk, role)
    )
    if name == role.holder:
        raise Refused("held", f"{name} is {role.title} already")
    why = await _why_forced(desk, role, name) if role.holder else ""
    inc, mine = desk.incident.id, name == desk.context.me
    if mine:
        await roles.take(desk.room, inc, role.id, why)
    else:
        await roles.assign(desk.room, inc, role.id, name, why)
    undo = final(f"giving {role.title} to {name}")  # only who has it can leave it
    if role.holder:
        undo = Undo(f"change of {role.title}", partial(_give, desk, role, role.holder))
    elif mine:
        undo = Undo(f"taking {role.title}", partial(roles.leave, desk.room, inc, role.id))
    if mine and role.holder:
        _open_brief(desk, name, role)
    desk.said(f"you are {role.title}" if mine else f"{name} is {role.title}", undo)


async def _why_forced(desk: Desk, role: RoleState, name: str) -> str:
    """Ask why a part goes on without its holder: they read it, and the timeline keeps it."""
    there = role.holder in {one.actor for one in (await reading.status(desk.room)).people}
    seen = f"{role.holder} is here and could hand it over" if there else f"{role.holder} is gone"
    title = f"{role.title}: {name} instead of {role.holder}, without a hand-over"
    return await desk.line(title, f"{seen}; why? {role.holder} reads it", check=needed)


async def _give(desk: Desk, role: RoleState, name: str) -> None:
    await roles.assign(desk.room, desk.incident.id, role.id, name, "the change is undone")


def _duties(desk: Desk, role: RoleState) -> str:
    return next((one.duties for one in desk.incident.plan.roles if one.id == role.id), "")


def _fitting(desk: Desk, role: RoleState) -> list[str]:
    """Return who may have a part: by the team where there is one, else those named for it first."""
    if team := desk.room.config.team:
        may = who_may_hold(team, role.id)
        if not may:
            hint = "the team in crisisroom.yaml says who may"
            raise Refused("role", f"nobody of the team may be {role.title}", hint)
        return sorted(may, key=lambda one: one != desk.context.me)
    named = {one.id for one in desk.incident.plan.contacts if role.id in one.roles}
    named.add(role.backup)
    me = desk.context.me
    return sorted(desk.people, key=lambda one: (one != me, one not in named))


def _held(desk: Desk, role: RoleState) -> str:
    if role.holder:
        since = f" since {clock(role.since, desk.now, desk.zone)}" if role.since else ""
        offer = desk.incident.offers.get(role.id)
        to = "you" if offer and offer.person == desk.context.me else offer.person if offer else ""
        return f"{role.holder}{since}{f', offered to {to}' if to else ''}"
    names = {one.id: one.name for one in desk.incident.plan.contacts}
    backup = f", backup {names.get(role.backup, role.backup)}" if role.backup else ""
    empty = f" for {minutes(desk.now - role.empty_since)}" if role.empty_since else ""
    return f"free{empty}{', required' if role.required else ''}{backup}"


async def _own(desk: Desk, role: RoleState, offer: Offer | None) -> None:
    choices = [
        Choice("hand", "hand it over", "with a brief for your successor; yours until they accept"),
        Choice("leave", "leave it", "it is free then"),
    ]
    if offer is not None:
        choices.insert(0, Choice("keep", "keep it", f"{offer.person} has not accepted it yet"))
    chosen = await desk.pick(f"You are {role.title}", choices)
    if chosen == "hand":
        await _hand_over(desk, role)
        return
    if chosen == "keep":
        await roles.keep(desk.room, desk.incident.id, role.id)
        desk.said(f"you keep {role.title}")
        return
    await roles.leave(desk.room, desk.incident.id, role.id)
    back = partial(roles.take, desk.room, desk.incident.id, role.id)
    desk.said(f"{role.title} is free", Undo(f"leaving {role.title}", back))


async def _hand_over(desk: Desk, role: RoleState) -> None:
    others = [one for one in _fitting(desk, role) if one != desk.context.me]
    name = await desk.person(f"Who is {role.title} from now on?", among=others)
    words = await desk.line(f"{role.title} to {name}", "what should they know? may be empty")
    inc = desk.incident.id
    await roles.hand_over(desk.room, inc, role.id, name, words)
    back = partial(roles.keep, desk.room, inc, role.id)
    _open_brief(desk, name, role)
    desk.said(
        f"{name} is asked: {role.title} is yours until they accept",
        Undo(f"offer of {role.title}", back),
    )


async def brief(desk: Desk) -> None:
    """Show where the incident stands, on one page, as each audience reads it."""
    _open_brief(desk)


def _open_brief(desk: Desk, person: str = "", role: RoleState | None = None) -> None:
    from crisisroom.tui.after.brief import BriefScreen  # loaded with the first one

    desk.open(BriefScreen(desk, person=person, role=role.id if role else ""))
