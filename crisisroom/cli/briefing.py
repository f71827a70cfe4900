"""The brief: one page for who joins now."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import option
from crisisroom.cli.plain import clock_line, in_zone, one_line
from crisisroom.core.brief import Brief, brief
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.report.contract_people import brief_json
from crisisroom.room import reading
from crisisroom.room.pausing import with_list

_ALWAYS = {"needed from you": "nothing", "what we said": "nothing yet"}


async def _brief(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    if args.role and args.role not in incident.roles:
        known = ", ".join(incident.roles)
        raise Usage("role", f"{incident.id} has no role {args.role}", f"one of {known}")
    whole = with_list(incident, room.config)
    told = brief(whole, context.clock.now(), room.actor.name, args.role)
    context.show(
        lambda: brief_json(told, args.role or room.actor.name),
        lambda: brief_lines(context, incident, told),
    )
    return 0


def brief_lines(context: Context, incident: Incident, told: Brief) -> Iterator[str]:
    """Yield a brief as plain lines; parts with nothing in them are left out."""
    now = context.clock.now()
    at = in_zone(incident.zone, now)
    running = tuple(clock_line(one, at, now) for one in told.clocks)
    for title, lines in (*told.parts(), ("clocks", running)):
        shown = lines or tuple(filter(None, [_ALWAYS.get(title, "")]))
        if shown:
            yield f"{title}:"
            yield from (f"  {one_line(line)}" for line in shown)


VERBS = {"brief": Verb(_brief, option("--role", "for whoever takes this role"), incident=True)}
