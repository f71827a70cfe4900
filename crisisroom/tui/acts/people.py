"""Who does what: the role board, handing over, whom to call, and the brief for who joins."""

from __future__ import annotations

from functools import partial

from crisisroom.core.brief import Brief
from crisisroom.core.clocks import minutes
from crisisroom.core.errors import Refused
from crisisroom.core.incident import RoleState
from crisisroom.core.ladder import Rung, hours_words, ladder
from crisisroom.room import reading, record, roles
from crisisroom.tui.acts import Desk, Undo, text_row
from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import Choice, Confirm, Reader, asking

_OUTCOMES = {
    "reached": "reached",
    "no-answer": "no answer",
    "message": "left a message",
}


async def roles_board(desk: Desk) -> None:
    """Show who holds which role; take one, give it, hand one's own over or leave it."""
    state = desk.incident
    if not state.roles:
        raise Refused("no-roles", f"the playbook {state.plan.id} names no roles")
    choices = [Choice(one.id, one.title, _held(desk, one)) for one in state.roles.values()]
    role = state.roles[await desk.pick("Roles", choices, "who does what")]
    if role.holder == desk.context.me:
        await _own(desk, role)
        return
    name = await desk.person(f"Who is {role.title}?")
    if name == desk.context.me:
        await roles.take(desk.room, state.id, role.id)
        undo = Undo(f"taking {role.title}", partial(roles.leave, desk.room, state.id, role.id))
        desk.said(f"you are {role.title}", undo)
    else:
        await roles.assign(desk.room, state.id, role.id, name)
        desk.said(f"{name} is {role.title}")


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
    name = await desk.person(f"Who is {role.title} from now on?")
    words = await desk.line(f"{role.title} to {name}", "what should they know? may be empty")
    acted = await roles.hand_over(desk.room, desk.incident.id, role.id, name, words)
    desk.said(f"{name} is {role.title} now")
    await desk.ask(Reader(asking(f"Brief for {name}", role.title), brief_lines(acted.thing)))


async def contacts(desk: Desk) -> None:
    """Show whom to call, and write down who was called and what came of it."""
    state = desk.incident
    rungs = {one.contact.id: one for one in ladder(state.plan, desk.now, state, desk.incident.zone)}
    if not rungs:
        raise Refused("no-contacts", f"the playbook {state.plan.id} names no contacts")
    choices = [Choice(id_, one.contact.name, _ways(desk, one)) for id_, one in rungs.items()]
    rung = rungs[await desk.pick("Whom to call", choices, "in the order of calling")]
    who = rung.contact
    ways = [
        Choice(f"{number} {outcome}", f"{way.by} {way.to}", said)
        for number, way in enumerate(who.reach)
        for outcome, said in _OUTCOMES.items()
    ]
    number, _, outcome = (await desk.pick(who.name, ways, _more(rung))).partition(" ")
    words = await desk.line(who.name, "what was said? may be empty")
    way = who.reach[int(number)]
    acted = await record.called(desk.room, state.id, who.id, way.by, outcome, words)  # type: ignore[arg-type]
    told = acted.followed[0].text if acted.followed else acted.entry.text
    desk.said(told)


def _ways(desk: Desk, rung: Rung) -> str:
    """Return the ways to reach somebody, behind what the last call came to."""
    ways = ", then ".join(f"{way.by} {way.to}" for way in rung.contact.reach)
    if not rung.calls:
        return f"{ways}   {rung.place}"
    last = rung.calls[-1]
    said = _OUTCOMES.get(last.outcome, "called")
    return f"{said} {clock(last.at, desk.now, desk.zone)}   {ways}"


def _more(rung: Rung) -> str:
    parts = [
        f"{rung.local:%H:%M} there, {hours_words(rung)}",
        f"speaks {rung.contact.language}",
        rung.contact.note,
        f"! {rung.stale}" if rung.stale else "",
    ]
    return "   ".join(part for part in parts if part)


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
