"""Enquiries: what media, authorities and partners want to know, and by when."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.cli.saidof import BESIDE, beside
from crisisroom.core.clocks import minutes
from crisisroom.core.incident import Enquiry
from crisisroom.core.later import later
from crisisroom.report.contract_people import enquiry_json
from crisisroom.room import Acted, enquiries, reading


async def _list(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    every = [one for one in incident.enquiries.values() if not args.open or one.state == "open"]
    shown = paged(every, args, lambda one: one.id)
    now = context.clock.now()
    at = in_zone(incident.zone, now)
    context.show(
        lambda: [enquiry_json(one) for one in shown],
        lambda: [line for one in shown for line in _lines(one, at, now)] or ["no enquiries"],
    )
    return 0


def _lines(asked: Enquiry, at: At, now: datetime) -> list[str]:
    who = f"{asked.name}, {asked.outlet}" if asked.name else asked.outlet
    notes = [asked.sort, asked.owner or "nobody"]
    if asked.due_at and asked.state == "open":
        late = f", {minutes(now - asked.due_at)} late" if now >= asked.due_at else ""
        notes.append(f"due {at(asked.due_at)}{late}")
    head = f"{asked.state:8} {asked.id}  {one_line(who)} ({', '.join(notes)})"
    lines = [f"{head}: {one_line(asked.question)}"]
    if asked.reach:
        lines.append(f"  reach: {one_line(asked.reach)}")
    if asked.answer and asked.answered_at:
        said = f"{asked.answered_by} {at(asked.answered_at)}: {one_line(asked.answer)}"
        lines.append(f"  answered by {said}")
    return lines


def _changed(context: Context, acted: Acted, enquiry_id: str) -> int:
    return context.acted(acted, lambda: enquiry_json(acted.incident.enquiries[enquiry_id]))


async def _add(context: Context, args: Namespace) -> int:
    room = await context.here()
    zone = room.config.zone
    acted = await enquiries.add(
        room,
        args.inc,
        args.sort,
        args.outlet,
        words(args.question),
        name=args.name,
        reach=args.reach,
        due_at=later(args.due, context.clock.now(), zone) if args.due else None,
        **beside(context, args),
        command_id=context.options.command_id,
    )
    return _changed(context, acted, acted.entry.data["enquiry"])


async def _assign(context: Context, args: Namespace) -> int:
    room = await context.here()
    name, command_id = args.enquiry.upper(), context.options.command_id
    acted = await enquiries.assign(room, args.inc, name, args.person, command_id=command_id)
    return _changed(context, acted, name)


async def _answer(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await enquiries.answer(
        room,
        args.inc,
        args.enquiry.upper(),
        words(args.answer),
        **beside(context, args),
        command_id=context.options.command_id,
    )
    return _changed(context, acted, args.enquiry.upper())


async def _close(context: Context, args: Namespace) -> int:
    room = await context.here()
    name, command_id = args.enquiry.upper(), context.options.command_id
    why = words(args.reason)
    acted = await enquiries.close(room, args.inc, name, why, command_id=command_id)
    return _changed(context, acted, name)


_ENQUIRY = arg("enquiry", "the enquiry's id: EQ-1")

VERBS = {
    "enquiry list": Verb(
        _list,
        takes(flag("--open", "only what is not answered"), PAGING),
        incident=True,
        over_key=READS,
    ),
    "enquiry add": Verb(
        _add,
        takes(
            text("question", "what they ask, in their words"),
            arg(
                "--from",
                "who asks: media, an authority or a partner",
                dest="sort",
                choices=enquiries.SORTS,
                default="media",
            ),
            arg("--outlet", "the paper, authority or partner", required=True, metavar="NAME"),
            option("--name", "the person who asks", metavar="NAME"),
            option("--reach", "how to get back to them", metavar="WAY"),
            option("--due", "their deadline: +2h, 17:30 or '2026-11-23 09:00'", metavar="TIME"),
            BESIDE,
        ),
        incident=True,
        over_key=ACTS,
    ),
    "enquiry assign": Verb(
        _assign, takes(_ENQUIRY, arg("person", "who answers it")), incident=True, over_key=ACTS
    ),
    "enquiry answer": Verb(
        _answer,
        takes(_ENQUIRY, text("answer", "what they were told"), BESIDE),
        incident=True,
        over_key=ACTS,
    ),
    "enquiry close": Verb(
        _close,
        takes(_ENQUIRY, text("reason", "why, where nobody answered", optional=True)),
        incident=True,
        over_key=ACTS,
    ),
}
