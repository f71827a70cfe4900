"""What people count on: promises in replies, and talks that went on in private."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import AT, PAGING, arg, flag, option, paged, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.core.clocks import minutes
from crisisroom.core.incident import Incident
from crisisroom.core.later import later
from crisisroom.core.promises import Thread, is_said, made, threads, whom
from crisisroom.core.said import Promise
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import Json, moment
from crisisroom.room import Acted, privately, promising, reading


def promise_json(incident: Incident, one: Promise, now: datetime) -> Json:
    """Return a promise; `said` tells whether its reply went out, `overdue` whether it is late."""
    linked = incident.mentions.get(one.mention)
    running = one.state == "open" and made(incident, one)
    return {
        "id": one.id,
        "reply": one.reply,
        "mention": linked.id if linked else "",
        "to": whom(incident, one),
        "words": one.words,
        "due_at": moment(one.due_at),
        "overdue": running and one.due_at is not None and now >= one.due_at,
        "owner": one.owner,
        "ticket": one.ticket,
        "state": one.state,
        "said": is_said(incident, one),
        "by": one.by,
        "at": stamp(one.at),
        "closed_at": moment(one.closed_at),
        "closed_by": one.closed_by,
        "outcome": one.outcome,
    }


def thread_json(one: Thread) -> Json:
    """Return a talk in private; `reply` is what moved it there, `outcome` what came of it."""
    return {
        "mention": one.mention,
        "handle": one.handle,
        "by": one.by,
        "since": moment(one.since),
        "reply": one.reply,
        "state": "open" if one.open else "closed",
        "outcome": one.outcome,
    }


async def _promises(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    every = [one for one in incident.promised.values() if not args.open or one.state == "open"]
    shown = paged(every, args, lambda one: one.id)
    now = context.clock.now()
    at = in_zone(incident.zone, now)
    context.show(
        lambda: [promise_json(incident, one, now) for one in shown],
        lambda: (
            [line for one in shown for line in _promise_lines(incident, one, at, now)]
            or ["no promises"]
        ),
    )
    return 0


def _promise_lines(incident: Incident, one: Promise, at: At, now: datetime) -> list[str]:
    notes = [one.owner]
    if one.due_at and one.state == "open":
        late = f", {minutes(now - one.due_at)} late" if now >= one.due_at else ""
        notes.append(f"due {at(one.due_at)}{late}")
    if not made(incident, one):
        notes.append(f"{one.reply} was withdrawn")
    elif not is_said(incident, one):
        notes.append(f"{one.reply} is not out yet")
    head = f"{one.state:8} {one.id}  {one.reply} to {one_line(whom(incident, one))}"
    lines = [f"{head} ({', '.join(notes)}): {one_line(one.words)}"]
    if one.ticket:
        lines.append(f"  ticket: {one.ticket}")
    if one.closed_at:
        told = f": {one_line(one.outcome)}" if one.outcome else ""
        lines.append(f"  {one.state} by {one.closed_by} {at(one.closed_at)}{told}")
    return lines


def _changed(context: Context, acted: Acted, promise_id: str) -> int:
    now, after = context.clock.now(), acted.incident
    return context.acted(acted, lambda: promise_json(after, after.promised[promise_id], now))


async def _add(context: Context, args: Namespace) -> int:
    room = await context.here()
    now, zone = context.clock.now(), room.config.zone
    acted = await promising.add(
        room,
        args.inc,
        args.reply.upper(),
        words(args.words),
        due_at=later(args.due, now, zone) if args.due else None,
        owner=args.owner,
        ticket=args.ticket,
        command_id=context.options.command_id,
    )
    return _changed(context, acted, acted.entry.data["promise"])


async def _keep(context: Context, args: Namespace) -> int:
    acted = await promising.keep(
        await context.here(),
        args.inc,
        args.promise.upper(),
        words(args.words),
        at=context.moment(args.at),
        command_id=context.options.command_id,
    )
    return _changed(context, acted, args.promise.upper())


async def _drop(context: Context, args: Namespace) -> int:
    room = await context.here()
    name, command_id = args.promise.upper(), context.options.command_id
    acted = await promising.drop(room, args.inc, name, words(args.reason), command_id=command_id)
    return _changed(context, acted, name)


async def _threads(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    every = [one for one in threads(incident) if args.all or one.open]
    shown = paged(every, args, lambda one: one.mention)
    now = context.clock.now()
    at = in_zone(incident.zone, now)
    context.show(
        lambda: [thread_json(one) for one in shown],
        lambda: [_thread_line(one, at, now) for one in shown] or ["nothing goes on in private"],
    )
    return 0


def _thread_line(one: Thread, at: At, now: datetime) -> str:
    notes = [one.by or "nobody"]
    if one.since:
        notes.append(f"since {at(one.since)}, {minutes(now - one.since)}")
    if one.reply:
        notes.append(f"by {one.reply}")
    came = f": {one_line(one.outcome)}" if one.outcome else ""
    state = "open" if one.open else "closed"
    return f"{state:8} {one.mention}  {one_line(one.handle)} ({', '.join(notes)}){came}"


async def _close(context: Context, args: Namespace) -> int:
    room = await context.here()
    name, command_id = args.mention.upper(), context.options.command_id
    acted = await privately.close(room, args.inc, name, words(args.outcome), command_id=command_id)
    return context.acted(acted, lambda: thread_json(acted.thing))


_PROMISE = arg("promise", "the promise's id: P-1")

VERBS = {
    "promise list": Verb(
        _promises,
        takes(flag("--open", "only what is not kept yet"), PAGING),
        incident=True,
        over_key=READS,
    ),
    "promise add": Verb(
        _add,
        takes(
            arg("reply", "the reply that promises it: R-3"),
            text("words", "what we said we would do"),
            option("--due", "until when: +2h, 17:30 or '2026-11-23 09:00'", metavar="TIME"),
            option("--owner", "who sees to it: a person or a role; else you", metavar="NAME"),
            option("--ticket", "the link of a ticket", metavar="URL"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "promise keep": Verb(
        _keep,
        takes(_PROMISE, text("words", "what came of it", optional=True), AT),
        incident=True,
        over_key=ACTS,
    ),
    "promise drop": Verb(
        _drop,
        takes(_PROMISE, text("reason", "why, and what they were told")),
        incident=True,
        over_key=ACTS,
    ),
    "private list": Verb(
        _threads,
        takes(flag("--all", "also those with their outcome"), PAGING),
        incident=True,
        over_key=READS,
    ),
    "private close": Verb(
        _close,
        takes(arg("mention", "the mention's id: M-12"), text("outcome", "what came of it")),
        incident=True,
        over_key=ACTS,
    ),
}
