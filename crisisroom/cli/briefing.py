"""The brief: one page for who joins now."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, option, takes
from crisisroom.cli.overkey import READS
from crisisroom.core.brief import AUDIENCES, Audience, Brief, brief
from crisisroom.core.briefs.layout import text
from crisisroom.core.errors import Usage
from crisisroom.report.contract_people import brief_json
from crisisroom.room import reading
from crisisroom.room.access import access_of
from crisisroom.room.pausing import with_list


async def _brief(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    if args.role and args.role not in incident.roles:
        known = ", ".join(incident.roles)
        raise Usage("role", f"{incident.id} has no role {args.role}", f"one of {known}")
    whole = with_list(incident, room.config)
    own: Audience = "exec" if access_of(room) == "executive" else ""
    audience: Audience = args.audience or own
    told = brief(whole, context.clock.now(), room.actor.name, args.role, audience)
    context.show(lambda: brief_json(told, args.role or room.actor.name), lambda: brief_lines(told))
    return 0


def brief_lines(told: Brief) -> Iterator[str]:
    """Yield a brief as plain lines; parts with nothing in them are left out."""
    yield from text(told)


VERBS = {
    "brief": Verb(
        _brief,
        takes(
            option("--role", "for whoever takes this role"),
            arg(
                "--for",
                "what these need to read, in their order",
                dest="audience",
                choices=AUDIENCES,
                default="",
            ),
        ),
        incident=True,
        over_key=READS,
    )
}
