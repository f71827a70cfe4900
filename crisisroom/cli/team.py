"""Whom to call: the phone ladder, on screen and as a file for when nothing else works."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import write_files
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.overkey import READS, prints
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Call, Incident
from crisisroom.core.ladder import Rung, hours_words, ladder
from crisisroom.core.playbook import Playbook
from crisisroom.core.terms import zone_of
from crisisroom.report.contract_people import rung_json
from crisisroom.room import reading
from crisisroom.text import clean

_NO_ROOM = ("no-incident", "no-room")
_OUTCOMES = {"reached": "reached", "message": "message left", "no-answer": "no answer"}


async def _team(context: Context, args: Namespace) -> int:
    now = context.clock.now()
    if args.playbook:
        if args.inc:
            raise Usage("usage", "an incident has its own plan: leave --playbook out")
        incident, plan, zone = None, context.playbook(args.playbook), context.team_zone()
    else:
        incident = await _incident(context, args.inc)
        plan, zone = incident.plan, incident.zone
    rungs = ladder(plan, now, incident, zone)
    at = in_zone(zone, now)
    lines = list(
        _page(plan, incident, rungs, at, f"{now.astimezone(zone_of(zone)):%Y-%m-%d %H:%M} {zone}")
    )
    if args.output:
        text = "".join(f"{clean(line, limit=2000)}\n" for line in lines)
        write_files({Path(args.output): text.encode()}, force=args.force)
        lines = [f"wrote {args.output}: {len(rungs)} contacts"]
    context.show(lambda: [rung_json(rung) for rung in rungs], lambda: lines)
    return 0


async def _incident(context: Context, inc: str) -> Incident:
    try:
        return await reading.incident(await context.here(), inc)
    except Refused as refusal:
        if refusal.code not in _NO_ROOM:
            raise
        hint = "name a playbook: crisisroom team --playbook product-defect"
        raise Usage(refusal.code, refusal.message, hint) from refusal


def _page(
    plan: Playbook, incident: Incident | None, rungs: Sequence[Rung], at: At, when: str
) -> Iterator[str]:
    case = f"{incident.id} {one_line(incident.title)}, " if incident else ""
    yield f"phone ladder: {case}playbook {plan.id} version {plan.version}, as of {when}"
    yield "call from the top; the ways to reach somebody are in the order to try them"
    for number, rung in enumerate(rungs, 1):
        yield ""
        head, *rest = rung_lines(rung, at)
        yield f"{number}. {head}"
        yield from rest
    if not rungs:
        yield "no contacts"


def rung_lines(rung: Rung, at: At) -> Iterator[str]:
    """Yield a contact of the ladder: who, which ways, when, the attempts so far."""
    contact = rung.contact
    held = f", now {', '.join(rung.holds)}" if rung.holds else ""
    yield f"{contact.id}  {one_line(contact.name)}: {one_line(rung.place)}{held}"
    yield from (f"  {way.by}: {way.to}" for way in contact.reach)
    yield f"  {hours_words(rung)}; there it is {rung.local:%a %H:%M} ({rung.zone})"
    if rung.opening.now is not None:
        yield f"  hours: {one_line(contact.hours)}"
    yield f"  language: {contact.language}"
    if contact.note:
        yield f"  {one_line(contact.note)}"
    yield from (f"  {_call_line(call, at)}" for call in rung.calls)
    if rung.stale:
        yield f"  check this: {rung.stale}"


def _call_line(call: Call, at: At) -> str:
    way = f" by {one_line(call.way)}" if call.way else ""
    note = f": {one_line(call.note)}" if call.note else ""
    return f"{at(call.at)} {call.by} called{way}, {_OUTCOMES.get(call.outcome, 'called')}{note}"


VERBS = {
    "team": Verb(
        _team,
        takes(
            option("--playbook", "the ladder of a playbook instead", metavar="ID|FILE"),
            arg(
                "-o",
                "also as a file, for when nothing else works",
                dest="output",
                default="",
                metavar="FILE",
            ),
            flag("--force", "write over what is there"),
        ),
        incident=True,
        over_key=READS.without(output=prints("-o"), force=prints("--force")).by_id("playbook"),
    ),
}
