"""Working through the incident: tasks, notes, severity, roles, contacts, its beginning and end."""

from __future__ import annotations

from functools import partial

from crisisroom.core.errors import Refused
from crisisroom.core.incident import TaskState
from crisisroom.core.playbook import Contact
from crisisroom.room import facts, lifecycle, reading, record, roles, tasks
from crisisroom.tui.acts import Desk, Undo, needed, text_row
from crisisroom.tui.acts.when import dated, mistimed
from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import Choice, Confirm, Reader, asking


def _task(desk: Desk) -> TaskState:
    if desk.context.task is None:
        raise Refused("no-task", "choose a task first")
    return desk.context.task


async def tick(desk: Desk) -> None:
    """Tick the task; its note or link is asked for first."""
    task, inc = _task(desk), desk.incident.id
    given = ""
    if task.evidence != "none":
        what = "where is it? a link" if task.evidence == "link" else "what was done?"
        given = await desk.line(task.title, what, check=needed)
    await tasks.done(desk.room, inc, task.id, given)
    undo = Undo(f"tick of {task.title}", partial(tasks.reopen, desk.room, inc, task.id))
    desk.said(f"done: {task.title}", undo)


async def skip(desk: Desk) -> None:
    """Leave the task out, with the reason."""
    task, inc = _task(desk), desk.incident.id
    reason = await desk.line(f"Skip {task.title}", "why?", check=needed)
    await tasks.skip(desk.room, inc, task.id, reason)
    undo = Undo(f"skipping of {task.title}", partial(tasks.reopen, desk.room, inc, task.id))
    desk.said(f"skipped: {task.title}", undo)


async def take_task(desk: Desk) -> None:
    """Take the task."""
    await _give(desk, desk.context.me)


async def give_task(desk: Desk) -> None:
    """Give the task to somebody."""
    await _give(desk, await desk.person(f"Who does {_task(desk).title}?"))


async def _give(desk: Desk, name: str) -> None:
    task, inc = _task(desk), desk.incident.id
    await tasks.assign(desk.room, inc, task.id, name)
    undo = None
    if task.assignee:
        back = partial(tasks.assign, desk.room, inc, task.id, task.assignee)
        undo = Undo(f"gift of {task.title}", back)
    desk.said(f"{name} does {task.title}", undo)


async def note(desk: Desk) -> None:
    """Write a note, of now or of a while ago."""
    typed = await desk.line(
        "Note",
        "-12m or 03:12 before it puts it back",
        check=lambda words: mistimed(words, desk.now, desk.zone) or needed(words),
    )
    at, words = dated(typed, desk.now, desk.zone)
    await record.note(desk.room, desk.incident.id, words, at=at)
    when = f", at {clock(at, desk.now, desk.zone)}" if at else ""
    desk.said(f"noted{when}")


async def decide(desk: Desk) -> None:
    """Record a decision and its reason."""
    words = await desk.line("Decision", "what was decided?", check=needed)
    why = await desk.line(words, "why?", check=needed)
    await record.decide(desk.room, desk.incident.id, words, why)
    desk.said("decision recorded")


async def severity(desk: Desk) -> None:
    """Raise or lower the severity."""
    state = desk.incident
    levels = [
        Choice(one.id, one.id.upper(), one.when_to_use or one.label)
        for one in state.plan.severities
    ]
    chosen = await desk.pick(
        "Severity", levels, f"now {state.severity.upper()}", chosen=state.severity
    )
    reason = await desk.line(f"{state.severity.upper()} to {chosen.upper()}", "why?")
    await lifecycle.severity(desk.room, state.id, chosen, reason)
    undo = Undo(
        f"change to {chosen.upper()}",
        partial(lifecycle.severity, desk.room, state.id, state.severity, "taken back"),
    )
    desk.said(f"{state.id} is {chosen.upper()}", undo)


async def retitle(desk: Desk) -> None:
    """Give the incident another title."""
    state = desk.incident
    title = await desk.line("Title", state.id, value=state.title, check=needed)
    await lifecycle.retitle(desk.room, state.id, title)
    undo = Undo("new title", partial(lifecycle.retitle, desk.room, state.id, state.title))
    desk.said(f"{state.id} is called {title}", undo)


async def resolve(desk: Desk) -> None:
    """Close the incident; what is still open is named first."""
    state = desk.incident
    if open_still := lifecycle.resolve_blocked_by(state):
        lines = [text_row(one) for one in open_still]
        await desk.ask(
            Reader(asking(f"{state.id} cannot be resolved yet", "do these, or skip"), lines)
        )
        return
    words = await desk.line(f"Resolve {state.id}", "in a sentence: how did it end?")
    if not await desk.ask(
        Confirm(asking(f"Resolve {state.id}?", "its clocks stop"), verb="resolve")
    ):
        return
    await lifecycle.resolve(desk.room, state.id, words)
    back = partial(lifecycle.reopen, desk.room, state.id, "resolved by mistake")
    desk.said(f"{state.id} is resolved", Undo(f"resolving of {state.id}", back))


