"""Tags of mentions and authors: what the room calls them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.cli.triage import marked, mention_id
from crisisroom.report.contract import Json, moment
from crisisroom.room import tagging
from crisisroom.room.tagging import AuthorTag


async def _tag(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    chosen = mention_id(args.mention)
    mention = await tagging.tag(
        room, chosen, args.tags, off=args.off, author=args.author, command_id=command_id
    )
    return await marked(context, room, mention)


def _id(one: AuthorTag) -> str:
    return f"{one.source}/{one.handle}/{one.tag}"


def author_json(one: AuthorTag) -> Json:
    """Return one tag of an author."""
    return {
        "id": _id(one),
        "handle": one.handle,
        "source": one.source,
        "tag": one.tag,
        "by": one.actor,
        "at": moment(one.at),
    }


def _lines(found: Sequence[AuthorTag], at: At) -> list[str]:
    return [
        f"{one_line(one.handle)} ({one_line(one.source)}) {one.tag}, {one.actor} {at(one.at)}"
        for one in found
    ]


async def _authors(context: Context, args: Namespace) -> int:
    room = await context.here()
    found = paged(await tagging.authors(room, args.tag), args, _id)
    at = in_zone(room.config.zone, context.clock.now())
    context.show(
        lambda: [author_json(one) for one in found],
        lambda: _lines(found, at) or ["no author is tagged: mention tag M-12 press"],
    )
    return 0


async def _untag(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    gone = await tagging.untag(
        room, args.handle, args.tags, source=args.source, command_id=command_id
    )
    context.show(
        lambda: [author_json(one) for one in gone],
        lambda: [f"{one_line(one.handle)} is not {one.tag}" for one in gone] or ["nothing more"],
    )
    return 0


VERBS = {
    "mention tag": Verb(
        _tag,
        takes(
            arg("mention", "the mention's id: M-12"),
            arg("tags", "what it is: troll satire; press, minor … hold for its author", nargs="+"),
            flag("--off", "it is not: take these tags off"),
            flag("--author", "they hold for all that its author writes"),
        ),
        over_key=ACTS,
    ),
    "author list": Verb(
        _authors,
        takes(option("--tag", "only those with this tag", metavar="TAG"), PAGING),
        over_key=READS,
    ),
    "author untag": Verb(
        _untag,
        takes(
            arg("handle", "the author's handle, with or without @"),
            arg("tags", "what they are not", nargs="+"),
            option("--source", "only at this source", metavar="ID"),
        ),
        over_key=ACTS,
    ),
}
