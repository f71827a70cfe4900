"""What is owed: legal duties, updates, and calling until somebody has it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes, text, words
from crisisroom.cli.output import say_all
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.cli.saidof import BESIDE, beside
from crisisroom.core.cadence import last_update, next_update_at
from crisisroom.core.clocks import minutes
from crisisroom.core.incident import DeadlineState, Incident
from crisisroom.core.ladder import hours_words, ladder
from crisisroom.core.later import seconds_of
from crisisroom.core.playbook import Cadence, Escalation
from crisisroom.report.contract_people import cadence_json, deadline_json, escalation_json
from crisisroom.room import Acted, cadences, deadlines, escalations, reading


async def _deadlines(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = paged(list(incident.deadlines.values()), args, lambda one: one.id)
    now = context.clock.now()
    at = in_zone(incident.zone, now)
    context.show(
        lambda: [deadline_json(one, now) for one in shown],
        lambda: (
            [line for one in shown for line in _deadline_lines(incident, one, at, now)]
            or ["no legal duties"]
        ),
    )
    return 0


def _deadline_lines(
    incident: Incident, duty: DeadlineState, at: At, now: datetime
) -> Iterator[str]:
    role = incident.roles.get(duty.role)
    who = f" ({(role.holder or role.title) if role else duty.role})" if duty.role else ""
    notes = f": waits for {duty.waiting_for}" if duty.waiting_for else ""
    if duty.due_at and duty.state == "running":
        left = minutes(duty.due_at - now)
        notes = f": due {at(duty.due_at)}, " + (f"{left} late" if now >= duty.due_at else left)
    elif duty.closed_at:
        notes = f": {at(duty.closed_at)} {duty.closed_by}: {one_line(duty.words)}"
    yield f"{duty.state:10} {duty.id}  {one_line(duty.title)}{who}{notes}"
    if duty.law:
        yield f"  law: {one_line(duty.law)}"


async def _met(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await deadlines.met(
        room,
        args.inc,
        args.deadline,
        words(args.words),
        **beside(context, args),
        command_id=context.options.command_id,
    )
    return _deadline_changed(context, acted, args.deadline)


async def _waive(context: Context, args: Namespace) -> int:
    acted = await deadlines.waive(
        await context.here(),
        args.inc,
        args.deadline,
        words(args.reason),
        not_applicable=args.not_applicable,
        command_id=context.options.command_id,
    )
    return _deadline_changed(context, acted, args.deadline)


def _deadline_changed(context: Context, acted: Acted, name: str) -> int:
    now = context.clock.now()
    return context.acted(acted, lambda: deadline_json(acted.incident.deadlines[name], now))


async def _cadences(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = paged(incident.plan.cadences, args, lambda one: one.id)
    now = context.clock.now()
    at = in_zone(incident.zone, now)
    context.show(
        lambda: [cadence_json(incident, one, now) for one in shown],
        lambda: [_cadence_line(incident, one, at, now) for one in shown] or ["no updates are owed"],
    )
    return 0


def _cadence_line(incident: Incident, cadence: Cadence, at: At, now: datetime) -> str:
    due = next_update_at(incident, cadence) if incident.status == "open" else None
    notes = ["nothing is owed" if due is None else f"due {at(due)}"]
    if due is not None:
        left = minutes(due - now)
        notes.append(f"{left} late" if now >= due else f"in {left}" if left != "now" else left)
    last = last_update(incident, cadence.audience)
    notes.append(f"last said {at(last)}" if last else "nothing said yet")
    snooze = incident.snoozes.get(cadence.id)
    if snooze and snooze.until == due:
        notes.append(f"put off by {snooze.by}: {one_line(snooze.reason)}")
    return f"{cadence.id}  to {cadence.audience}, {cadence.statement}: {', '.join(notes)}"


async def _snooze(context: Context, args: Namespace) -> int:
    acted = await cadences.snooze(
        await context.here(),
        args.inc,
        args.cadence,
        seconds_of(args.span),
        args.reason,
        command_id=context.options.command_id,
    )
    cadence = next(one for one in acted.incident.plan.cadences if one.id == args.cadence)
    now = context.clock.now()
    return context.acted(acted, lambda: cadence_json(acted.incident, cadence, now))


async def _escalations(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = paged(incident.plan.escalations, args, lambda one: one.id)
    at = in_zone(incident.zone, context.clock.now())
    context.show(
        lambda: [escalation_json(incident, one) for one in shown],
        lambda: [_escalation_line(incident, one, at) for one in shown] or ["no escalations"],
    )
    return 0


def _escalation_line(incident: Incident, plan: Escalation, at: At) -> str:
    run = incident.escalations.get(plan.id)
    if run is None:
        told = "not begun"
    elif run.next_at is not None:
        names = {one.id: one.name for one in incident.plan.contacts}
        called = ", ".join(names.get(one, one) for one in run.called) or "nobody yet"
        told = f"round {run.round}, called {called}; the next call is at {at(run.next_at)}"
    elif run.acknowledged_at:
        told = f"{run.acknowledged_by} acknowledged it {at(run.acknowledged_at)}"
    else:
        told = "everybody was called, nobody answered"
    why = f" ({one_line(run.why)})" if run and run.why else ""
    return f"{plan.id}  {one_line(plan.title)}: {told}{why}"


async def _escalate(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await escalations.start(
        room, args.inc, args.escalation, args.why, command_id=context.options.command_id
    )
    code = _escalated(context, acted)
    if not context.options.json:
        run = acted.incident.escalations[acted.entry.data["escalation"]]
        rungs = ladder(acted.incident.plan, context.clock.now(), acted.incident, room.config.zone)
        for rung in rungs:
            if rung.contact.id in run.called:
                ways = ", ".join(f"{way.by} {way.to}" for way in rung.contact.reach)
                say_all([f"  call {rung.contact.name}: {ways} ({hours_words(rung)})"])
    return code


async def _ack(context: Context, args: Namespace) -> int:
    room = await context.here()
    named, said = _named(await reading.incident(room, args.inc), args.words)
    acted = await escalations.acknowledge(
        room, args.inc, named, said, command_id=context.options.command_id
    )
    return _escalated(context, acted)


def _named(incident: Incident, given: list[str]) -> tuple[str, str]:
    """Tell an escalation's id at the front from the words that follow it."""
    if given and any(plan.id == given[0] for plan in incident.plan.escalations):
        return given[0], words(given[1:])
    return "", words(given)