async def reopen(desk: Desk) -> None:
    """Open a resolved incident again."""
    state = desk.incident
    reason = await desk.line(f"Reopen {state.id}", "why?", check=needed)
    await lifecycle.reopen(desk.room, state.id, reason)
    desk.said(f"{state.id} is open again")


async def take_role(desk: Desk) -> None:
    """Take a role, give it, or leave it."""
    state = desk.incident
    choices = [
        Choice(one.id, one.title, one.holder or ("free, required" if one.required else "free"))
        for one in state.roles.values()
    ]
    role = state.roles[await desk.pick("Roles", choices)]
    if role.holder == desk.context.me:
        if await desk.ask(Confirm(asking(f"Leave {role.title}?", "it is free then"), verb="leave")):
            await roles.leave(desk.room, state.id, role.id)
            undo = Undo(f"leaving {role.title}", partial(roles.take, desk.room, state.id, role.id))
            desk.said(f"{role.title} is free", undo)
        return
    name = await desk.person(f"Who is {role.title}?")
    if name == desk.context.me:
        await roles.take(desk.room, state.id, role.id)
        undo = Undo(f"taking {role.title}", partial(roles.leave, desk.room, state.id, role.id))
        desk.said(f"you are {role.title}", undo)
    else:
        await roles.assign(desk.room, state.id, role.id, name)
        desk.said(f"{name} is {role.title}")


async def contacts(desk: Desk) -> None:
    """Show whom to call, and write down who was called and whether they answered."""
    state = desk.incident
    people = {one.id: one for one in state.plan.contacts}
    if not people:
        raise Refused("no-contacts", f"the playbook {state.plan.id} names no contacts")
    choices = [Choice(one.id, one.name, _ways(desk, one)) for one in people.values()]
    who = people[await desk.pick("Whom to call", choices, "in the order of the playbook")]
    ways = [
        Choice(f"{number} {came}", f"{way.by} {way.to}", said)
        for number, way in enumerate(who.reach)
        for came, said in (("yes", "reached"), ("no", "no answer"))
    ]
    number, _, came = (await desk.pick(who.name, ways, who.note or who.hours)).partition(" ")
    way = who.reach[int(number)]
    words = await desk.line(who.name, "what was said? may be empty")
    await record.called(desk.room, state.id, who.id, way.by, came == "yes", words)
    desk.said(f"{'reached' if came == 'yes' else 'no answer from'} {who.name}")


def _ways(desk: Desk, who: Contact) -> str:
    calls = [call for call in desk.incident.calls if call.contact == who.id]
    last = calls[-1] if calls else None
    ways = ", then ".join(f"{way.by} {way.to}" for way in who.reach)
    if last is None:
        return ways
    came = "reached" if last.reached else "no answer"
    return f"{came} {clock(last.at, desk.now, desk.zone)}   {ways}"


async def set_facts(desk: Desk) -> None:
    """Set a fact: known, being checked, unknown, changed."""
    state = desk.incident
    fact = desk.context.fact
    if fact is None:
        choices = [
            Choice(one.id, one.label, f"{one.state}  {one.value}".strip())
            for one in state.facts.values()
        ]
        fact = state.facts[await desk.pick("Which fact?", choices)]
    states = [
        Choice("known", "known"),
        Choice("checking", "being checked"),
        Choice("unknown", "unknown"),
        Choice("changed", "changed", "it was known otherwise"),
    ]
    status = await desk.pick(fact.label, states, fact.ask, chosen=fact.state)
    value, source = "", ""
    if status in ("known", "changed"):
        value = await desk.line(fact.label, "as it may be said", value=fact.value, check=needed)
        source = await desk.line(f"{fact.label}: {value}", "who says so?", value=fact.source)
    await facts.set_fact(desk.room, state.id, fact.id, value, status, source)
    back = partial(
        facts.set_fact, desk.room, state.id, fact.id, fact.value, fact.state, fact.source
    )
    desk.said(f"{fact.label}: {value or status}", Undo(f"fact {fact.label}", back))


async def brief(desk: Desk) -> None:
    """Show where the incident stands, on one page."""
    page = await reading.brief(desk.room, desk.incident.id)
    parts = {
        "Where it stands": page.situation,
        "What we said": page.said,
        "What we promised": page.promised,
        "Open": page.open,
        "Needed from you": page.needed_from_you,
        "Roles": page.roles,
    }
    lines: list[Row] = []
    for name, told in parts.items():
        if told:
            lines += [BLANK, text_row(name, "bold"), *(text_row(one) for one in told)]
    await desk.ask(Reader(asking(f"Brief of {page.incident}", "for whoever joins now"), lines))


async def other(desk: Desk) -> None:
    """Look at another incident."""
    known = await reading.incidents(desk.room)
    choices = [
        Choice(one.id, f"{one.id} {one.severity.upper()}", f"{one.status}  {one.title}")
        for one in known
    ]
    here = desk.context.incident
    chosen = await desk.pick("Which incident?", choices, chosen=here.id if here else "")
    desk.go(incident=chosen)
