"""What has a clock besides tasks: calls, duties by law, questions from outside, updates."""

from __future__ import annotations

from functools import partial

from crisisroom.core.cadence import next_update_at
from crisisroom.core.clocks import minutes
from crisisroom.core.errors import Refused
from crisisroom.core.incident import DeadlineState, Enquiry, EscalationRun
from crisisroom.core.kinds import span
from crisisroom.core.later import later
from crisisroom.room import cadences, deadlines, enquiries, escalations
from crisisroom.tui.acts import Desk, Undo, needed, text_row
from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import Choice, Reader, asking

_SORTS = {"media": "a journalist", "authority": "an authority", "partner": "a partner or customer"}


async def acknowledge(desk: Desk, run: EscalationRun) -> None:
    """Say that one has it: nobody else is called."""
    words = await desk.line(
        f"{run.title}: you have it?", "nobody else is called; a word if you like"
    )
    await escalations.acknowledge(desk.room, desk.incident.id, run.id, words)
    desk.said(f"acknowledged: {run.title}")


async def escalate(desk: Desk) -> None:
    """Begin to call people, step by step, until somebody acknowledges."""
    state = desk.incident
    if not state.plan.escalations:
        raise Refused("no-escalation", f"the playbook {state.plan.id} has no escalations")
    choices = [
        Choice(one.id, one.title, " → ".join(", ".join(step.call) for step in one.steps))
        for one in state.plan.escalations
    ]
    chosen = await desk.pick("Call whom?", choices, "each step waits for an answer")
    why = await desk.line("Why?", "whoever is called hears this first", check=needed)
    await escalations.start(desk.room, state.id, chosen, why)
    desk.said("escalation begun: view 3 says whom to call")


async def duty(desk: Desk, deadline: DeadlineState) -> None:
    """Meet a duty by law, or waive it with the reason."""
    choices = [
        Choice("met", "met", "who was told, when, the file number"),
        Choice("waive", "waived", "it does not apply: say why"),
    ]
    if deadline.state == "waiting":
        choices = choices[1:]
    rest = deadline.law or "it cannot be put off"
    if await desk.pick(deadline.title, choices, rest) == "met":
        words = await desk.line(deadline.title, "who was told, by which way?", check=needed)
        await deadlines.met(desk.room, desk.incident.id, deadline.id, words)
        desk.said(f"met: {deadline.title}")
        return
    reason = await desk.line(f"Waive {deadline.title}", "why, and who says so?", check=needed)
    waiting = deadline.state == "waiting"
    await deadlines.waive(desk.room, desk.incident.id, deadline.id, reason, not_applicable=waiting)
    desk.said(f"waived: {deadline.title}")


async def duties(desk: Desk) -> None:
    """Choose one of the duties by law."""
    state = desk.incident
    open_ = [one for one in state.deadlines.values() if one.state in ("running", "waiting")]
    if not open_:
        raise Refused("no-duty", "no legal duty is open here")
    choices = [Choice(one.id, one.title, _stands(desk, one)) for one in open_]
    await duty(desk, state.deadlines[await desk.pick("Legal duties", choices)])


def _stands(desk: Desk, one: DeadlineState) -> str:
    if one.due_at is None:
        return f"waits for {one.waiting_for}"
    return f"by {clock(one.due_at, desk.now, desk.zone)}, in {minutes(one.due_at - desk.now)}"


async def enquire(desk: Desk) -> None:
    """Write down a question from outside, with their deadline."""
    choices = [Choice(sort, told) for sort, told in _SORTS.items()]
    sort = await desk.pick("Who asks?", choices)
    outlet = await desk.line("Which outlet or office?", check=needed)
    name = await desk.line(f"{outlet}: who?", "their name; may be empty")
    reach = await desk.line(f"{outlet}: how do we get back to them?", "may be empty")
    question = await desk.line(f"{outlet}: what do they ask?", check=needed)
    typed = await desk.line(
        f"{outlet}: until when do they need it?",
        "17:30, +2h, 2026-11-23 09:00, or empty",
        check=lambda words: _no_moment(desk, words),
    )
    acted = await enquiries.add(
        desk.room,
        desk.incident.id,
        sort,
        outlet,
        question,
        name=name,
        reach=reach,
        due_at=later(typed, desk.now, desk.incident.zone) if typed.strip() else None,
    )
    desk.said(f"{list(acted.incident.enquiries)[-1]} is on the list: view 3")


