"""Tags of mentions: what the room calls them."""

from __future__ import annotations

from argparse import Namespace

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, flag, takes
from crisisroom.cli.triage import marked, mention_id
from crisisroom.room import tagging


async def _tag(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    chosen = mention_id(args.mention)
    mention = await tagging.tag(room, chosen, args.tags, off=args.off, command_id=command_id)
    return await marked(context, room, mention)


VERBS = {
    "mention tag": Verb(
        _tag,
        takes(
            arg("mention", "the mention's id: M-12"),
            arg("tags", "what it is: troll satire", nargs="+"),
            flag("--off", "it is not: take these tags off"),
        ),
    ),
}
