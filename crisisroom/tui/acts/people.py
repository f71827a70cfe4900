"""Who does what: the role board, handing over, and the brief for who joins."""

from __future__ import annotations

from functools import partial

from crisisroom.core.brief import Brief
from crisisroom.core.clocks import minutes
from crisisroom.core.errors import Refused
from crisisroom.core.incident import RoleState
from crisisroom.room import reading, roles
from crisisroom.tui.acts import Desk, Undo, text_row
from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import Confirm, Reader, asking
from crisisroom.tui.screens.picking import Choice


async def roles_board(desk: Desk) -> None:
    """Show who holds which role; take one, give it, hand one's own over or leave it."""
    state = desk.incident
    if not state.roles:
        raise Refused("no-roles", f"the playbook {state.plan.id} names no roles")
    choices = [Choice(one.id, one.title, _held(desk, one)) for one in state.roles.values()]
    first = next((one.id for one in state.roles.values() if one.required and not one.holder), "")
    role = state.roles[await desk.pick("Roles", choices, "who does what", chosen=first)]
    if role.holder == desk.context.me:
        await _own(desk, role)
    else:
        await _fill(desk, role)


async def _fill(desk: Desk, role: RoleState) -> None:
    """Take a part, or give it to somebody; from whoever has it only when that is meant."""
    name = await desk.person(
        f"Who is {role.title}?", _duties(desk, role), among=_fitting(desk, role)
    )
    if role.holder:
        title = asking(f"{role.title}: {name} instead of {role.holder}?", "no hand-over is noted")
        if not await desk.ask(Confirm(title, verb="yes")):
            return
    inc, mine = desk.incident.id, name == desk.context.me
    if mine:
        await roles.take(desk.room, inc, role.id)
    else:
        await roles.assign(desk.room, inc, role.id, name)
    undo = None
    if role.holder:
        undo = Undo(f"change of {role.title}", partial(_give, desk, role, role.holder))
    elif mine:
        undo = Undo(f"taking {role.title}", partial(roles.leave, desk.room, inc, role.id))
    desk.said(f"you are {role.title}" if mine else f"{name} is {role.title}", undo)


async def _give(desk: Desk, role: RoleState, name: str) -> None:
    await roles.assign(desk.room, desk.incident.id, role.id, name)


def _duties(desk: Desk, role: RoleState) -> str:
    return next((one.duties for one in desk.incident.plan.roles if one.id == role.id), "")


def _fitting(desk: Desk, role: RoleState) -> list[str]:
    """Return who may have a part: by the team where there is one, else those named for it first."""
    if team := desk.room.config.team:
        may = [member.id for member in team if role.id in member.roles]
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
        return f"{role.holder}{since}"
    names = {one.id: one.name for one in desk.incident.plan.contacts}
    backup = f", backup {names.get(role.backup, role.backup)}" if role.backup else ""
    empty = f" for {minutes(desk.now - role.empty_since)}" if role.empty_since else ""
    return f"free{empty}{', required' if role.required else ''}{backup}"


async def _own(desk: Desk, role: RoleState) -> None:
    choices = [
        Choice("hand", "hand it over", "with a brief for your successor"),
        Choice("leave", "leave it", "it is free then"),
    ]
    if await desk.pick(f"You are {role.title}", choices) == "hand":
        await _hand_over(desk, role)
        return
    if await desk.ask(Confirm(asking(f"Leave {role.title}?", "it is free then"), verb="leave")):
        await roles.leave(desk.room, desk.incident.id, role.id)
        back = partial(roles.take, desk.room, desk.incident.id, role.id)
        desk.said(f"{role.title} is free", Undo(f"leaving {role.title}", back))


async def _hand_over(desk: Desk, role: RoleState) -> None:
    others = [one for one in _fitting(desk, role) if one != desk.context.me]
    name = await desk.person(f"Who is {role.title} from now on?", among=others)
    words = await desk.line(f"{role.title} to {name}", "what should they know? may be empty")
    inc = desk.incident.id
    acted = await roles.hand_over(desk.room, inc, role.id, name, words)
    back = partial(roles.take, desk.room, inc, role.id)
    desk.said(f"{name} is {role.title} now", Undo(f"hand-over of {role.title}", back))
    await desk.ask(Reader(asking(f"Brief for {name}", role.title), brief_lines(acted.thing)))


async def brief(desk: Desk) -> None:
    """Show where the incident stands, on one page."""
    page = await reading.brief(desk.room, desk.incident.id)
    title = asking(f"Brief of {page.incident}", "for whoever joins now")
    await desk.ask(Reader(title, brief_lines(page)))


def brief_lines(page: Brief) -> list[Row]:
    """Return the brief as rows."""
    lines: list[Row] = []
    for name, told in page.parts():
        if told:
            title = name[0].upper() + name[1:]
            lines += [BLANK, text_row(title, "bold"), *(text_row(one) for one in told)]
    return lines
