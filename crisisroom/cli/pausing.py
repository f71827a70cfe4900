"""The pause list: what speaks for us by itself, made quiet and resumed."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import get_args

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import AT, PAGING, arg, flag, paged, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.core.errors import Usage
from crisisroom.core.pausing import keepers
from crisisroom.core.said import PauseState
from crisisroom.report.contract import Json, moment
from crisisroom.room import Acted, Room, pausing, reading


def pause_json(item: PauseState) -> Json:
    """Return one item of the pause list and what was said of it last."""
    return {
        "id": item.id,
        "title": item.title,
        "kind": item.kind,
        "owner": item.owner,
        "backup": item.backup,
        "hook": item.hook,
        "detail": item.detail,
        "state": item.state,
        "by": item.by,
        "at": moment(item.at),
        "words": item.words,
        "by_hook": item.by_hook,
    }


async def _list(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    shown = paged(await pausing.listed(room, incident.id), args, lambda item: item.id)
    at = in_zone(incident.zone, context.clock.now())
    context.show(
        lambda: [pause_json(item) for item in shown],
        lambda: [line for item in shown for line in _lines(item, at)] or [_EMPTY],
    )
    return 0


_EMPTY = "nothing is on the list: pauses: in crisisroom.yaml says what speaks for us by itself"


def _lines(item: PauseState, at: At) -> list[str]:
    notes = [item.kind, keepers(item) or "nobody", *([f"hook {item.hook}"] if item.hook else [])]
    head = f"{item.state.replace('_', ' '):10} {item.id}  {one_line(item.title)}"
    said = (
        f": {at(item.at)} {item.by}" + (" by its hook" if item.by_hook else "") if item.at else ""
    )
    line = f"{head} ({', '.join(notes)}){said}"
    lines = [f"{line}: {one_line(item.words)}" if item.words else line]
    if item.detail and item.state in ("running", "failed"):
        lines.append(f"  by hand: {one_line(item.detail)}")
    return lines


async def _set(context: Context, args: Namespace) -> int:
    acted = await pausing.confirm(
        await context.here(),
        args.inc,
        args.item,
        args.state,
        words(args.words),
        at=context.moment(args.at),
        command_id=context.options.command_id,
    )
    return context.acted(acted, lambda: pause_json(acted.thing[0]))


async def _run(context: Context, args: Namespace) -> int:
    if bool(args.items) == args.all:
        raise Usage("items", "which ones?", "name them, or say --all")
    acted = await pausing.run(
        await context.here(), args.inc, args.items, command_id=context.options.command_id
    )
    return _came(context, acted, "paused")


async def _resume(context: Context, args: Namespace) -> int:
    room = await context.here()
    items, reason = ([], args.words) if args.all else await _named(room, args.inc, args.words)
    acted = await pausing.resume(
        room,
        args.inc,
        words(reason),
        items,
        by_hand=args.by_hand,
        command_id=context.options.command_id,
    )
    return _came(context, acted, "resumed")


async def _named(room: Room, inc: str, given: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell the items at the front from the reason that follows them."""
    state = pausing.with_list(await reading.incident(room, inc), room.config)
    count = next((n for n, word in enumerate(given) if word not in state.pauses), len(given))
    if not count:
        known = ", ".join(state.pauses) or "nothing is on the list"
        raise Usage("unknown-item", f"{given[0]} is not on the pause list", f"{known}; or --all")
    return list(given[:count]), list(given[count:])


def _came(context: Context, acted: Acted, hoped: str) -> int:
    """Print what became of several items; not all of them as hoped is a failure."""
    context.acted(acted, lambda: {"pauses": [pause_json(item) for item in acted.thing]})
    return 0 if all(item.state == hoped for item in acted.thing) else 1


VERBS = {
    "pause list": Verb(_list, PAGING, incident=True, over_key=READS),
    "pause set": Verb(
        _set,
        takes(
            arg("item", "the item's id, as crisisroom pause list shows it"),
            arg("state", "what is so now", choices=get_args(pausing.Said)),
            text("words", "how, or why not", optional=True),
            AT,
        ),
        incident=True,
        over_key=ACTS,
    ),
    "pause run": Verb(
        _run,
        takes(
            arg("items", "the ids of what to pause by its hook", nargs="*"),
            flag("--all", "all that have a hook and are not paused yet"),
        ),
        incident=True,
    ),
    "pause resume": Verb(
        _resume,
        takes(
            text("words", "the ids of what speaks again, unless --all is given; then the reason"),
            flag("--all", "everything that is paused"),
            flag("--by-hand", "call no hooks: the owners do it"),
        ),
        incident=True,
        over_key=ACTS,
    ),
}