async def enquiry(desk: Desk, asked: Enquiry) -> None:
    """Answer a question from outside: what they were told."""
    words = await desk.line(f"{asked.outlet}: what were they told?", asked.question, check=needed)
    await enquiries.answer(desk.room, desk.incident.id, asked.id, words)
    desk.said(f"{asked.id} is answered")


async def give_enquiry(desk: Desk, asked: Enquiry, name: str) -> None:
    """Give a question to somebody."""
    await enquiries.assign(desk.room, desk.incident.id, asked.id, name)
    undo = None
    if asked.owner:
        back = partial(enquiries.assign, desk.room, desk.incident.id, asked.id, asked.owner)
        undo = Undo(f"gift of {asked.id}", back)
    desk.said(f"{name} answers {asked.outlet}", undo)


async def put_off(desk: Desk) -> None:
    """Put an update off, with the reason; a duty by law cannot be."""
    state = desk.incident
    due = {one.id: next_update_at(state, one) for one in state.plan.cadences}
    choices = [
        Choice(one.id, f"{one.audience} update", f"due {clock(moment, desk.now, desk.zone)}")
        for one in state.plan.cadences
        if (moment := due[one.id]) is not None
    ]
    if not choices:
        raise Refused("no-update", "no update is due")
    chosen = choices[0].id if len(choices) == 1 else await desk.pick("Which update?", choices)
    typed = await desk.line("Put it off by how long?", "10m, 1h", check=_no_span)
    reason = await desk.line("Why?", "it stands on the timeline", check=needed)
    acted = await cadences.snooze(desk.room, state.id, chosen, span(typed.strip()) or 0, reason)
    until = acted.incident.snoozes[chosen].until
    desk.said(f"put off until {clock(until, desk.now, desk.zone)}")


def _no_moment(desk: Desk, typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        later(typed, desk.now, desk.incident.zone)
    except Refused as refused:
        return refused.hint or refused.message
    return ""


def _no_span(typed: str) -> str:
    return "" if span(typed.strip()) else "write it like 10m or 1h"


async def detail(desk: Desk) -> None:
    """Show a call, duty or question whole."""
    context = desk.context
    if context.run is not None:
        await desk.ask(
            Reader(asking(context.run.title, "space: you have it"), _run(desk, context.run))
        )
    elif context.deadline is not None:
        lines = _duty(desk, context.deadline)
        await desk.ask(Reader(asking(context.deadline.title, "space: met or waived"), lines))
    elif context.enquiry is not None:
        asked = context.enquiry
        told = asking(f"{asked.id} {asked.outlet}", "space: answered   A: give it to somebody")
        await desk.ask(Reader(told, _enquiry(desk, asked)))


def _run(desk: Desk, run: EscalationRun) -> list[Row]:
    lines = [text_row(f"because: {run.why}"), BLANK] if run.why else []
    for one in desk.incident.plan.contacts:
        if one.id in run.called:
            lines.append(text_row(one.name, "bold"))
            lines += [text_row(f"{way.by} {way.to}") for way in one.reach]
    if run.next_at:
        lines += [BLANK, text_row(f"next call {clock(run.next_at, desk.now, desk.zone)}", "quiet")]
    return lines


def _duty(desk: Desk, one: DeadlineState) -> list[Row]:
    lines = [text_row(one.law)] if one.law else []
    if one.started_at and one.due_at:
        begun = clock(one.started_at, desk.now, desk.zone)
        lines.append(text_row(f"counts from {begun}, due {clock(one.due_at, desk.now, desk.zone)}"))
    if one.waiting_for:
        lines.append(text_row(f"begins with {one.waiting_for}"))
    if one.words:
        lines.append(text_row(f"{one.state} by {one.closed_by}: {one.words}"))
    return lines


def _enquiry(desk: Desk, asked: Enquiry) -> list[Row]:
    lines = [text_row(asked.question), BLANK]
    lines += [text_row(part) for part in (asked.name, asked.reach) if part]
    if asked.due_at:
        lines.append(text_row(f"needed {clock(asked.due_at, desk.now, desk.zone)}"))
    lines.append(
        text_row(f"{asked.owner} answers" if asked.owner else "nobody has it yet", "quiet")
    )
    return lines