def _escalated(context: Context, acted: Acted) -> int:
    name = acted.entry.data["escalation"]
    plan = next(one for one in acted.incident.plan.escalations if one.id == name)
    return context.acted(acted, lambda: escalation_json(acted.incident, plan))


_DEADLINE = arg("deadline", "the deadline's id, as crisisroom deadline list shows it")

VERBS = {
    "deadline list": Verb(_deadlines, PAGING, incident=True, over_key=READS),
    "deadline met": Verb(
        _met,
        takes(_DEADLINE, text("words", "who was told, which way, the file number"), BESIDE),
        incident=True,
        over_key=ACTS,
    ),
    "deadline waive": Verb(
        _waive,
        takes(
            _DEADLINE,
            text("reason", "who decided it, and why"),
            flag("--not-applicable", "this law does not apply here, so it need not begin"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "cadence list": Verb(_cadences, PAGING, incident=True, over_key=READS),
    "cadence snooze": Verb(
        _snooze,
        takes(
            arg("cadence", "the cadence's id, as crisisroom cadence list shows it"),
            arg("span", "for how long: 15m"),
            arg("--reason", "why it can wait", required=True, metavar="WORDS"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "escalate": Verb(
        _escalate,
        takes(
            arg("escalation", "which one; may be left out for the only one", nargs="?", default=""),
            option("--why", "why now", metavar="WORDS"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "escalation list": Verb(_escalations, PAGING, incident=True, over_key=READS),
    "escalation ack": Verb(
        _ack,
        text("words", "which one, where several run; and what to note", optional=True),
        incident=True,
        over_key=ACTS,
    ),
}
