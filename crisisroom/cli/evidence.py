"""Evidence by the command line: posts as they were seen, their pictures, and files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.evidence_lines import (
    item_json,
    item_line,
    item_lines,
    not_kept_line,
    picture_json,
    seen_json,
    seen_lines,
)
from crisisroom.cli.files import write_files
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes
from crisisroom.cli.output import document, say, say_all
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import in_zone
from crisisroom.cli.triage import mention_id
from crisisroom.core.errors import Refused, Usage
from crisisroom.report.contract import Json, plainly
from crisisroom.room import Room, evidence, reading
from crisisroom.room.evidence import Item, Picture
from crisisroom.room.handed_in import read_files
from crisisroom.room.pictures import size_words


async def _list(context: Context, args: Namespace) -> int:
    room = await context.here()
    if args.missing:
        return await _missing(context, room, args)
    items = await evidence.listed(room, args.inc) if args.inc else await evidence.in_room(room)
    shown = paged(items, args, _id)
    at = in_zone(room.config.zone, context.clock.now())
    none = f"{args.inc.upper()} has no evidence yet" if args.inc else "no evidence is kept yet"
    waits = await evidence.not_kept(room, args.inc) if args.inc else ()
    context.show(
        lambda: [item_json(one) for one in shown],
        lambda: [
            *([item_line(one, at) for one in shown] or [none]),
            *(not_kept_line(one) for one in waits),
        ],
    )
    return 0


async def _missing(context: Context, room: Room, args: Namespace) -> int:
    waits = paged(await evidence.not_kept(room, args.inc), args, _picture_id)
    context.show(
        lambda: [_missing_json(one) for one in waits],
        lambda: [not_kept_line(one) for one in waits] or ["all pictures of its posts are kept"],
    )
    return 0


def _missing_json(one: Picture) -> Json:
    return {"id": _picture_id(one), "mention": f"M-{one.mention}"} | picture_json(one, None)


def _picture_id(one: Picture) -> str:
    return f"M-{one.mention}:{one.number}"


def _id(item: Item) -> str:
    return item.sha256


async def _show(context: Context, args: Namespace) -> int:
    room = await context.here()
    at = in_zone(room.config.zone, context.clock.now())
    if args.what.upper().startswith("M-"):
        seen = await evidence.of_mention(room, mention_id(args.what))
        context.show(lambda: seen_json(seen), lambda: seen_lines(seen, at))
        return 0
    item = await evidence.one(room, args.what)
    context.show(lambda: item_json(item), lambda: item_lines(item, at))
    return 0


async def _add(context: Context, args: Namespace) -> int:
    found = await read_files(args.files)
    acted = await evidence.add(
        await context.here(),
        args.inc,
        found,
        about=mention_id(args.about) if args.about else "",
        words=args.note,
        command_id=context.options.command_id,
    )

    def thing() -> Json:
        kept = [entry for entry in acted.entries if acted.changed]
        return {
            "incident": acted.incident.id,
            "evidence": [
                {key: entry.data[key] for key in ("sha256", "size", "media", "name", "mention")}
                for entry in kept
                if entry.kind == "evidence.kept"
            ],
        }

    return context.acted(acted, thing)


async def _save(context: Context, args: Namespace) -> int:
    item, data = await evidence.content(await context.here(), args.sha256)
    _write(args.output, data)
    size = size_words(len(data))
    context.show(
        lambda: {"sha256": item.sha256, "file": args.output, "size": len(data)},
        lambda: [f"wrote {args.output}: {item.media}, {size}, never opened here"],
    )
    return 0


def _write(output: str, data: bytes) -> None:
    """Write a new file where the caller says and nowhere else; a stranger's name is no path."""
    target = Path(output)
    if target.is_dir():
        raise Usage("output", f"{output} is a folder", "-o FILE names the file itself")
    try:
        write_files({target: data})
    except Refused as refusal:
        if refusal.code == "exists":  # there is no --force here
            raise Refused("exists", refusal.message, "name another file") from None
        raise


async def _check(context: Context, args: Namespace) -> int:
    room = await context.here()
    problems = await evidence.check(room, args.inc)
    if context.options.json:
        document({"ok": not problems, "problems": [plainly(one) for one in problems]})
    elif problems:
        say_all(str(one) for one in problems)
    else:
        say(await _sound(room, args.inc))
    return 1 if problems else 0


async def _sound(room: Room, inc: str) -> str:
    if not inc:
        return "the room: all its evidence is as it was kept"
    state = await reading.incident(room, inc)
    count = len(state.evidence)
    things = "1 kept thing" if count == 1 else f"{count} kept things"
    return f"{state.id}: {things}, and the words of what is linked, are as they were"


def _output(parser: ArgumentParser) -> None:
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the new file")


_SHA = arg("sha256", "its sha256, or the first 8 digits and more")

VERBS = {
    "evidence list": Verb(
        _list,
        takes(flag("--missing", "the pictures of linked posts that are not here, and why"), PAGING),
        incident=True,
        over_key=READS,
    ),
    "evidence show": Verb(_show, arg("what", "a post, M-12, or a sha256"), over_key=READS),
    "evidence add": Verb(
        _add,
        takes(
            arg("files", "the files; they are kept, and never opened", nargs="+"),
            option("--about", "the post they belong to", metavar="M-n"),
            option("--note", "what they are", metavar="WORDS"),
        ),
        incident=True,
    ),
    "evidence save": Verb(
        _save,
        takes(_SHA, _output),
    ),
    "evidence check": Verb(_check, incident=True, over_key=READS),
}
