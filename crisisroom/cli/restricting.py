"""Restricting an incident by the command line: named people alone see that there is one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.output import say
from crisisroom.cli.overkey import ACTS
from crisisroom.cli.plain import one_line
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.report.contract import Json
from crisisroom.room import reading, restricting

FOR = arg(
    "--to",
    "who alone sees it, with whoever declared it and you: ada,ben",
    nargs="+",
    action="extend",
    default=[],
    metavar="NAME",
)


async def _restrict(context: Context, args: Namespace) -> int:
    room = await context.here()
    people, command_id = names(args.to), context.options.command_id
    if args.lift and people:
        raise Usage("restrict", "either --to NAMES or --lift")
    if args.lift:
        acted = await restricting.lift(room, args.inc, args.why, command_id=command_id)
    elif people:
        acted = await restricting.restrict(room, args.inc, people, args.why, command_id=command_id)
    else:
        return _shown(context, await reading.incident(room, args.inc))
    return context.acted(acted, lambda: restricted_json(acted.incident))


def _shown(context: Context, incident: Incident) -> int:
    if context.options.json:
        context.show(lambda: restricted_json(incident), lambda: ())
    else:
        say(for_whom(incident))
    return 0


def names(given: Sequence[str]) -> tuple[str, ...]:
    """Return the names of `ada,ben` and `ada ben`."""
    return tuple(name for one in given for name in one.split(",") if name)


def for_whom(incident: Incident) -> str:
    """Return for whom an incident is, in words."""
    if not incident.restricted_to:
        return f"{incident.id} is for everybody in the room"
    return f"{incident.id} is restricted to {one_line(', '.join(incident.restricted_to))}"


def restricted_json(incident: Incident) -> Json:
    """Return for whom an incident is; `restricted_to` is empty where it is for everybody."""
    return {"incident": incident.id, "restricted_to": list(incident.restricted_to)}


VERBS = {
    "restrict": Verb(
        _restrict,
        takes(
            FOR,
            flag("--lift", "show it to everybody in the room again"),
            option("--why", "the reason, on its timeline", metavar="REASON"),
        ),
        incident=True,
        over_key=ACTS,
    ),
}
