"""How much was said, put on an incident's record by hand."""

from __future__ import annotations

from argparse import Namespace

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.overkey import ACTS
from crisisroom.report.contract import Json, plainly
from crisisroom.room import Acted, volumes


async def _count(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await volumes.count(room, args.inc, command_id=context.options.command_id)
    return context.acted(acted, lambda: volume_json(acted))


def volume_json(acted: Acted) -> Json:
    """Return what an incident knows of how much was said, hour by hour."""
    state = acted.incident
    return {"incident": state.id, "volume": [plainly(one) for one in state.volume.values()]}


VERBS = {"volume count": Verb(_count, incident=True, over_key=ACTS)}
