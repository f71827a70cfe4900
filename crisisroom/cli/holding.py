"""Holding an incident by the command line: nothing it cites may go."""

from __future__ import annotations

from argparse import Namespace

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, paged, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.core.incident import Incident
from crisisroom.report.contract import Json, moment
from crisisroom.room import Acted, holding


async def _set(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    return _said(
        context, await holding.set_hold(room, args.inc, words(args.words), command_id=command_id)
    )


async def _lift(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    return _said(
        context, await holding.lift(room, args.inc, words(args.words), command_id=command_id)
    )


def _said(context: Context, acted: Acted) -> int:
    return context.acted(acted, lambda: held_json(acted.incident))


async def _list(context: Context, args: Namespace) -> int:
    room = await context.here()
    shown = paged(await holding.held_incidents(room), args, _id)
    at = in_zone(room.config.zone, context.clock.now())
    context.show(
        lambda: [held_json(one) for one in shown],
        lambda: (
            [f"{one.id} {one_line(one.title)}: {hold_line(one, at)}" for one in shown]
            or ["nothing is on hold"]
        ),
    )
    return 0


def _id(incident: Incident) -> str:
    return incident.id


def hold_line(incident: Incident, at: At) -> str:
    """Return since when an incident is on hold, by whom, and why; empty where it is not."""
    held = incident.hold
    return f"on hold since {at(held.at)} by {held.by}: {one_line(held.words)}" if held else ""


def held_json(incident: Incident) -> Json:
    """Return an incident's hold; `held` is false, and the rest empty, where it has none."""
    held = incident.hold
    return {
        "incident": incident.id,
        "held": held is not None,
        "by": held.by if held else "",
        "at": moment(held.at if held else None),
        "words": held.words if held else "",
    }


VERBS = {
    "hold set": Verb(_set, text("words", "why nothing of it may go"), incident=True, over_key=ACTS),
    "hold lift": Verb(_lift, text("words", "why it may"), incident=True, over_key=ACTS),
    "hold list": Verb(_list, takes(PAGING), over_key=READS),
}
