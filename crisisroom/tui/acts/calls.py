"""Calling people: who has it, whom to try next, what came of a call."""

from __future__ import annotations

from functools import partial
from typing import get_args

from crisisroom.core.engine import called_as
from crisisroom.core.errors import Refused
from crisisroom.core.incident import EscalationRun
from crisisroom.core.ladder import Rung, hours_words, ladder
from crisisroom.core.playbook import Contact, Escalation
from crisisroom.room import Acted, escalations, record
from crisisroom.room.record import Outcome
from crisisroom.tui.acted import Undo, final
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.rows.duties import way_words
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.picking import Choice

_OUTCOMES: dict[Outcome, str] = {
    "reached": "reached",
    "no-answer": "no answer",
    "message": "left a message",
}


async def settle_call(desk: Desk, run: EscalationRun) -> None:
    """Say that one has it, or what came of calling whoever is to be called now."""
    people = [one for one in desk.incident.plan.contacts if one.id in run.called]
    choices = [Choice("me", "I have it", "nobody else is called")]
    for one in people:
        choices += [
            Choice(f"{outcome} {one.id}", f"{said}: {one.name}", _meaning(outcome, one))
            for outcome, said in _OUTCOMES.items()
        ]
    chosen = await desk.pick(run.title, choices, f"because: {run.why}" if run.why else "")
    if chosen == "me":
        await _acknowledge(desk, run)
        return
    outcome, _, name = chosen.partition(" ")
    who = next(one for one in people if one.id == name)
    await _write_down(desk, who, 0, _outcome(outcome))


def _meaning(outcome: Outcome, who: Contact) -> str:
    return f"{way_words(who.reach[0])}, they have it" if outcome == "reached" else ""


def _outcome(name: str) -> Outcome:
    return next(one for one in get_args(Outcome) if one == name)


async def _acknowledge(desk: Desk, run: EscalationRun) -> None:
    inc = desk.incident.id
    words = await desk.line(f"{run.title}: you have it", "what will you do? may be empty")
    await escalations.acknowledge(desk.room, inc, run.id, words)
    back = partial(escalations.start, desk.room, inc, run.id, "not acknowledged after all")
    desk.said(f"acknowledged: {run.title}", Undo(f"acknowledgement of {run.title}", back))


async def _write_down(desk: Desk, who: Contact, way: int, outcome: Outcome) -> None:
    words = await desk.line(f"{_OUTCOMES[outcome]}: {who.name}", "what was said? may be empty")
    acted = await record.called(
        desk.room, desk.incident.id, who.id, who.reach[way].by, outcome, words
    )
    desk.said(_came_of(acted), final(f"the call of {who.name}"))


def _came_of(acted: Acted) -> str:
    """Return what a call came to: whom it let off, else the call itself."""
    ended = [one for one in acted.followed if one.kind == "escalation.acknowledged"]
    return (ended[0] if ended else acted.entry).text


async def escalate(desk: Desk) -> None:
    """Begin to call people, step by step, until somebody acknowledges."""
    state = desk.incident
    if not state.plan.escalations:
        raise Refused("no-escalation", f"the playbook {state.plan.id} has no escalations")
    choices = [Choice(one.id, one.title, _steps(desk, one)) for one in state.plan.escalations]
    chosen = await desk.pick("Call whom?", choices, "each step waits for an answer")
    run = state.escalations.get(chosen)
    if run is not None and run.next_at is not None:
        desk.go_to_row(f"call:{chosen}")
        raise Refused("running", f"{run.title}: already under way", "space says who has it")
    why = await desk.line("Why?", "whoever is called hears this first", check=needed)
    await escalations.start(desk.room, state.id, chosen, why)
    title = next(one.title for one in state.plan.escalations if one.id == chosen)
    back = partial(escalations.acknowledge, desk.room, state.id, chosen, "begun by mistake")
    desk.said(f"begun: {title}", Undo(f"escalation {title}", back))
    desk.go_to_row(f"call:{chosen}")


def _steps(desk: Desk, one: Escalation) -> str:
    run = desk.incident.escalations.get(one.id)
    known = {contact.id: contact.name for contact in desk.incident.plan.contacts}
    steps = [
        ", ".join(known.get(who) or called_as(desk.incident, who) for who in step.call)
        for step in one.steps
    ]
    running = "under way   " if run is not None and run.next_at is not None else ""
    return running + ", then ".join(steps)


async def contacts(desk: Desk) -> None:
    """Show whom to call, and write down who was called and what came of it."""
    state = desk.incident
    rungs = {one.contact.id: one for one in ladder(state.plan, desk.now, state, state.zone)}
    if not rungs:
        raise Refused("no-contacts", f"the playbook {state.plan.id} names no contacts")
    choices = [Choice(id_, one.contact.name, _rest(desk, one)) for id_, one in rungs.items()]
    now = desk.context.run.called if desk.context.run else ()
    chosen = next((one for one in now if one in rungs), "")
    rung = rungs[await desk.pick("Whom to call", choices, "in this order", chosen=chosen)]
    who = rung.contact
    ways = [
        Choice(f"{number} {outcome}", way_words(way), said)
        for number, way in enumerate(who.reach)
        for outcome, said in _OUTCOMES.items()
    ]
    number, _, outcome = (await desk.pick(who.name, ways, _more(rung))).partition(" ")
    await _write_down(desk, who, int(number), _outcome(outcome))


def _rest(desk: Desk, rung: Rung) -> str:
    """Return the ways to reach somebody, why they stand here, and how it stands with them."""
    parts = [", then ".join(map(way_words, rung.contact.reach)), rung.place]
    if rung.opening.now is False:
        parts.append(hours_words(rung))
    if rung.calls:
        last = rung.calls[-1]
        said = next((told for one, told in _OUTCOMES.items() if one == last.outcome), "called")
        parts.insert(0, f"{said} {clock(last.at, desk.now, desk.zone)}")
    return "   ".join(parts)


def _more(rung: Rung) -> str:
    parts = [
        f"{rung.local:%H:%M} there, {hours_words(rung)}",
        f"speaks {rung.contact.language}",
        rung.contact.note,
        f"! {rung.stale}" if rung.stale else "",
    ]
    return "   ".join(part for part in parts if part)
